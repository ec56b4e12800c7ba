"""What readers are told in words of our own: labels, dates and weekdays in their language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from publisher.model.slot import Slot
from publisher.translation import translate

_WEEKDAYS = ("월", "화", "수", "목", "금", "토", "일")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


@cache
def speaker(language: str) -> Callable[..., str]:
    """Give the function that says a message id in a language: ``say("Next episode")``."""

    def say(message: str, **details: object) -> str:
        return translate(message, language, **details)

    return say


@dataclass(frozen=True)
class Voice:
    """Everything a template can say in one language."""

    language: str

    @property
    def say(self) -> Callable[..., str]:
        """Say a message id: ``say("Next episode")``."""
        return speaker(self.language)

    def when(self, slot: Slot) -> str:
        """Say when the next episode comes."""
        return coming(slot, self.language)

    def day(self, when: date) -> str:
        """Write a date in full."""
        return day(when, self.language)

    def numbered(self, number: int) -> str:
        """Write an episode's number."""
        return numbered(number, self.language)

    def loosely(self, written: str) -> str:
        """Write ``2025``, ``2025-08`` or ``2025-08-03`` as people do; anything else as it is."""
        return loosely(written, self.language)

    def behind(self, counts: Mapping[str, str]) -> str:
        """Say how much stands behind a wall."""
        return behind(counts, self.language)

    def words(self) -> dict[str, object]:
        """Give all of it for a template's context."""
        names = ("say", "when", "day", "numbered", "loosely", "behind")
        return {name: getattr(self, name) for name in names}


def loosely(written: str, language: str) -> str:
    """Read a year, a month or a day and write it in words."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", written.strip())
    if not found or not 1 <= int(found[2] or 1) <= 12:
        return written
    year, month, day_ = (int(part) if part else 0 for part in found.groups())
    if language == "ko":
        parts = (f"{year}년", month and f"{month}월", day_ and f"{day_}일")
        return " ".join(part for part in parts if part)
    return " ".join(str(part) for part in (day_, month and _MONTHS[month - 1], year) if part)


def behind(counts: Mapping[str, str], language: str) -> str:
    """Say what a wall hides by its measure: characters, headings, pictures."""
    characters, headings = int(counts["characters"]), int(counts["headings"])
    shown = f"{characters:,}"
    if headings:
        return translate(
            "{characters} characters under {headings} headings follow for members.",
            language,
            characters=shown,
            headings=headings,
        )
    return translate("{characters} characters follow for members.", language, characters=shown)


def day(when: date, language: str) -> str:
    """``2026년 3월 6일 금요일``, or ``Friday, 6 March 2026``."""
    if language == "ko":
        return f"{when.year}년 {when.month}월 {when.day}일 {_WEEKDAYS[when.weekday()]}요일"
    return f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]} {when.year}"


def coming(slot: Slot, language: str) -> str:
    """``3월 13일 금요일 오후 5시``: when the next episode comes, in the series' own zone."""
    when = slot.local
    if language == "ko":
        day_ = f"{when.month}월 {when.day}일 {_WEEKDAYS[when.weekday()]}요일"
        return f"{day_} {clock(when, language)}"
    return f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]}, {clock(when, language)}"


def clock(when: datetime | time, language: str) -> str:
    """``오후 5시``, ``오전 9시 30분``, ``정오``; 17:00 elsewhere."""
    if language != "ko":
        return f"{when:%H:%M}"
    if (when.hour, when.minute) in {(0, 0), (12, 0)}:
        return "정오" if when.hour else "자정"
    half = "오후" if when.hour >= 12 else "오전"
    minutes = f" {when.minute}분" if when.minute else ""
    return f"{half} {when.hour % 12 or 12}시{minutes}"


def numbered(number: int, language: str) -> str:
    """``1화``: an episode's number as the ornament over its title."""
    return f"{number}화" if language == "ko" else f"No. {number}"


def weekday(number: int, language: str) -> str:
    """``금요일``; a week begins on Monday, 0."""
    return f"{_WEEKDAYS[number]}요일" if language == "ko" else _DAYS[number]


def month(when: date, language: str) -> str:
    """``3월``: a heading within one year."""
    return f"{when.month}월" if language == "ko" else _MONTHS[when.month - 1]
