"""Characters that may leave the house: no controls, no half characters, no invisible overrides.

A C1 control makes Gmail clip a mail, a lone surrogate cannot be encoded at all, and a bidi
override shows a reader another text than the one that was checked. They are reported where
the source is read; here they simply cannot get out.
"""

from __future__ import annotations

import re
import unicodedata

_REPLACED = re.compile("[\ud800-\udfff\ufffe\uffff]")
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_UNFIT = re.compile(f"[{_REPLACED.pattern[1:-1]}{_DROPPED.pattern[1:-1]}]")
_SPACES = re.compile(r"\s+")


def legible(text: str) -> str:
    """Drop what has no business in print; half a character becomes U+FFFD."""
    if text.isprintable() or not _UNFIT.search(text):
        return text
    return _DROPPED.sub("", _REPLACED.sub("�", text))


def one_line(text: str) -> str:
    """Fold a text into a single NFC line: titles, subjects, anything that stands in a header."""
    if text.isprintable() and "  " not in text:
        return unicodedata.normalize("NFC", text.strip())
    return unicodedata.normalize("NFC", _SPACES.sub(" ", legible(text))).strip()
