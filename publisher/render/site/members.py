"""A member's own feed: the same episodes under the same names, in full.

Its address is a secret of one member, so nothing in it says where it stands: no self link, by
which a reader might pass it on or fall back to the public feed, and no hub.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cached_property

from publisher.model.episode import Audience
from publisher.render.feed.item import item
from publisher.render.paths import HOME, series_path
from publisher.render.site.plan import Site
from publisher.render.site.shelf import WRITERS, Shelf, living


class MembersFeeds:
    """The feeds of one state of a publication, for members; each is set when it is first asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._written: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        """Give the members' twin of ``feed.xml``, ``slug/atom.xml`` or ``slug/feed.json``.

        None where no such feed stands for everybody; tags and archives have no twin.
        """
        path = unicodedata.normalize("NFC", path)
        if path not in self._written:
            folder, _, name = path.rpartition("/")
            shelf = self._shelves.get(folder)
            if shelf is None or name not in WRITERS:
                return None
            self._written[path] = self._write(shelf, name)
        return self._written[path]

    @cached_property
    def _shelves(self) -> dict[str, Shelf]:
        wanted = {series_path(slug): slug for slug in self._site.by_series} | {HOME: ""}
        return {
            wanted[shelf.folder]: shelf
            for shelf in self._site.syndication.shelves()
            if shelf.folder in wanted
        }

    def _write(self, shelf: Shelf, name: str) -> bytes:
        slug = shelf.folder.strip("/")
        settings = [s for s in self._site.settings if not slug or s.series.slug == slug]
        settings.reverse()
        dates = [(setting.slot.instant, setting.updated) for setting in settings]
        shown = [settings[place] for place in living(dates, self._site.choices.feed_items)]
        items = [item(setting, Audience.MEMBERS, self._site.templates) for setting in shown]
        return WRITERS[name](replace(shelf.channel, feed="", hub=""), items)
