"""The named segments of the settings, as the rest of the house knows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from publisher.audience.address import Address, parse
from publisher.model.calendar import GONE
from publisher.model.episode import Audience
from publisher.model.problem import Fault, MisuseError, Place, Severity
from publisher.model.readership import Segment
from publisher.model.slot import Slot
from publisher.press.agenda import Line
from publisher.wiring.newsroom import Newsroom, Reach

if TYPE_CHECKING:
    from publisher.config import SegmentTable

NO_SEGMENT = Fault(
    "wiring/no-segment",
    Severity.ERROR,
    "There is no segment “{name}” in config.toml.",
    "Name one of these: {known}; or add [segments.{name}].",
)


def segments_of(newsroom: Newsroom) -> dict[str, Segment]:
    """Give the segments by name; their days begin in the publication's zone.

    Raises MisuseError for a domain that can have no address.
    """
    zone = ZoneInfo(newsroom.config.publication.timezone)
    return {name: _segment(name, table, zone) for name, table in newsroom.config.segments.items()}


def segment_of(newsroom: Newsroom, name: str) -> Segment:
    """Find one segment. Raises MisuseError for a name nobody gave."""
    known = segments_of(newsroom)
    if name not in known:
        listed = ", ".join(sorted(known)) or "-"
        raise MisuseError(NO_SEGMENT.at(Place("config.toml"), name=name, known=listed))
    return known[name]


def readers_of(
    newsroom: Newsroom, lines: Iterable[Line], name: str
) -> dict[tuple[str, Slot], Reach]:
    """Say whom each open slot would reach of a segment, by series. Raises MisuseError."""
    segment = segment_of(newsroom, name)
    return {
        (line.series, line.entry.slot): newsroom.reach(line.entry.episode, line.entry.slot, segment)
        for line in lines
        if line.entry.episode is not None and line.entry.standing not in GONE
    }


def _segment(name: str, table: SegmentTable, zone: tzinfo) -> Segment:
    return Segment(
        name=name,
        series=table.series,
        audience=Audience(table.audience) if table.audience else None,
        since=_midnight(table.since, zone),
        before=_midnight(table.before, zone),
        domains=tuple(_domain(domain) for domain in table.domain),
    )


def _domain(written: str) -> str:
    """Read a domain as addresses have it: in lower case, Hangul as A-labels. Raises MisuseError."""
    found = parse(f"reader@{written.lstrip('@')}", Place("config.toml"))
    if not isinstance(found, Address):
        raise MisuseError(found)
    return found.domain


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)
