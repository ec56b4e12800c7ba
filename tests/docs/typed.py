"""Reads a page and gives what it tells people to write and to type.

A fence ``sh`` holds commands, one a line (a backslash joins the next). ``sh elsewhere`` holds what
belongs on a server and cannot be typed here. A fence with a path after its language, such as
``markdown episodes/a/01-b.md``, is a file that the page tells people to write; ``toml config.toml``
is a table to add to the settings.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=ticks)$", re.DOTALL | re.MULTILINE
)
#: Verbs that stay until they are stopped.
STAYING = ("preview", "run")


@dataclass(frozen=True)
class Written:
    """A file that the page tells people to write, or a table to add to ``config.toml``."""

    path: str
    text: str


@dataclass(frozen=True)
class Typed:
    """One command line of a page."""

    line: str

    @property
    def words(self) -> list[str]:
        """Split it as a shell does, without the comment at its end."""
        return shlex.split(self.line, comments=True)

    @property
    def target(self) -> str:
        """Name the target where the line calls ``make``."""
        return self.words[1] if self.words[0] == "make" else ""

    @property
    def verb(self) -> str:
        """Name the verb where the line calls ``publisher``; it stands after the common options."""
        if self.words[0] != "publisher":
            return ""
        rest = iter(self.words[1:])
        for word in rest:
            if word in {"-C", "--lang"}:
                next(rest)
            elif not word.startswith("-"):
                return word
        return ""


def steps(page: Path) -> list[Written | Typed]:
    """Give what a page has people write and type, from top to bottom."""
    found: list[Written | Typed] = []
    for fence in _FENCE.finditer(page.read_text(encoding="utf-8")):
        language, _, rest = fence["info"].strip().partition(" ")
        if language == "sh" and not rest:
            joined = fence["text"].replace("\\\n", " ")
            found += [Typed(line) for line in joined.splitlines() if line and line[0] != "#"]
        elif language in {"markdown", "toml"} and "." in rest:
            found.append(Written(rest, fence["text"]))
    return found


def targets() -> dict[str, str]:
    """Give the recipes of the Makefile by target."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([a-z]+):(?!=).*\n((?:\t.*\n)*)", text, re.MULTILINE)
    return {name: recipe.strip() for name, recipe in rules}
