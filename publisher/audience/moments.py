"""Dates as lists write them: ISO 8601, the forms of Korean spreadsheets, and nothing guessed.

Month and day in the American order (3/4/2026) are refused, since nobody can tell which is which.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

_KOREAN = re.compile(
    r"(?P<year>\d{4})\s*(?:[./-]|년)\s*(?P<month>\d{1,2})\s*(?:[./-]|월)\s*(?P<day>\d{1,2})\s*(?:\.|일)?"
    r"(?:[\sT]+(?P<half>오전|오후|AM|PM)?\s*(?P<hour>\d{1,2})(?:[:시]\s*(?P<minute>\d{1,2})"
    r"(?:[:분]\s*(?P<second>\d{1,2}))?)?\s*(?:초|분|시)?)?\s*\Z"
)


def moment(text: str, zone: tzinfo, *, end_of_day: bool = False) -> datetime | None:
    """Read a date or a date with a time as an aware UTC instant; None if it is neither.

    What names no zone is local to ``zone``. A date alone is its first second, or with
    ``end_of_day`` the first second of the next day: a membership lasts through its last day.
    """
    text = text.strip()
    if not text or len(text) > 60:
        return None
    return _read(text, zone, end_of_day)


@lru_cache(maxsize=2048)
def _read(text: str, zone: tzinfo, end_of_day: bool) -> datetime | None:
    try:
        there = datetime.fromisoformat(text)
        dated = len(text) <= 10
    except ValueError:
        match = _KOREAN.match(text)
        if match is None:
            return None
        dated = match["hour"] is None
        try:
            there = _written(match)
        except ValueError:
            return None
    try:
        if there.tzinfo is None:
            there = there.replace(tzinfo=zone)
        if dated and end_of_day:
            there += timedelta(days=1)
        return there.astimezone(UTC)
    except OverflowError:
        return None


def _written(match: re.Match[str]) -> datetime:
    hour = int(match["hour"] or 0)
    if match["half"] in {"오후", "PM"} and hour < 12:
        hour += 12
    if match["half"] in {"오전", "AM"} and hour == 12:
        hour = 0
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    return datetime(year, month, day, hour, int(match["minute"] or 0), int(match["second"] or 0))  # noqa: DTZ001 - the zone is laid on by the caller
