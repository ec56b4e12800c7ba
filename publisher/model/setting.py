"""All that lies at hand when one episode is set: the episode and everything around it.

A render is a pure function of a Setting and the templates: what is not in here (a clock, a
folder, the ledger) cannot show in the output.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from publisher.model.episode import Episode, Series
from publisher.model.publication import Publication
from publisher.model.slot import Slot


def episode_path(series: str, number: int) -> str:
    """Give the web path of an episode: ``/series/number/``, the same whatever its title or slug.

    Raw text: a Hangul series name is percent-encoded only where an address is written.
    """
    return f"/{series}/{number}/"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another episode as it is spoken of in this one: next, previous or related.

    ``slot`` is its slot, expected or past, and None when nothing is known. Nothing from the
    text of the other episode is in here but what its front matter says to everybody.
    """

    series: str
    series_title: str
    number: int
    title: str
    deck: str = ""
    teaser: str = ""
    slot: Slot | None = None

    @property
    def path(self) -> str:
        return episode_path(self.series, self.number)

    @property
    def spelled(self) -> str:
        """All of it as text: a plan has thousands, and to write a record out by name takes long."""
        said = (self.series, self.series_title, self.number, self.title, self.deck, self.teaser)
        return repr((*said, self.slot.key if self.slot else ""))


@dataclass(frozen=True, slots=True)
class Setting:
    """One episode and what a typesetter needs beside it.

    ``slot`` dates the edition and ``updated`` its last real revision; ``guid`` is the feed's
    lasting name for it. ``next`` is episode N+1 of the series if such a file exists;
    ``finale`` says that this is the last of a finished series. ``known`` are the episodes an
    ``episode:`` link may point at, as (series, number).
    """

    publication: Publication
    series: Series
    episode: Episode
    slot: Slot
    guid: str
    updated: datetime
    next: Neighbour | None = None
    previous: Neighbour | None = None
    related: tuple[Neighbour, ...] = ()
    finale: bool = False
    known: frozenset[tuple[str, int]] = field(default_factory=frozenset)
