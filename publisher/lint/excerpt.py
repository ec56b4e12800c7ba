"""The line a problem speaks of, with a mark under the spot, as a terminal shows it.

Hangul takes two columns, so the mark is placed by width and not by count. A long line is cut
around the spot; tabs and characters without a shape are drawn as spaces.
"""

from __future__ import annotations

import unicodedata

from publisher.lint.columns import column, columns

#: Columns of a line that are shown.
WIDTH = 76
_CUT = "…"


def excerpt(text: str, line: int, column_number: int, *, width: int = WIDTH) -> str:
    """Draw a line of a file, its number before it, and a caret under a column (both from 1).

    Empty where the file has no such line.
    """
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    source = "".join(map(_drawn, lines[line - 1].rstrip("\r")))
    spot = min(max(column_number, 1), len(source) + 1) - 1
    before, shown = _around(source, spot, width)
    number = f"{line:>5} │ "
    return f"{number}{shown}\n{' ' * 6}│ {' ' * before}^"


def _drawn(character: str) -> str:
    if character == "\t" or unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
        return " "
    return character


def _around(source: str, spot: int, width: int) -> tuple[int, str]:
    """Cut a line to a width around a spot; give the columns before the spot, and the cut line."""
    if columns(source) <= width:
        return columns(source[:spot]), source
    start, used = spot, 0
    while start > 0 and used + column(source[start - 1]) <= width // 2:
        start -= 1
        used += column(source[start])
    head = _CUT if start else ""
    end, filled = spot, used + columns(head)
    while end < len(source) and filled + column(source[end]) <= width - 1:
        filled += column(source[end])
        end += 1
    tail = _CUT if end < len(source) else ""
    return used + columns(head), head + source[start:end] + tail
