"""The sheet being read: its path and lines, what is known around it, the problems found on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from publisher.model.body import Picture
from publisher.model.problem import Fault, Place, Problem

PictureFinder = Callable[[str, Place], Picture]
"""Find the picture that an image names; what is wrong with it is told elsewhere."""


@dataclass(slots=True)
class Sheet:
    """One run of Markdown inside a file.

    ``lines`` are the lines of the Markdown; its first one is line ``first`` of the file, where
    ``shift`` characters stand before it (none, but for a TOML string). If the text is not
    ``placed``, because escapes are in it, all of it counts as standing at its beginning.
    """

    path: str
    lines: list[str]
    first: int
    blocks: Mapping[str, str]
    picture: PictureFinder
    problems: list[Problem] = field(default_factory=list)
    fences: list[int] = field(default_factory=list)
    shift: int = 0
    placed: bool = True

    def place(self, line: int, column: int = 0) -> Place:
        """Give the place in the file of a spot in the Markdown, both counted from 0."""
        if not self.placed:
            return Place(self.path, self.first, self.shift + 1)
        return Place(self.path, self.first + line, column + 1 + (0 if line else self.shift))

    def spot(self, line: int, column: int) -> tuple[int, int]:
        """Turn line and column of a node back into the spot in the Markdown."""
        if not self.placed:
            return 0, 0
        line -= self.first
        return line, column - 1 - (0 if line else self.shift)

    def tell(self, fault: Fault, line: int, column: int = 0, /, **details: object) -> None:
        """Note a problem at a spot of the Markdown, counted from 0."""
        self.problems.append(fault.at(self.place(line, column), **details))
