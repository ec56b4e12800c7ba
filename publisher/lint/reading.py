"""All that the rules look at: a publication, its files as parsed, its calendar, one instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from publisher.lint.manuscript import Manuscript
from publisher.model.calendar import Entry
from publisher.model.episode import Episode, Series
from publisher.model.publication import Publication


@dataclass(frozen=True)
class Reading:
    """What is checked in one go.

    ``calendar`` are the open slots of every series (``model.calendar.coming``), ``now`` an aware
    instant, ``off`` the rules that config.toml sets off: code to reason. ``released`` are
    episodes that readers have already, as (series, number): what can no longer be put right in
    the mail is not asked for. ``templates`` are the texts of templates by name under ``templates/``.
    """

    publication: Publication
    series: tuple[Series, ...]
    episodes: tuple[Episode, ...]
    now: datetime
    calendar: tuple[Entry, ...] = ()
    off: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    released: frozenset[tuple[str, int]] = frozenset()
    templates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("an aware instant is needed to say what is past")

    @cached_property
    def by_slug(self) -> dict[str, Series]:
        return {series.slug: series for series in self.series}

    @cached_property
    def by_series(self) -> dict[str, tuple[Episode, ...]]:
        """The episodes of each series by number."""
        shelves: dict[str, list[Episode]] = defaultdict(list)
        for episode in sorted(self.episodes, key=lambda e: (e.series, e.number, e.path)):
            shelves[episode.series].append(episode)
        return {slug: tuple(shelf) for slug, shelf in shelves.items()}

    @cached_property
    def by_number(self) -> dict[tuple[str, int], Episode]:
        """Each episode by series and number; of a number given twice, the first by path."""
        known: dict[tuple[str, int], Episode] = {}
        for shelf in self.by_series.values():
            for episode in shelf:
                known.setdefault((episode.series, episode.number), episode)
        return known

    @cached_property
    def waiting(self) -> frozenset[tuple[str, int]]:
        """The episodes that the calendar still waits for, as (series, number)."""
        numbered = ((entry.series, entry.number) for entry in self.calendar)
        return frozenset((slug, number) for slug, number in numbered if number is not None)

    @cached_property
    def manuscripts(self) -> tuple[Manuscript, ...]:
        """Every episode laid out for the rules."""
        return tuple(
            Manuscript(episode, self.by_slug.get(episode.series)) for episode in self.episodes
        )
