"""Lengths of time and time zones, as they are written in any of the files."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from publisher.files.keys import RefusedError
from publisher.model.problem import Fault, Severity

SPAN = Fault(
    "keys/span",
    Severity.ERROR,
    "“{value}” is not a length of time.",
    'Write a number and a unit: "90m", "3h" or "1d".',
)
ZONE = Fault(
    "keys/timezone",
    Severity.ERROR,
    "There is no time zone “{value}”.",
    "Write it as the IANA database does, such as Asia/Seoul.",
)

_SPAN = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?$")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _is_zone(name: str) -> bool:
    """Look for one zone alone: to list them all looks into every folder of the database."""
    if name.startswith(("posix", "right/")):
        return False
    try:
        return ZoneInfo(name).key == name
    except (ValueError, OSError, KeyError):
        return False


def span(text: str) -> timedelta:
    """Read ``3h``, ``90m``, ``1d``, ``1h30m``. Raises RefusedError for anything else."""
    found = _SPAN.match(text.strip())
    if not found or not any(found.groups()):
        raise RefusedError(SPAN, value=shorten(text))
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def span_text(text: str) -> str:
    """Check a length of time and keep its words."""
    span(text)
    return text


def zone(name: str) -> str:
    """Check the name of a time zone; an empty one stands for the publication's."""
    if name and not (_is_zone(name) or name in _zones()):
        raise RefusedError(ZONE, value=shorten(name))
    return name


def shorten(value: object) -> str:
    """Quote a value in a message without letting it fill the screen."""
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
