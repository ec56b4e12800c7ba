"""When ``*`` and ``_`` may open or close emphasis, so that Korean, Chinese and Japanese work.

CommonMark (0.31, section 6.2) asks for a space or a mark outside of emphasis that ends in a
mark. Languages that put a particle directly behind never have one: ``**마크다운(Markdown)**을``
stays raw. The CJK-friendly amendments to that section let a CJK character stand in for the space.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Scanned

# Emoji_Presentation of Unicode: wide, and yet no letters of any language.
_EMOJI = re.compile(
    "[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1"
    "\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705"
    "\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50"
    "\u2b55\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f1e6-\U0001f1ff\U0001f201"
    "\U0001f21a\U0001f22f\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251"
    "\U0001f300-\U0001faff]"
)
_QUOTES = "‘’“”"


@lru_cache(maxsize=4096)
def _cjk(letter: str) -> bool:
    """Say whether a character belongs to Chinese, Japanese or Korean writing."""
    if letter < "\u1100":
        return False
    width = unicodedata.east_asian_width(letter)
    if width in "FH":
        return True
    if width == "W":
        return not _EMOJI.match(letter)
    # Jamo that stand in the middle or at the end of a syllable have no width of their own.
    return width == "N" and unicodedata.name(letter, "").startswith("HANGUL ")


@lru_cache(maxsize=4096)
def _mark(letter: str) -> bool:
    return isMdAsciiPunct(ord(letter)) or isPunctChar(letter)


def _before(text: str, start: int) -> tuple[str, bool]:
    """Give the character that stands before a run, and whether it is CJK.

    A variation selector says how the character before it looks: it is that one which counts.
    The second selector makes a Western quotation mark a full-width one.
    """
    if start == 0:
        return " ", False
    last = text[start - 1]
    if not "\ufe00" <= last <= "\ufe0e":
        return last, _cjk(last) or "\U000e0100" <= last <= "\U000e01ef"
    base = text[start - 2] if start > 1 else " "
    cjk = _cjk(base) or (last == "\ufe01" and base in _QUOTES)
    return (last if unicodedata.category(base) == "Zs" else base), cjk


def scan(text: str, start: int, end: int, *, inside_words: bool) -> Scanned:
    """Say whether the run of marks at ``start`` can open and can close emphasis.

    ``inside_words`` is true for ``*`` and ``~`` and false for ``_``.
    """
    marker = text[start]
    stop = start + 1
    while stop < end and text[stop] == marker:
        stop += 1
    length = stop - start
    before, cjk = _before(text, start)
    after = text[stop] if stop < end else " "
    blank_before, blank_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    if blank_before or blank_after:
        return Scanned(not blank_after, not blank_before, length)
    opens, closes = _mark(before), _mark(after)
    if inside_words:
        cjk = cjk or _cjk(after)
        opens, closes = opens or cjk or not closes, closes or cjk or not opens
    return Scanned(opens, closes, length)
