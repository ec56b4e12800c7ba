"""Plain text by display columns: a Hangul syllable is two wide, a combining mark none.

Lines break at spaces only, as ``word-break: keep-all`` does, so no word is torn; a word wider
than the line is torn only when it is not an address.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate

#: Columns of a line of the text part: 34 Hangul.
WIDTH = 68


def columns(text: str) -> int:
    """Count display columns (UAX 11: wide and fullwidth are two)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(mark: str) -> int:
    if mark.isascii():
        return 1
    if unicodedata.combining(mark) or unicodedata.category(mark) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(mark) in "WF" else 1


# The colophon is the same in every letter, and both audiences read most of one.
@lru_cache(maxsize=256)
def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> str:
    """Wrap a paragraph; its own line breaks stand. ``first`` and ``rest`` open the lines."""
    lines: list[str] = []
    for part in text.split("\n"):
        opening = first if not lines else rest
        lines += [
            ((opening if index == 0 else rest) + line).rstrip()
            for index, line in enumerate(_fill(part, width - columns(rest or first)))
        ]
    return "\n".join(lines)


def _fill(text: str, width: int) -> list[str]:
    words = text.split()
    wide = list(map(_word_columns, words))
    if max(wide, default=0) > width:
        pieces = [piece for word in words for piece in _pieces(word, width)]
        words, wide = [piece for piece, _ in pieces], [its for _, its in pieces]
    # Where each word ends, a space behind it, if all stood in one line.
    ends = list(accumulate(map((1).__add__, wide)))
    lines: list[str] = []
    first, before = 0, 0
    while True:
        at = max(bisect_right(ends, before + width + 1, first), first + 1)
        lines.append(" ".join(words[first:at]))
        if at >= len(words):
            return lines
        first, before = at, ends[at - 1]


#: The editions of an episode are made of the same words, and most words come more than once.
_word_columns = lru_cache(maxsize=8192)(columns)


def _pieces(word: str, width: int) -> Iterator[tuple[str, int]]:
    """Give a word and its columns; one wider than a line, unless an address, in pieces."""
    wide = _word_columns(word)
    if wide <= width or "://" in word:
        yield word, wide
        return
    piece, used = "", 0
    for mark in word:
        if used + _columns(mark) > width:
            yield piece, used
            piece, used = "", 0
        piece, used = piece + mark, used + _columns(mark)
    yield piece, used


def prefixed(text: str, prefix: str) -> str:
    """Open every line with a prefix; an empty line keeps none of its trailing space."""
    return "\n".join((prefix + line).rstrip() for line in text.split("\n"))


def framed(title: str, width: int = WIDTH) -> str:
    """Draw a rule with a title in it, or a plain one."""
    opening = f"-- {title} " if title else ""
    return opening + "-" * max(3, width - columns(opening))


def centred(text: str, width: int = WIDTH) -> str:
    """Put a short text in the middle of the line."""
    return " " * max(0, (width - columns(text)) // 2) + text


def padded(text: str, width: int, side: str = "") -> str:
    """Fill a text up to a width in columns, on the side that its alignment leaves free."""
    room = " " * max(0, width - columns(text))
    return room + text if side == "right" else text + room
