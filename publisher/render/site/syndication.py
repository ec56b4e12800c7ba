"""Every feed of the reading room, living and past: of the publication, each series and each tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from publisher.model.edition import FeedItem
from publisher.model.episode import Audience, Series
from publisher.model.publication import Publication
from publisher.model.setting import Setting
from publisher.render.address import absolute
from publisher.render.feed.channel import Channel, publication_channel, series_channel
from publisher.render.feed.item import item, teaser
from publisher.render.paths import HOME, series_path
from publisher.render.site.choices import Choices
from publisher.render.site.seals import Key, Seals, key_of
from publisher.render.site.sheet import Sheet
from publisher.render.site.shelf import Entry, Shelf, archives, feeds
from publisher.render.theme import Templates

#: Items at hand while archives are written: an archive of a tag reaches far back.
_ITEMS_KEPT = 1_024


@dataclass(frozen=True, eq=False)
class Syndication:
    """The feeds of one plan. All episodes come newest first; those of a tag by the path of its page."""

    publication: Publication
    choices: Choices
    templates: Templates
    seals: Seals
    settings: Sequence[Setting]
    by_series: Sequence[tuple[Series, Sequence[Setting]]]
    by_tag: Mapping[str, tuple[str, Sequence[Setting]]]

    def sheets(self) -> Iterator[Sheet]:
        """Plan archives by their last episode, so that an item set for one feed is at hand for others."""
        shelves = list(self.shelves())
        old = [pair for shelf in shelves for pair in archives(shelf, self._address, self.seals.of)]
        yield from (sheet for _, sheet in sorted(old, key=lambda pair: pair[0]))
        for shelf in shelves:
            yield from feeds(shelf, self._address, self.seals.of)

    def shelves(self) -> Iterator[Shelf]:
        """Give the feeds there are: of each series, of each tag, and of the whole."""
        logo, hub = self.choices.painter is not None, self.choices.hub
        whole = publication_channel(self.publication, logo=logo, hub=hub)
        for series, settings in self.by_series:
            channel = series_channel(self.publication, series, logo=logo, hub=hub)
            yield self._shelf(series_path(series.slug), channel, settings)
        for path, (tag, settings) in self.by_tag.items():
            title = f"#{tag} – {self.publication.name}"
            # A hub is told of the publication and its series alone: few pings before a mail.
            channel = replace(whole, title=title, page=self._address(path), hub="")
            yield self._shelf(path, channel, settings)
        yield self._shelf(HOME, whole, self.settings)

    def _address(self, path: str) -> str:
        return absolute(self.publication, path)

    def _shelf(self, folder: str, channel: Channel, settings: Sequence[Setting]) -> Shelf:
        shown = (self._entries.get(key_of(setting)) for setting in reversed(settings))
        return Shelf(
            folder, channel, tuple(entry for entry in shown if entry), self.choices.feed_items
        )

    @cached_property
    def _entries(self) -> dict[Key, Entry]:
        """The episodes that stand in public feeds."""

        @lru_cache(maxsize=_ITEMS_KEPT)
        def made(place: int) -> FeedItem:
            setting = self.settings[place]
            make = teaser if self.choices.show(setting) == "teaser" else item
            return make(setting, Audience.FREE, self.templates)

        found = {}
        for place, setting in enumerate(self.settings):
            show = self.choices.show(setting)
            if show == "omit":
                continue
            around = self.seals.around(setting) if self.seals.glance(setting).boxed else ""
            found[key_of(setting)] = Entry(
                setting.slot.instant,
                setting.updated,
                self.seals.of(show, self.seals.text(setting), around),
                partial(made, place),
            )
        return found
