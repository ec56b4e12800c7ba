"""What is looked for in the folder of episodes, and what a reading of it has to know."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from publisher.model.episode import Series
from publisher.model.problem import Problem
from publisher.source.names import EpisodeName
from publisher.source.pictures import Stamp, pictures_in


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a publication says to all its series: its root, its zone, the blocks it knows."""

    root: Path
    timezone: str
    blocks: dict[str, str]


@dataclass(slots=True)
class ReadSeries:
    """A series as far as it could be read, the problems on the way, and the sum of its ``words``."""

    series: Series
    problems: list[Problem] = field(default_factory=list)
    words: str = ""

    @property
    def digest(self) -> str:
        """Sum up all that its episodes take from it: its words, and what its pictures show."""
        series = self.series
        shown = [
            p.digest or p.src for body in (series.intro, series.footer) for p in pictures_in(body)
        ]
        return " ".join((self.words, *shown))


@dataclass(frozen=True, slots=True)
class EpisodeFile:
    """Where one episode stands: the file to read, what its name says, and its series."""

    path: Path
    name: EpisodeName
    series: Series


@dataclass(frozen=True, slots=True)
class Sought:
    """A file to be known: its ``name`` in the publication, its ``stamp`` before it is read, and the
    digest of its series.
    """

    file: EpisodeFile
    name: str
    series: str
    stamp: Stamp | None


def digest_of(written: str) -> str:
    """Sum up the words of a series.toml."""
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
