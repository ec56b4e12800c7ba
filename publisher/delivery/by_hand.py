"""A release that a person decides: now, at a slot that was held or missed, or without any mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from publisher.delivery.due import lay_out, uncut
from publisher.delivery.office import Office
from publisher.model.ledger import Proposal
from publisher.model.problem import Fault, Place, Problem, Severity, stops
from publisher.model.readership import EVERYBODY, Segment
from publisher.model.release import Recipients, Release
from publisher.model.slot import Slot

STILL_TO_COME = Fault(
    "delivery/slot-to-come",
    Severity.ERROR,
    "The slot {slot} is still to come.",
    "It goes out by itself then. To move it write publish_at into the episode; to send it at once use --now.",
)
TAKEN = Fault(
    "delivery/slot-taken",
    Severity.ERROR,
    "{episode} cannot be released at {slot}: {reason}.",
    "See “publisher status”, and choose another slot or episode.",
)
FOR_EVERYBODY = Fault(
    "delivery/for-everybody",
    Severity.ERROR,
    "{episode} was released to everybody before, and that stands.",
    "To go on with it leave --segment out.",
)
FOR_OTHERS = Fault(
    "delivery/for-others",
    Severity.ERROR,
    "{episode} was released to the segment “{segment}” before, and that stands.",
    "To go on with it name that segment, or leave --segment out.",
)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a decision by hand came to; ``opened`` is False when the release was there already."""

    release: Release | None
    opened: bool
    problems: tuple[Problem, ...]


def release_by_hand(
    office: Office,
    series: str,
    number: int,
    slot: Slot,
    now: datetime,
    recipients: Recipients = Recipients.LIST,
    segment: Segment = EVERYBODY,
) -> ByHand:
    """Open the release of an episode at a slot that has come, and put it on the site.

    With a ``segment`` only its readers are mailed; the ledger keeps it as it is at this moment.

    The same checks, the same ledger and the same uniqueness as on the slot: asking twice opens it
    once. Raises OutsideError when the ledger is away.
    """
    name = f"{series}/{number:02d}"
    if slot.instant > now:
        return ByHand(None, False, (STILL_TO_COME.at(Place(name), slot=slot.shown),))
    found = office.releases.find(series, number)
    prepared = office.press.prepare(series, number, slot)
    problems = (*prepared.problems, *uncut(prepared))
    if found is None and (stops(problems) or not prepared.editions):
        return ByHand(None, False, problems)
    proposal = Proposal(
        series=series,
        number=number,
        slot=slot,
        guid=prepared.guid,
        title=prepared.title,
        source=prepared.source,
        recipients=recipients,
        editions=prepared.editions,
        segment=segment,
    )
    try:
        release, opened = office.releases.open(proposal, now)
    except LookupError as clash:
        told = TAKEN.at(Place(name), episode=name, slot=slot.shown, reason=str(clash))
        return ByHand(None, False, (told,))
    if segment.name not in ("", release.segment):
        fault = FOR_OTHERS if release.segment else FOR_EVERYBODY
        told = fault.at(Place(name), episode=name, segment=release.segment)
        return ByHand(None, False, (told,))
    office.releases.beat(now)
    return ByHand(release, opened, (*prepared.problems, *lay_out(office, now)))
