"""From an offset in a run of inline text back to the line and column it was written at."""

from __future__ import annotations

from bisect import bisect_right

from markdown_it.token import Token

from publisher.source.markdown.sheet import Sheet


class Whereabouts:
    """Where the characters of one inline run stand on the sheet.

    The parser hands over text without indentation, list marks and ``>``. Each of its lines is
    the end of a line of the sheet, so its start is found by length.
    """

    __slots__ = ("_columns", "_first", "_line", "_starts", "pipes")

    def __init__(self, sheet: Sheet, token: Token, line: int, after: int = -1) -> None:
        self._line = line
        self.pipes: list[int] = []
        content = token.content
        if after >= 0:
            self._starts, self._columns = [0], [self._in_row(sheet.lines[line], content, after)]
        elif "\n" not in content:
            self._starts, self._columns = [0], [_column(sheet.lines[line], content)]
        else:
            self._starts, self._columns = [], []
            start = 0
            for number, part in enumerate(content.split("\n"), line):
                self._starts.append(start)
                self._columns.append(_column(sheet.lines[number], part))
                start += len(part) + 1

    def __call__(self, offset: int) -> tuple[int, int]:
        """Give line and column, both from 0, of an offset into the run."""
        row = bisect_right(self._starts, offset) - 1
        column = self._columns[row] + offset - self._starts[row]
        if self.pipes:
            column += bisect_right(self.pipes, offset)
        return self._line + row, column

    def _in_row(self, line: str, content: str, after: int) -> int:
        """Find a cell in its row; the parser took the backslash from escaped pipes."""
        written = content.replace("|", "\\|")
        self.pipes = [at for at, letter in enumerate(content) if letter == "|"]
        return max(line.find(written, after), 0)


def _column(line: str, part: str) -> int:
    part = part.rstrip()
    bare = line.rstrip()
    if bare.endswith(part):
        return len(bare) - len(part)
    # A heading's closing marks stand behind its text.
    return max(line.rfind(part), 0)
