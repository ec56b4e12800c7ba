"""How wide words stand: a Hangul syllable takes two columns, a Latin letter one (UAX #11)."""

from __future__ import annotations

import unicodedata

_WIDE = frozenset("WF")


def columns(text: str) -> int:
    """Count the columns that a text fills on a screen of even columns."""
    if text.isascii():
        return len(text)
    return sum(map(column, text))


def column(character: str) -> int:
    """Count the columns of one character: 0 for marks that sit on another, 2 for wide ones."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
