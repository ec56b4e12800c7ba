"""What the name of a file says: ``03-slug.md`` is episode 3."""

from __future__ import annotations

import re
from dataclasses import dataclass

from publisher.files.names import shown
from publisher.model.problem import Fault, Severity

_EPISODE = re.compile(r"(\d{1,4})(?:화|회)?(?:[ \t]*[-_.][ \t]*|[ \t]+|$)(.*)$")
_SERIES = re.compile(r"[\w][\w .·-]*$")

NO_NUMBER = Fault(
    "source/file-name",
    Severity.ERROR,
    "The name of {name} does not begin with a number of one to four digits, so it is no episode.",
    "Name it {proposal}, or let its name begin with “_” to leave it out.",
)
NO_SLUG = Fault(
    "source/file-slug",
    Severity.WARNING,
    "The name of {name} has a number and no slug.",
    "Put a word behind the number, as in {proposal}.",
)
ENDING = Fault(
    "source/file-ending",
    Severity.WARNING,
    "{name} is not read: an episode’s name ends in .md.",
    "Save it as plain text with the ending .md, or let its name begin with “_”.",
)
SERIES_NAME = Fault(
    "source/series-name",
    Severity.ERROR,
    "The folder {name} cannot be a series: its name becomes part of web addresses.",
    "Use letters, digits and hyphens only.",
)


@dataclass(frozen=True, slots=True)
class EpisodeName:
    """Number and slug of an episode, as its file or folder is called."""

    number: int
    slug: str


def episode(name: str) -> EpisodeName | None:
    """Read the name of a file without its ending, or of a folder; None if it is no episode’s."""
    found = _EPISODE.match(shown(name))
    if not found or not found[1].isascii():
        return None
    slug = re.sub(r"[\s/]+", "-", found[2].strip())
    return EpisodeName(int(found[1]), slug)


def series(name: str) -> bool:
    """Say whether a folder’s name can be the slug of a series."""
    return len(name) <= 80 and bool(_SERIES.match(shown(name)))
