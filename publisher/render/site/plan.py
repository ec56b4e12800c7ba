"""The whole reading room as a plan: every file it has, and of what each is made.

Nothing is set until a sheet is asked for its bytes, and a sheet's digest stands for all they
depend on: after one changed episode only its page, its neighbours and the lists that name
it are made again. Only the episodes that are handed in exist here: drafts never get this far.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from publisher import __version__
from publisher.model.body import Picture
from publisher.model.edition import digest_of
from publisher.model.episode import Audience, Series
from publisher.model.publication import Publication
from publisher.model.setting import Setting
from publisher.render.address import absolute, logo_path
from publisher.render.page.frame import Frame
from publisher.render.page.head import Image
from publisher.render.page.listing import Listing, authors_of, listing, tags_of
from publisher.render.page.pages import RECENT, Pages
from publisher.render.page.painter import SIZE
from publisher.render.page.pictures import card_path, of_series, painted, pictures
from publisher.render.page.search import index
from publisher.render.paths import (
    ABOUT,
    ARCHIVE,
    HOME,
    ICON,
    JOIN,
    MISSING,
    SEARCH,
    SEARCH_INDEX,
    TAGS,
    author_path,
    on_disk,
    series_path,
    tag_path,
)
from publisher.render.site.choices import Choices
from publisher.render.site.glance import Glance, glance
from publisher.render.site.lists import ListSheets
from publisher.render.site.seals import Key, Seals, key_of
from publisher.render.site.sheet import Sheet
from publisher.render.site.sitemap import robots, sitemap
from publisher.render.site.syndication import Syndication
from publisher.render.theme import Templates

#: Gives the bytes of a file of the publication by its path, as Picture.path and Theme.logo name it.
Reader = Callable[[str], bytes]


@dataclass(frozen=True, eq=False)
class Site:
    """One publication's reading room. ``out`` are the episodes that are out, each with its setting.

    ``announced`` are series that have none out yet: what their ``series.toml`` says is shown,
    with the day they begin, and their feeds stand ready to be followed.
    """

    publication: Publication
    out: Sequence[Setting]
    templates: Templates
    read: Reader
    choices: Choices
    glance: Callable[[Setting], Glance] = glance
    announced: Sequence[Series] = ()

    def sheets(self, heavy: Callable[[], Iterable[Sheet]] | None = None) -> Iterator[Sheet]:
        """Plan every file, in an order in which nothing points at what is not there yet.

        ``heavy`` gives what the method of that name does, if somebody else plans it.
        """
        yield from self._assets()
        for setting in self.settings:
            yield from self._episode(setting)
        yield from self.lists()
        yield from (heavy or self.heavy)()
        yield from self._front()

    def heavy(self) -> Iterator[Sheet]:
        """Plan what takes longest after one change: the feeds, and the index of the search."""
        yield from self.syndication.sheets()
        yield self._index()

    # --- what is at hand ------------------------------------------------------------

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The episodes, newest first; links among them lead to what is out and nowhere else."""
        ordered = sorted(self.out, key=_age, reverse=True)
        known = self._known
        # Most know it already, and to make a thousand settings anew takes a while.
        return tuple(s if s.known is known else replace(s, known=known) for s in ordered)

    @cached_property
    def _known(self) -> frozenset[Key]:
        known = frozenset((s.series.slug, s.episode.number) for s in self.out)
        return next((s.known for s in self.out if s.known == known), known)

    @cached_property
    def rows(self) -> dict[Key, Listing]:
        """What lists show of each episode, newest first."""
        return {key_of(setting): listing(setting) for setting in self.settings}

    @cached_property
    def by_series(self) -> dict[str, tuple[Series, list[Setting]]]:
        """The series by slug, each with its episodes that are out, newest first."""
        shelves: dict[str, tuple[Series, list[Setting]]] = {}
        for setting in self.settings:
            shelves.setdefault(setting.series.slug, (setting.series, []))[1].append(setting)
        for series in self.announced:
            shelves.setdefault(series.slug, (series, []))
        return dict(sorted(shelves.items()))

    @cached_property
    def following(self) -> dict[Key, Listing]:
        """The next episode that is out, for every episode that has one."""
        found = {}
        for _, settings in self.by_series.values():
            order = sorted(settings, key=lambda s: s.episode.number)
            for one, after in pairwise(order):
                found[key_of(one)] = self.rows[key_of(after)]
        return found

    @cached_property
    def frame(self) -> Frame:
        """What all pages share."""
        return Frame(self.publication, self.templates, icon=self.choices.painter is not None)

    @cached_property
    def pages(self) -> Pages:
        """Whoever sets the pages that are no lists."""
        return Pages(
            self.frame,
            tuple(series for series, _ in self.by_series.values()),
            self.choices.subscribe,
            coming=frozenset(slug for slug, (_, out) in self.by_series.items() if not out),
        )

    @cached_property
    def _seals(self) -> Seals:
        choices = (self.choices.subscribe, self.choices.painter is not None)
        said = (__version__, self.templates.digest, repr(self.publication), repr(choices))
        base = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).digest()
        shown = {slug: series for slug, (series, _) in self.by_series.items()}
        return Seals(base, self.settings, shown, self._known, self.glance)

    @cached_property
    def _shared_pictures(self) -> dict[str, tuple[Picture, ...]]:
        """The pictures in the intro and footer of each series."""
        return {slug: of_series(series) for slug, (series, _) in self.by_series.items()}

    # --- the sheets -----------------------------------------------------------------

    def _assets(self) -> Iterator[Sheet]:
        frame = self.frame
        for path, data in ((frame.style_path, frame.style), (frame.script_path, frame.script)):
            yield Sheet(on_disk(path), path, lambda data=data: data)  # type: ignore[misc]
        painter, theme = self.choices.painter, self.publication.theme
        if logo := logo_path(theme):
            octets = self.read(theme.logo)
            yield Sheet(on_disk(logo), digest_of(octets), lambda: octets)
        if painter:
            parts = (ICON, self.publication.name, repr(theme), painter.name)
            yield Sheet(on_disk(ICON), self._seals.of(*parts), self._icon)

    def _icon(self) -> bytes:
        painter, theme = self.choices.painter, self.publication.theme
        if painter is None:
            raise ValueError("an icon needs somebody who paints it")
        logo = self.read(theme.logo) if theme.logo else b""
        return painter.icon(self.publication.name, theme.light, logo)

    def _episode(self, setting: Setting) -> Iterator[Sheet]:
        shared = self._shared_pictures[setting.series.slug]
        inside = self.glance(setting).pictured
        for path, picture in pictures(setting, shared, inside=inside).items():
            yield Sheet(on_disk(path), picture.digest or "", lambda p=picture: self._read(p.path))  # type: ignore[misc]
        row, painter, card = self.rows[key_of(setting)], self.choices.painter, None
        if painter:
            path = card_path(setting)
            card = Image(absolute(self.publication, path), row.title, *SIZE)
            yield Sheet(on_disk(path), path, lambda: painted(setting, painter))
        after = self.following.get(key_of(setting))
        yield self._seals.sheet(
            row.path,
            lambda: self.pages.episode(
                setting, Audience.FREE, after.neighbour if after else None, card
            ),
            self._seals.text(setting),
            self._seals.around(setting),
            repr(after and after.neighbour),
            card.url if card else "",
        )

    def _read(self, path: str | None) -> bytes:
        return self.read(path or "")

    def lists(self) -> Iterator[Sheet]:
        """Plan every list of episodes."""
        lists = ListSheets(self.frame, self._seals, self.rows)
        for series, settings in self.by_series.values():
            yield from lists.series(series, settings)
        yield from lists.tags(self._by_tag)
        yield from lists.authors(self._by_author)
        yield from lists.archive(self._by_author)

    @cached_property
    def _by_tag(self) -> dict[str, tuple[str, list[Setting]]]:
        return self._grouped(tags_of, tag_path)

    @cached_property
    def _by_author(self) -> dict[str, tuple[str, list[Setting]]]:
        return self._grouped(authors_of, author_path)

    def _grouped(
        self, words: Callable[[Setting], Sequence[str]], path_of: Callable[[str], str]
    ) -> dict[str, tuple[str, list[Setting]]]:
        """Group the episodes by a word of theirs, by the path of its page; newest first in each."""
        groups: dict[str, tuple[str, list[Setting]]] = {}
        for setting in self.settings:
            # Two spellings may share a page; an episode that has both stands there once.
            for path, word in {path_of(w): w for w in words(setting)}.items():
                groups.setdefault(path, (word, []))[1].append(setting)
        return dict(sorted(groups.items()))

    def _index(self) -> Sheet:
        rows = self.rows.values()
        found = [
            (row.signature, *self._headings(s)) for s, row in zip(self.settings, rows, strict=True)
        ]
        return Sheet(
            on_disk(SEARCH_INDEX),
            self._seals.of(SEARCH_INDEX, repr(found)),
            lambda: index(self.settings, rows, self._headings),
        )

    def _headings(self, setting: Setting) -> Sequence[str]:
        return self.glance(setting).headings

    def _front(self) -> Iterator[Sheet]:
        rows = list(self.rows.values())[: RECENT + 1]
        shelves = repr([one.signature for one in self.pages.told])
        shown = [row.signature for row in rows]
        yield self._seals.sheet(HOME, lambda: self.pages.home(rows), shelves, *shown)
        yield self._seals.sheet(ABOUT, self.pages.about, shelves)
        if self.publication.membership_url == JOIN:
            yield self._seals.sheet(JOIN, lambda: self.pages.about(JOIN), shelves)
        yield self._seals.sheet(SEARCH, self.pages.search)
        yield self._seals.sheet(MISSING, self.pages.missing)
        dated = [
            (row.path, s.updated) for row, s in zip(self.rows.values(), self.settings, strict=True)
        ]
        lists = [HOME, ABOUT, ARCHIVE, TAGS, *(series_path(slug) for slug in self.by_series)]
        yield self._seals.sheet(
            "/sitemap.xml", lambda: sitemap(self.publication, dated, lists), repr((dated, lists))
        )
        yield self._seals.sheet("/robots.txt", lambda: robots(self.publication))

    @cached_property
    def syndication(self) -> Syndication:
        """The feeds of all this."""
        by_series = self.by_series.values()
        return Syndication(
            self.publication,
            self.choices,
            self.templates,
            self._seals,
            self.settings,
            tuple(by_series),
            self._by_tag,
        )


def _age(setting: Setting) -> tuple[object, ...]:
    return (setting.slot.instant, setting.guid)
