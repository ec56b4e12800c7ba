"""Deciding what is due: slots derived from the calendar, releases opened, pages laid out.

Everything here may run twice, in two processes, at once: the ledger lets one win, and what is
already done is found done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from publisher.delivery.mould import mould_of
from publisher.delivery.office import Office
from publisher.delivery.plan import Act, Decision, Reason, clock_problem, decisions, not_ready
from publisher.delivery.ports import Alert, Prepared, Serial
from publisher.model.calendar import Entry, Standing, coming
from publisher.model.history import History
from publisher.model.ledger import Proposal
from publisher.model.problem import Fault, Place, Problem, Severity, stops
from publisher.model.release import Recipients, Release, ReleaseState

NOTHING_READY = Fault(
    "delivery/nothing-ready",
    Severity.WARNING,
    "Nothing is ready for {series} at {slot}.",
    "Finish the episode and set `status: ready`, or add the date to `skip` in series.toml.",
)
NOT_PREPARED = Fault(
    "delivery/not-prepared",
    Severity.ERROR,
    "{episode} cannot go out at {slot}: {problems} to mend.",
    "Run `publisher check` and mend what it says.",
)
HELD_NOT_READY = Fault(
    "delivery/held-not-ready",
    Severity.ERROR,
    "The slot {slot} of {series} passed, because no episode was ready.",
    "Run `publisher publish` for the episode when it is ready; otherwise it takes the next slot.",
)
HELD_MISSED = Fault(
    "delivery/held-missed",
    Severity.ERROR,
    "{episode} missed its slot {slot} and waits for you.",
    "Run `publisher publish {episode} --now`, or `publisher cancel {episode}` to let it take the next slot.",
)
SKIPPED = Fault(
    "delivery/slot-skipped",
    Severity.WARNING,
    "The slot {slot} of {series} was skipped.",
    "Nothing need be done: the next episode takes the next slot.",
)
CANNOT_CUT = Fault(
    "delivery/cannot-cut",
    Severity.ERROR,
    "The mail cannot be made out to its readers: {reason}.",
    "Look at the mail templates of this publication: a token of the reader's own was changed or torn.",
)
NOT_LAID_OUT = Fault(
    "delivery/not-laid-out",
    Severity.ERROR,
    "The pages of {episode} could not be written, so no mail leaves yet: {reason}",
    "See that the site's folder can be written; it is tried again by itself.",
)

#: Calendar entries looked at for one series in one go: far more than any downtime makes.
HORIZON = 500
NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class Decided:
    """What one look at the calendar came to; ``wake`` is the next instant worth looking again."""

    opened: tuple[Release, ...] = ()
    prepared: tuple[Release, ...] = ()
    settled: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()
    wake: datetime | None = None


@dataclass
class _Notes:
    opened: list[Release] = field(default_factory=list)
    prepared: list[Release] = field(default_factory=list)
    settled: list[Decision] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wakes: list[datetime] = field(default_factory=list)


def decide(office: Office, now: datetime) -> Decided:
    """Settle every slot whose time has come, prepare those about to come, lay out what is open.

    Raises OutsideError when the ledger is away: nothing is lost, call again.
    """
    notes = _Notes()
    wrong = clock_problem(office.releases.pulse(), now)
    if wrong is not None:
        notes.problems.append(wrong)
        office.bell.ring(Alert(f"clock {now:%Y-%m-%d}", wrong), now)
    else:
        office.releases.beat(now)
        serials = office.press.serials()
        office.releases.watch([serial.series.slug for serial in serials], now)
        for serial in serials:
            _decide_series(office, serial, now, notes)
    notes.problems += lay_out(office, now)
    return Decided(
        opened=tuple(notes.opened),
        prepared=tuple(notes.prepared),
        settled=tuple(notes.settled),
        problems=tuple(notes.problems),
        wake=min(notes.wakes, default=None),
    )


def lay_out(office: Office, now: datetime) -> list[Problem]:
    """Put the pages of open releases on the site; until that is done none of their mails leaves."""
    waiting = [
        release
        for release in office.releases.listed(
            ReleaseState.OPEN, ReleaseState.PAUSED, ReleaseState.COMPLETE
        )
        if release.laid_out is None
    ]
    if not waiting:
        return []
    problems = list(office.press.lay_out(waiting))
    if not stops(problems):
        office.releases.laid_out([release.id for release in waiting], now)
        return problems
    reason = next(p.message for p in problems if p.severity is Severity.ERROR)
    for release in waiting:
        told = NOT_LAID_OUT.at(Place(""), episode=release.name, reason=reason)
        office.bell.ring(Alert(f"not laid out {release.name}", told), now)
        problems.append(told)
    return problems


def _decide_series(office: Office, serial: Serial, now: datetime, notes: _Notes) -> None:
    """Settle one slot after another; each changes the calendar of those behind it."""
    for _ in range(HORIZON):
        settled = False
        for decision in _open_decisions(office, serial, now, notes):
            settled = _carry_out(office, serial, decision, now, notes)
            if settled:
                break
        if not settled:
            return


def _open_decisions(
    office: Office, serial: Serial, now: datetime, notes: _Notes
) -> Iterator[Decision]:
    history = office.releases.histories().get(serial.series.slug, NO_HISTORY)
    entries = list(
        islice(
            coming(serial.series, serial.episodes, history.past, history.since or now, now),
            HORIZON,
        )
    )
    _note_wake(office, entries, now, notes)
    policy = office.policy
    yield from decisions(serial.series, entries, now, policy.prepare_ahead, policy.warn_ahead)


def _note_wake(office: Office, entries: list[Entry], now: datetime, notes: _Notes) -> None:
    """The next slot is worth waking for, and the moment its preparation begins."""
    for entry in entries:
        if entry.slot.instant > now:
            ahead = entry.slot.instant - office.policy.prepare_ahead
            notes.wakes.append(ahead if ahead > now else entry.slot.instant)
            return


def _carry_out(
    office: Office, serial: Serial, decision: Decision, now: datetime, notes: _Notes
) -> bool:
    """Do what was decided; say whether the slot is settled now."""
    if decision.act is Act.WARN:
        _warn(office, decision, now, notes)
        return False
    if decision.act is Act.PREPARE:
        _prepare(office, decision, now, notes)
        return False
    if decision.act is Act.OPEN:
        prepared, problems = _proposal(office, decision)
        if prepared is not None:
            try:
                release, mine = office.releases.open(prepared, now)
            except LookupError:  # a person was quicker; the next look sees what they did
                return False
            if mine:
                notes.opened.append(release)
            return True
        notes.problems += problems
        _ring(office, _not_prepared(decision, problems), decision, now, notes)
        decision = not_ready(serial.series, decision.slot)
    _settle(office, decision, now, notes)
    return True


def _settle(office: Office, decision: Decision, now: datetime, notes: _Notes) -> None:
    standing = Standing.HELD if decision.act is Act.HOLD else Standing.SKIPPED
    mine = office.releases.settle_slot(
        decision.series, decision.slot, standing, decision.number, decision.reason, now
    )
    if not mine:
        return
    notes.settled.append(decision)
    words = {"series": decision.series, "slot": decision.slot.shown, "episode": _name(decision)}
    if standing is Standing.SKIPPED:
        fault = SKIPPED
    elif decision.reason is Reason.MISSED:
        fault = HELD_MISSED
    else:
        fault = HELD_NOT_READY
    _ring(office, fault.at(Place(""), **words), decision, now, notes)


def _prepare(office: Office, decision: Decision, now: datetime, notes: _Notes) -> None:
    """Freeze what will go out, so that the slot finds it ready; faults are known before it."""
    proposal, problems = _proposal(office, decision)
    if proposal is None:
        notes.problems += problems
        _ring(office, _not_prepared(decision, problems), decision, now, notes)
        return
    known = office.releases.find(decision.series, proposal.number)
    if known is not None and known.source == proposal.source and known.slot == proposal.slot:
        return
    release = office.releases.prepare(proposal, now)
    if release is not None:
        notes.prepared.append(release)


def _warn(office: Office, decision: Decision, now: datetime, notes: _Notes) -> None:
    told = NOTHING_READY.at(Place(""), series=decision.series, slot=decision.slot.shown)
    _ring(office, told, decision, now, notes)


def _proposal(office: Office, decision: Decision) -> tuple[Proposal | None, tuple[Problem, ...]]:
    if decision.number is None:
        raise ValueError("a slot without an episode cannot be opened")
    prepared = office.press.prepare(decision.series, decision.number, decision.slot)
    problems = (*prepared.problems, *uncut(prepared))
    if stops(problems) or not prepared.editions:
        return None, problems
    return proposal_of(prepared, decision), prepared.problems


def uncut(prepared: Prepared) -> tuple[Problem, ...]:
    """Find out before the slot whether each edition's mail can be cut for its readers."""
    try:
        for edition in prepared.editions:
            mould_of(edition.message)
    except ValueError as error:
        return (CANNOT_CUT.at(Place(""), reason=str(error)),)
    return ()


def proposal_of(prepared: Prepared, decision: Decision) -> Proposal:
    """Propose what the press made ready."""
    if decision.number is None:
        raise ValueError("a slot without an episode cannot be opened")
    return Proposal(
        series=decision.series,
        number=decision.number,
        slot=decision.slot,
        guid=prepared.guid,
        title=prepared.title,
        source=prepared.source,
        recipients=Recipients.LIST,
        editions=prepared.editions,
    )


def _not_prepared(decision: Decision, problems: tuple[Problem, ...]) -> Problem:
    count = sum(problem.severity is Severity.ERROR for problem in problems)
    return NOT_PREPARED.at(
        Place(""), episode=_name(decision), slot=decision.slot.shown, problems=count
    )


def _name(decision: Decision) -> str:
    return (
        decision.series if decision.number is None else f"{decision.series}/{decision.number:02d}"
    )


def _ring(
    office: Office, problem: Problem, decision: Decision, now: datetime, notes: _Notes
) -> None:
    notes.problems.append(problem)
    office.bell.ring(Alert(f"{problem.code} {decision.series} {decision.slot.key}", problem), now)
