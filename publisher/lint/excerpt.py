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
    lines = text.split("\n", line) if line >= 1 else []
    if not 1 <= line <= len(lines):
        return ""
    whole = lines[line - 1].rstrip("\r")
    spot = min(max(column_number, 1), len(whole) + 1) - 1
    # A line may be a whole book: no more of it is drawn than could be shown.
    first, last = max(spot - 2 * width, 0), spot + 2 * width
    source = "".join(map(_drawn, whole[first:last]))
    before, shown = _around(source, spot - first, width, (first > 0, last < len(whole)))
    number = f"{line:>5} │ "
    return f"{number}{shown}\n{' ' * 6}│ {' ' * before}^"


def _drawn(character: str) -> str:
    if character == "\t" or unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
        return " "
    return character


def _around(source: str, spot: int, width: int, more: tuple[bool, bool]) -> tuple[int, str]:
    """Cut a line to a width around a spot; give the columns before the spot, and the cut line.

    ``more`` says whether the line goes on before and after what is given of it.
    """
    if not any(more) and columns(source) <= width:
        return columns(source[:spot]), source
    start, used = spot, 0
    while start > 0 and used + column(source[start - 1]) <= width // 2:
        start -= 1
        used += column(source[start])
    head = _CUT if start or more[0] else ""
    end, filled = spot, used + columns(head)
    while end < len(source) and filled + column(source[end]) <= width - 1:
        filled += column(source[end])
        end += 1
    tail = _CUT if end < len(source) or more[1] else ""
    return used + columns(head), head + source[start:end] + tail
