"""Finding words again in the file they came from: line and column for every problem.

The tree says where a node begins. Escapes, entities, quotation prefixes and soft breaks lie
between that and a word inside it, so the word itself is looked up in the source from there on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from publisher.model.problem import Place

#: How far after the beginning of its node a word is looked for, in characters.
REACH = 20_000

#: As much of a long sentence is looked for.
LONGEST = 200


class Text:
    """A source file that can turn an offset into line and column, and back."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def offset(self, line: int, column: int) -> int:
        """Give the offset of a line and column, both from 1; the end for what lies beyond."""
        starts = self._starts
        if line < 1:
            return 0
        if line > len(starts):
            return len(self.text)
        return min(starts[line - 1] + max(column, 1) - 1, len(self.text))

    def spot(self, offset: int) -> tuple[int, int]:
        """Give line and column, from 1, of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Give a line of the file, from 1, without its end; nothing beyond the last."""
        start = self.offset(number, 1)
        end = self.text.find("\n", start)
        return self.text[start : None if end < 0 else end]

    def stands(self, words: str, line: int, column: int) -> bool:
        """Say whether words stand at a place, letter by letter."""
        return self.text.startswith(words, self.offset(line, column))

    def find(self, words: str, line: int, column: int, *, ordinal: int = 1) -> tuple[int, int]:
        """Find words at or after a place; the place itself where they are not to be found.

        White space matches any white space and the prefix of a quoted line. ``ordinal`` asks
        for the second, third … time they occur.
        """
        start = self.offset(line, column)
        at = start - 1
        for _ in range(ordinal):
            at = self.text.find(words, at + 1, start + REACH)
            if at < 0:
                break
        if at >= 0:
            return self.spot(at)
        return self._loosely(words, start) or (line, column)

    def _loosely(self, words: str, start: int) -> tuple[int, int] | None:
        pieces = [re.escape(piece) for piece in words[:LONGEST].split()]
        if not pieces:
            return None
        found = re.compile(r"[\s>*_~\\]+".join(pieces)).search(self.text, start, start + REACH)
        if found is None and len(words) > 6:
            found = re.compile(re.escape(words[:6])).search(self.text, start, start + REACH)
        return self.spot(found.start()) if found else None


def place_of(path: str, text: Text, line: int, column: int, words: str) -> Place:
    """Give the place of words that stand in a node which begins at a line and column."""
    return Place(path, *text.find(words, line, column))
