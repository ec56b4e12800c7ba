"""What is to be done about the slots of a series at this moment: pure, from calendar and clock.

At its slot a ready episode is released; a little late (``late_ok``) it still is; later the series'
``if_missed`` decides, and where no ready episode stands, ``if_not_ready``. Nothing passes in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from publisher.model.calendar import Entry, Standing
from publisher.model.episode import Series
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.slot import Cadence, IfMissed, IfNotReady, Slot

CLOCK_BEHIND = Fault(
    "delivery/clock-behind",
    Severity.ERROR,
    "The clock says {now}, but the ledger has already seen {newest}.",
    "Set the clock of this machine; until then nothing is released by itself.",
)
CLOCK_AHEAD = Fault(
    "delivery/clock-ahead",
    Severity.ERROR,
    "The clock says {now}, more than a year after the newest entry of the ledger, {newest}.",
    "Set the clock of this machine; if it is right, release one episode by hand and the rest follows.",
)
#: Clocks of two machines may differ by so much.
TOLERANCE = timedelta(seconds=60)
#: Nobody leaves a weekly serial alone for longer and expects it to go on by itself.
ABSURD = timedelta(days=366)


class Act(StrEnum):
    """What to do about a slot."""

    WARN = "warn"
    PREPARE = "prepare"
    OPEN = "open"
    HOLD = "hold"
    SKIP = "skip"


class Reason(StrEnum):
    """Why."""

    AHEAD = "ahead"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    NOT_READY = "not-ready"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to do: open, hold and skip settle the slot; the others leave it open."""

    act: Act
    reason: Reason
    series: str
    slot: Slot
    number: int | None = None

    @property
    def settles(self) -> bool:
        return self.act in (Act.OPEN, Act.HOLD, Act.SKIP)


def decisions(
    series: Series, entries: Iterable[Entry], now: datetime, ahead: timedelta, warn: timedelta
) -> Iterator[Decision]:
    """Say what to do about the open slots of a series, in order, as far as anybody need look.

    After one that settles a slot the calendar is another: derive it again.
    """
    horizon = now + max(ahead, warn)
    for entry in entries:
        instant = entry.slot.instant
        if instant > horizon:
            return
        ready = entry.standing in (Standing.READY, Standing.LATE)
        if instant > now:
            act = _before(ready, soon=instant <= now + ahead)
            if act is not None:
                reason = Reason.AHEAD if ready else Reason.NOT_READY
                yield Decision(act, reason, entry.series, entry.slot, entry.number)
        elif not ready:
            yield not_ready(series, entry.slot)
        else:
            yield _after(_cadence(series), entry, now - instant)


def not_ready(series: Series, slot: Slot) -> Decision:
    """Decide about a slot at which no episode is fit to go.

    The slot passes and the episode keeps its place in the queue: nothing overtakes it.
    """
    hold = _cadence(series).if_not_ready is IfNotReady.HOLD
    return Decision(Act.HOLD if hold else Act.SKIP, Reason.NOT_READY, series.slug, slot)


def clock_problem(newest: datetime | None, now: datetime) -> Problem | None:
    """Say what is wrong with a clock that disagrees with the ledger."""
    if newest is None:
        return None
    words = {"now": _minute(now), "newest": _minute(newest)}
    if now < newest - TOLERANCE:
        return CLOCK_BEHIND.at(Place(""), **words)
    if now > newest + ABSURD:
        return CLOCK_AHEAD.at(Place(""), **words)
    return None


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _before(ready: bool, *, soon: bool) -> Act | None:
    if ready:
        return Act.PREPARE if soon else None
    return Act.WARN


def _after(cadence: Cadence, entry: Entry, late: timedelta) -> Decision:
    """Decide about a ready episode whose slot has come or gone."""
    if late <= cadence.late_ok or cadence.if_missed is IfMissed.SEND:
        reason = Reason.LATE if late > timedelta(minutes=1) else Reason.DUE
        return Decision(Act.OPEN, reason, entry.series, entry.slot, entry.number)
    if cadence.if_missed is IfMissed.SKIP:
        return Decision(Act.SKIP, Reason.MISSED, entry.series, entry.slot)
    return Decision(Act.HOLD, Reason.MISSED, entry.series, entry.slot, entry.number)


def _cadence(series: Series) -> Cadence:
    """A series without a cadence still has pinned episodes, and the common rules."""
    if series.cadence is not None:
        return series.cadence
    return Cadence(weekday=0, at=time(0), timezone=series.timezone)
