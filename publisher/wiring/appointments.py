"""The plan for calendar programs: what each slot still wants, and which days are holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from publisher.model.calendar import Standing
from publisher.press.agenda import Line
from publisher.press.holidays import holidays_of
from publisher.press.ics import Appointment, calendar
from publisher.press.press import UNAPPROVED
from publisher.press.table import Table
from publisher.translation import translate
from publisher.wiring.newsroom import Newsroom


def holidays_on(lines: Iterable[Line], language: str) -> dict[tuple[str, date], str]:
    """Name the public holidays among the days of slots, by the zone of their series and day."""
    years: dict[str, set[int]] = {}
    for line in lines:
        years.setdefault(line.entry.slot.timezone, set()).add(line.entry.slot.local.year)
    return {
        (zone, day): name
        for zone, those in sorted(years.items())
        for day, name in holidays_of(zone, those, language).items()
    }


def icalendar(newsroom: Newsroom, table: Table, lines: Iterable[Line], language: str) -> str:
    """Write the lines of a plan as iCalendar (RFC 5545)."""
    lines = list(lines)
    appointments = [
        Appointment(
            line.entry, line.series_title, line.title, _wanting(newsroom, table, line, language)
        )
        for line in lines
    ]
    holidays = holidays_on(lines, language)
    return calendar(appointments, newsroom.publication, table.now, language, holidays)


def _wanting(newsroom: Newsroom, table: Table, line: Line, language: str) -> str:
    """Say what a slot lacks, in words; nothing when it will go by itself."""
    match line.entry.standing:
        case Standing.MISSING:
            return translate("No episode stands at this slot yet.", language)
        case Standing.DRAFT:
            return translate("The episode is still a draft.", language)
        case Standing.HELD:
            return translate("Held: a person must decide.", language)
        case Standing.LATE:
            return translate("Late: the slot has passed.", language)
        case Standing.READY if line.entry.episode is not None:
            problems = newsroom.press.approval(table, line.entry.episode)
            if any(problem.fault is UNAPPROVED for problem in problems):
                return translate("Nobody has approved the episode yet.", language)
            return translate("Changed since it was approved.", language) if problems else ""
        case _:
            return ""
