"""The compositor's table: everything around an episode, gathered before it is set.

Which episode comes next and when, which came before, which are akin: derived from the files,
the calendar and what is published. A draft or a later episode never shows but as the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice

from publisher.model.calendar import Entry, coming
from publisher.model.episode import Course, Episode, Series
from publisher.model.history import Histories, History, Published, guid_of
from publisher.model.publication import Publication
from publisher.model.setting import Neighbour, Setting
from publisher.model.slot import Slot

RELATED = 3
#: Slots looked at beyond the number of episodes: pinned ones may stand behind empty slots.
PINNED_MORE = 60
#: An episode's series and number.
Key = tuple[str, int]
NO_HISTORY = History()


@dataclass(frozen=True)
class Table:
    """All that is known at one moment: files, calendar, history."""

    publication: Publication
    series: Mapping[str, Series]
    episodes: tuple[Episode, ...]
    histories: Histories
    now: datetime

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
    def _by_tag(self) -> dict[str, list[Key]]:
        """Index episodes by the tags that tell them apart; what all of a series bear does not."""
        index: dict[str, list[Key]] = {}
        for episode in self.episodes:
            for tag in self._own_tags(episode):
                index.setdefault(tag, []).append((episode.series, episode.number))
        return index

    def _own_tags(self, episode: Episode) -> list[str]:
        shared = {tag.casefold() for tag in self.series[episode.series].tags}
        return sorted({tag.casefold() for tag in episode.tags} - shared)

    def find(self, series: str, number: int) -> Episode | None:
        """Find the episode of a number; with a number taken twice, the first by path."""
        return self._by_name.get((series, number))

    def calendar(self, slug: str, slots: int) -> tuple[Entry, ...]:
        """Give the next open slots of a series, at most so many."""
        series = self.series[slug]
        history = self.histories.get(slug, NO_HISTORY)
        since = history.since or self.now
        mine = self._by_series[slug]
        return tuple(islice(coming(series, mine, history.past, since, self.now), slots))

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
            updated=_updated(episode, slot),
            next=self._neighbour(following, self._slot_of(following, out, after=slot)),
            previous=self._neighbour(before, out[key].slot)
            if before and (key := (before.series, before.number)) in out
            else None,
            related=self._related(episode, slot, out),
            finale=series.course is Course.FINISHED and following is None,
            known=frozenset(out) | {(e.series, e.number) for e in [episode, following] if e},
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
        if episode is None:
            return None
        return Neighbour(
            series=episode.series,
            series_title=self.series[episode.series].title,
            number=episode.number,
            title=episode.title,
            deck=episode.deck,
            teaser=episode.teaser,
            slot=slot,
        )

    def _related(
        self, episode: Episode, slot: Slot, out: Mapping[Key, Published]
    ) -> tuple[Neighbour, ...]:
        """Choose the episodes that share most tags, newest first among equals."""
        me = (episode.series, episode.number)
        shared: Counter[Key] = Counter()
        for tag in self._own_tags(episode):
            shared.update(self._by_tag.get(tag, ()))
        earlier = [
            (-count, -out[key].slot.instant.timestamp(), key)
            for key, count in shared.items()
            if key != me and key in out and out[key].slot.instant < slot.instant
        ]
        chosen = [(self.find(*key), out[key].slot) for _, _, key in sorted(earlier)[:RELATED]]
        return tuple(near for near in (self._neighbour(e, s) for e, s in chosen) if near)


def _updated(episode: Episode, slot: Slot) -> datetime:
    """Date the last real revision: the newest correction, or the slot itself."""
    zone = slot.zoned.tzinfo
    days = [datetime(c.on.year, c.on.month, c.on.day, tzinfo=zone) for c in episode.corrections]
    return max([slot.instant, *(day.astimezone(UTC) for day in days)])


def by_slug(series: Iterable[Series]) -> dict[str, Series]:
    """Index series by slug, in the order of their slugs."""
    return {one.slug: one for one in sorted(series, key=lambda s: s.slug)}
