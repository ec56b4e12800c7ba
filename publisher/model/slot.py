"""When a serial comes out: a weekly rule, and the single instants it yields.

Slots are a pure function of the cadence: a local date and time in a zone. Local times that
a zone skips (daylight saving begins) mean the first instant after the gap; times that come
twice mean the first of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo


class IfMissed(StrEnum):
    """What to do with a slot found later than ``late_ok``."""

    HOLD = "hold"
    SEND = "send"
    SKIP = "skip"


class IfNotReady(StrEnum):
    """What to do at a slot where no ready episode stands."""

    HOLD = "hold"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Slot:
    """One date and time of publication, local to a zone. Its key, never its instant, is its identity."""

    local: datetime
    timezone: str

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise ValueError("a slot is local time: the zone is named beside it")

    @property
    def key(self) -> str:
        """``2026-11-27T17:00[Asia/Seoul]``, as stored and compared."""
        return f"{self.local:%Y-%m-%dT%H:%M}[{self.timezone}]"

    @property
    def shown(self) -> str:
        """``2026-11-27 17:00 Asia/Seoul``, as people are told."""
        return f"{self.local:%Y-%m-%d %H:%M} {self.timezone}"

    @classmethod
    def parse(cls, key: str) -> Slot:
        """Read a key back. Raises ValueError for anything else."""
        local, bracket, zone = key.partition("[")
        if not bracket or not zone.endswith("]"):
            raise ValueError(f"not a slot: {key!r}")
        return cls(datetime.strptime(local, "%Y-%m-%dT%H:%M"), zone[:-1])  # noqa: DTZ007

    @property
    def instant(self) -> datetime:
        """The aware UTC instant of the slot."""
        return _instant(self.local, self.timezone)

    @property
    def zoned(self) -> datetime:
        """The aware instant as a clock in the series' zone shows it."""
        return self.instant.astimezone(ZoneInfo(self.timezone))


@lru_cache(maxsize=65_536)
def _instant(local: datetime, timezone: str) -> datetime:
    """Find the instant of a local time; kept, since calendars ask for the same ones a thousand times."""
    zone = ZoneInfo(timezone)
    there = local.replace(tzinfo=zone, fold=0)
    back = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
    if back == local:
        return there.astimezone(UTC)
    return _after_gap(local, zone)


def _after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """Find the first instant whose local clock has passed a time that never was."""
    low = local.replace(tzinfo=UTC) - timedelta(hours=26)
    high = local.replace(tzinfo=UTC) + timedelta(hours=26)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Cadence:
    """The weekly rule of a series. ``weekday`` counts from Monday, 0 to 6."""

    weekday: int
    at: time
    timezone: str
    start: date | None = None
    skip: frozenset[date] = frozenset()
    late_ok: timedelta = timedelta(hours=3)
    if_missed: IfMissed = IfMissed.HOLD
    if_not_ready: IfNotReady = IfNotReady.HOLD

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is 0 (Monday) to 6 (Sunday)")
        if self.at.tzinfo is not None:
            raise ValueError("a cadence's time is local: the zone is named beside it")

    def slots(self, since: datetime) -> Iterator[Slot]:
        """Yield the slots whose instant is at or after ``since`` (aware), in order, without end."""
        if since.tzinfo is None:
            raise ValueError("an aware instant is needed to say which slots come after it")
        zone = ZoneInfo(self.timezone)
        # Two days early: a gap may push a slot over midnight and the zone over the date line.
        day = since.astimezone(zone).date() - timedelta(days=2)
        if self.start is not None and day < self.start:
            day = self.start
        day += timedelta(days=(self.weekday - day.weekday()) % 7)
        while True:
            if day not in self.skip:
                slot = Slot(datetime.combine(day, self.at), self.timezone)
                if slot.instant >= since:
                    yield slot
            try:
                day += timedelta(days=7)
            except OverflowError:
                return

    def is_slot(self, slot: Slot) -> bool:
        """Say whether a slot lies on this cadence."""
        return (
            slot.timezone == self.timezone
            and slot.local.time() == self.at
            and slot.local.weekday() == self.weekday
            and slot.local.date() not in self.skip
            and (self.start is None or slot.local.date() >= self.start)
        )
