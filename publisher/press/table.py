"""The compositor's table: everything around an episode, gathered before it is set.

Which episode comes next and when, which came before, which are akin: derived from the files,
the calendar and what is published. A draft or a later episode never shows but as the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice, pairwise

from publisher.model.calendar import Entry, coming
from publisher.model.episode import Course, Episode, Series
from publisher.model.history import Histories, History, Published, guid_of
from publisher.model.problem import Problem
from publisher.model.publication import Publication
from publisher.model.setting import Neighbour, Setting
from publisher.model.slot import Slot

RELATED = 3
#: Slots looked at beyond the number of episodes: pinned ones may stand behind empty slots.
PINNED_MORE = 60
#: An episode's series and number.
Key = tuple[str, int]
NO_HISTORY = History()
#: Episodes of each tag, newest first, that are looked at for a recommendation.
NEWEST = 100


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The episodes that are out, newest first, and of each tag their places in that row."""

    out: Mapping[Key, Published]
    size: int
    known: frozenset[Key]
    row: list[Key]
    ages: list[float]
    by_tag: Mapping[str, list[int]]

    def closest(self, tags: Iterable[str], before: datetime, most: int) -> list[Key]:
        """Give the older episodes that share most tags, newest first among equals."""
        first = bisect_right(self.ages, -before.timestamp())
        # Places that share one tag, two, … : sets, for counting three hundred places for each of a
        # thousand episodes took longer than all else here.
        shared: list[set[int]] = []
        for tag in tags:
            places = self.by_tag.get(tag, [])
            start = bisect_left(places, first)
            near = places[start : start + NEWEST]
            shared.append(set())
            for fewer, more in reversed([*pairwise(shared)]):
                more.update(fewer.intersection(near))
            shared[0].update(near)
        chosen: list[int] = []
        for same in reversed(shared):
            if len(chosen) >= most:
                break
            chosen += sorted(same.difference(chosen))
        return [self.row[place] for place in chosen[:most]]


@dataclass(frozen=True)
class Table:
    """All that is known at one moment: files, calendar, history."""

    publication: Publication
    series: Mapping[str, Series]
    episodes: tuple[Episode, ...]
    histories: Histories
    now: datetime
    problems: tuple[Problem, ...] = ()

    @cached_property
    def _by_name(self) -> dict[Key, Episode]:
        return {(e.series, e.number): e for e in reversed(self.episodes)}

    @cached_property
    def _by_series(self) -> dict[str, list[Episode]]:
        shelves: dict[str, list[Episode]] = {slug: [] for slug in self.series}
        for episode in self.episodes:
            shelves.setdefault(episode.series, []).append(episode)
        return shelves

    @cached_property
    def _own_tags(self) -> dict[Key, frozenset[str]]:
        """Give the tags that tell an episode apart; what all of a series bear does not."""
        shared = {slug: {tag.casefold() for tag in s.tags} for slug, s in self.series.items()}
        return {
            (e.series, e.number): frozenset(tag.casefold() for tag in e.tags) - shared[e.series]
            for e in self.episodes
        }

    def _shelf(self, out: Mapping[Key, Published]) -> _Shelf:
        """Index the episodes that are out, once for as many settings as are laid among them."""
        if self._shelves and self._shelves[-1].out is out and self._shelves[-1].size == len(out):
            return self._shelves[-1]
        row = sorted(out, key=lambda key: (-out[key].slot.instant.timestamp(), key))
        by_tag: dict[str, list[int]] = {}
        for place, key in enumerate(row):
            for tag in self._own_tags.get(key, ()):
                by_tag.setdefault(tag, []).append(place)
        ages = [-out[key].slot.instant.timestamp() for key in row]
        self._shelves[:] = [_Shelf(out, len(out), frozenset(out), row, ages, by_tag)]
        return self._shelves[-1]

    @cached_property
    def _shelves(self) -> list[_Shelf]:
        return []

    def episodes_of(self, slug: str) -> list[Episode]:
        """Give the episodes of a series, in the order of their files."""
        return self._by_series[slug]

    def find(self, series: str, number: int) -> Episode | None:
        """Find the episode of a number; with a number taken twice, the first by path."""
        return self._by_name.get((series, number))

    def calendar(self, slug: str, slots: int) -> tuple[Entry, ...]:
        """Give the next open slots of a series, at most so many."""
        return tuple(islice(self.open_slots(slug), slots))

    def open_slots(self, slug: str) -> Iterator[Entry]:
        """Give the open slots of a series, the overdue ones first; perhaps without end."""
        history = self.histories.get(slug, NO_HISTORY)
        since = history.since or self.now
        return coming(self.series[slug], self._by_series[slug], history.past, since, self.now)

    def expected(self, slug: str) -> dict[int, Slot]:
        """Say for each waiting episode of a series the slot it will have if nothing changes."""
        if slug not in self._expected:
            entries = self.calendar(slug, len(self._by_series[slug]) + PINNED_MORE)
            self._expected[slug] = {e.number: e.slot for e in entries if e.number is not None}
        return self._expected[slug]

    @cached_property
    def _expected(self) -> dict[str, dict[int, Slot]]:
        return {}

    def published(self) -> dict[Key, Published]:
        """Give every episode that is out."""
        return {
            (p.series, p.number): p
            for history in self.histories.values()
            for p in history.published
        }

    def as_if_published(self, until: Slot | None = None) -> dict[Key, Published]:
        """Give the episodes that are out, and those that will be before a slot, all going well."""
        out = self.published()
        for slug in self.series:
            for number, slot in self.expected(slug).items():
                episode = self.find(slug, number)
                if episode is None or (until is not None and slot.instant >= until.instant):
                    continue
                guid = guid_of(self.publication.url, slug, number, slot)
                out.setdefault((slug, number), Published(slug, number, slot, guid))
        return out

    def setting(
        self, episode: Episode, slot: Slot, out: Mapping[Key, Published], guid: str = ""
    ) -> Setting:
        """Lay out one episode at a slot, among the episodes that are out."""
        series = self.series[episode.series]
        following = self.find(episode.series, episode.number + 1)
        before = self.find(episode.series, episode.number - 1)
        return Setting(
            publication=self.publication,
            series=series,
            episode=episode,
            slot=slot,
            guid=guid or guid_of(self.publication.url, episode.series, episode.number, slot),
            updated=_updated(episode, slot, self.now),
            next=self._neighbour(following, self._slot_of(following, out, after=slot)),
            previous=self._neighbour(before, out[key].slot)
            if before and (key := (before.series, before.number)) in out
            else None,
            related=self._related(episode, slot, out),
            finale=series.course is Course.FINISHED and following is None,
            known=self._known(out, episode, following),
        )

    def _slot_of(
        self,
        episode: Episode | None,
        out: Mapping[Key, Published],
        after: Slot,
    ) -> Slot | None:
        if episode is None:
            return None
        known = out.get((episode.series, episode.number))
        slot = known.slot if known else self.expected(episode.series).get(episode.number)
        return slot if slot is not None and slot.instant > after.instant else None

    def _neighbour(self, episode: Episode | None, slot: Slot | None) -> Neighbour | None:
        """Give an episode as its neighbours speak of it: one record, however many they are."""
        if episode is None:
            return None
        key = (episode.path, slot)
        if key not in self._neighbours:
            self._neighbours[key] = self._spoken_of(episode, slot)
        return self._neighbours[key]

    @cached_property
    def _neighbours(self) -> dict[tuple[str, Slot | None], Neighbour]:
        return {}

    def _spoken_of(self, episode: Episode, slot: Slot | None) -> Neighbour:
        return Neighbour(
            series=episode.series,
            series_title=self.series[episode.series].title,
            number=episode.number,
            title=episode.title,
            deck=episode.deck,
            teaser=episode.teaser,
            slot=slot,
        )

    def _known(self, out: Mapping[Key, Published], *also: Episode | None) -> frozenset[Key]:
        """Name what links may lead to; one set for all settings that add nothing to it."""
        known = self._shelf(out).known
        more = {(e.series, e.number) for e in also if e}
        return known if more <= known else known | more

    def _related(
        self, episode: Episode, slot: Slot, out: Mapping[Key, Published]
    ) -> tuple[Neighbour, ...]:
        """Choose the episodes that share most tags, newest first among equals.

        Looks at the newest hundred of each tag: in a long series all tags fill up.
        """
        me = (episode.series, episode.number)
        tags = self._own_tags.get(me, frozenset())
        found = self._shelf(out).closest(tags, slot.instant, RELATED + 1)
        chosen = [key for key in found if key != me][:RELATED]
        neighbours = (self._neighbour(self.find(*key), out[key].slot) for key in chosen)
        return tuple(one for one in neighbours if one)


def _updated(episode: Episode, slot: Slot, now: datetime) -> datetime:
    """Date the last real revision: the newest correction whose day has come, or the slot itself.

    A date ahead of the clock would stand in every feed as the hour of its last change. Looked at
    before its slot, an episode shows all that it will have.
    """
    ahead, zone = now < slot.instant, slot.zoned.tzinfo
    days = [datetime(c.on.year, c.on.month, c.on.day, tzinfo=zone) for c in episode.corrections]
    return max([slot.instant, *(day.astimezone(UTC) for day in days if ahead or day <= now)])


def by_slug(series: Iterable[Series]) -> dict[str, Series]:
    """Index series by slug, in the order of their slugs."""
    return {one.slug: one for one in sorted(series, key=lambda s: s.slug)}
