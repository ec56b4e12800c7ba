"""The calendar as people read it: what went out lately, what comes, what is wanting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.model.calendar import Entry, Standing
from publisher.press.table import NO_HISTORY, Table

#: Slots of one series looked at, however many weeks are asked for.
MOST = 520


@dataclass(frozen=True, slots=True)
class Line:
    """One slot of the calendar with its episode's title, if one stands there."""

    series: str
    series_title: str
    entry: Entry
    title: str = ""

    @property
    def number(self) -> int | None:
        return self.entry.number


def agenda(table: Table, *, weeks: int, back: int = 1, now: datetime | None = None) -> list[Line]:
    """Give the slots of every series from some weeks ago to some weeks ahead, by instant."""
    now = now or table.now
    first, last = now - timedelta(weeks=back), now + timedelta(weeks=weeks)
    lines = [*_behind(table, first), *_ahead(table, last)]
    return sorted(lines, key=lambda line: (line.entry.slot.instant, line.series))


def _behind(table: Table, first: datetime) -> Iterable[Line]:
    for slug, series in table.series.items():
        for past in table.histories.get(slug, NO_HISTORY).past:
            held = past.standing is Standing.HELD
            if past.slot.instant >= first or held:
                episode = table.find(slug, past.number) if past.number is not None else None
                entry = Entry(slug, past.slot, past.standing, episode, past.number)
                yield Line(slug, series.title, entry, episode.title if episode else "")


def _ahead(table: Table, last: datetime) -> Iterable[Line]:
    for slug, series in table.series.items():
        for entry in table.calendar(slug, MOST):
            if entry.slot.instant > last:
                break
            title = entry.episode.title if entry.episode else ""
            yield Line(slug, series.title, entry, title)
