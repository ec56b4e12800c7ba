"""How single values are read: days, times, spans, tags, author lines."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from publisher.files.keys import RefusedError
from publisher.files.spans import shorten
from publisher.model.episode import Byline
from publisher.model.problem import Fault, Severity

DAY = Fault(
    "source/date",
    Severity.ERROR,
    "“{value}” is not a day of the calendar.",
    "Write year, month and day as 2026-03-06.",
)
MOMENT = Fault(
    "source/moment",
    Severity.ERROR,
    "“{value}” is not a date with a time.",
    "Write it as 2026-03-06 17:00, in the time zone of the series.",
)
CLOCK = Fault(
    "source/time",
    Severity.ERROR,
    "“{value}” is not a time of day.",
    'Write hours and minutes as "17:00".',
)
WEEKDAY = Fault(
    "source/weekday",
    Severity.ERROR,
    "“{value}” is not a day of the week.",
    "Write mon, tue, wed, thu, fri, sat or sun.",
)
NUMBER = Fault(
    "source/number",
    Severity.ERROR,
    "“{value}” is not the number of an episode.",
    "Write digits only, or delete the line: the number comes from the file’s name.",
)
TAG = Fault(
    "source/tag",
    Severity.ERROR,
    "“{value}” cannot be a tag.",
    "Write words of at most 50 characters in square brackets, with commas between them.",
)
BYLINE = Fault(
    "source/byline",
    Severity.ERROR,
    "The mail address in “{value}” is not complete.",
    "Write the name and then the address: 이름 <name@example.com>",
)
APPROVED = Fault(
    "source/approved",
    Severity.ERROR,
    "“{value}” is no approval.",
    "Delete the line; `publisher approve` writes it.",
)

_DAY = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})$")
_MOMENT = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:[Tt ]\s*(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?$")
_EMAIL = re.compile(r"<?([^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;.]+)>?$")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KOREAN_WEEKDAYS = dict(zip("월화수목금토일", _WEEKDAYS, strict=True))
_HASHES = "#＃"


def line(value: Any) -> Any:
    """Fold a value that was written over several lines into one."""
    return " ".join(value.split()) if isinstance(value, str) else value


def day(value: Any) -> Any:
    """Read ``2026-03-06``."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    found = _DAY.match(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise RefusedError(DAY, value=shorten(value))


def moment(text: str, zone: str, at: time | None) -> datetime:
    """Read ``2026-03-06 17:00`` as local time in a zone; a day alone gets the cadence's time.

    A written offset is converted. Raises RefusedError for anything else.
    """
    found = _MOMENT.match(text.strip())
    if not found:
        raise RefusedError(MOMENT, value=shorten(text))
    try:
        on = date(*map(int, found[1].split("-")))
        if found[2]:
            hour, minute = map(int, found[2].split(":"))
            local = datetime.combine(on, time(hour, minute))
        elif at is not None:
            return datetime.combine(on, at)
        else:
            raise RefusedError(MOMENT, value=shorten(text))
        if found[3]:
            offset = "+00:00" if found[3] in "Zz" else found[3]
            there = datetime.fromisoformat(f"{local.isoformat()}{_offset(offset)}")
            local = there.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(MOMENT, value=shorten(text)) from None
    return local


def _offset(written: str) -> str:
    digits = written[1:].replace(":", "").ljust(4, "0")
    return f"{written[0]}{digits[:2]}:{digits[2:]}"


def clock(value: Any) -> Any:
    """Read ``17:00``."""
    if isinstance(value, time):
        return value
    found = _CLOCK.match(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise RefusedError(CLOCK, value=shorten(value))


def weekday(value: Any) -> Any:
    """Read a day of the week: ``fri``, ``Friday``, ``금`` or ``금요일``."""
    if isinstance(value, str):
        word = value.strip().lower()
        if word[:1] in _KOREAN_WEEKDAYS and word[1:] in {"", "요일"}:
            return _KOREAN_WEEKDAYS[word[0]]
        if word[:3] in _WEEKDAYS and (len(word) == 3 or word.endswith("day")):
            return word[:3]
    raise RefusedError(WEEKDAY, value=shorten(value))


def weekday_number(name: str) -> int:
    """Count a day of the week from Monday, 0 to 6."""
    return _WEEKDAYS.index(name)


def number(value: Any) -> Any:
    """Read the number of an episode: ``3``, ``03`` or ``3화``."""
    if isinstance(value, str):
        digits = value.strip().removesuffix("화")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
            raise RefusedError(NUMBER, value=shorten(value))
        return int(digits)
    return value


def tags(value: Any) -> Any:
    """Read tags with or without ``#``, as a list or in one line; each once, in order."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = re.split(r"[,\s]+(?=[#＃])|\s*,\s*", value.strip())
    if not isinstance(value, list | tuple):
        raise RefusedError(TAG, value=shorten(value))
    result: dict[str, str] = {}
    for written in value:
        if not isinstance(written, str):
            raise RefusedError(TAG, value=shorten(written))
        tag = " ".join(written.split()).lstrip(_HASHES).strip()
        if len(tag) > 50 or any(mark in tag for mark in "<>\\/?"):
            raise RefusedError(TAG, value=shorten(written))
        if tag:
            result.setdefault(tag.casefold(), tag)
    return tuple(result.values())


def cover(value: Any) -> Any:
    """Take a bare file name for a cover without words."""
    return {"src": value} if isinstance(value, str) else value


def byline_text(text: str) -> str:
    """Check the author line and keep its words."""
    byline(text)
    return text


def byline(text: str) -> Byline | None:
    """Part an author line into name and mail address. Raises RefusedError for half an address."""
    text = " ".join(text.split())
    if not text:
        return None
    if "@" not in text:
        return Byline(text)
    found = _EMAIL.search(text)
    if not found:
        raise RefusedError(BYLINE, value=shorten(text))
    name = text[: found.start()].strip(" ,·|/()")
    return Byline(name or found[1], found[1])


def approved(text: str) -> str:
    """Check the form of an approval: ``sha256:`` and 64 hexadecimal digits."""
    if text and not re.fullmatch(r"sha256:[0-9a-f]{64}", text):
        raise RefusedError(APPROVED, value=shorten(text))
    return text
