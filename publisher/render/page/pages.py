"""The pages of the reading room, each as one complete HTML document.

All are filled from ``templates/page``; none needs a script to be read, and none loads anything
from elsewhere. Lists get Listings, which hold nothing that is for members only. They stand in
one module, long as it is, because each is a few lines inside one frame and under one head.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from jinja2.runtime import Macro

from publisher.model.episode import Audience, Series
from publisher.model.publication import Palette, Publication
from publisher.model.setting import Neighbour, Setting
from publisher.render.address import Channel, absolute, encoded, is_public, picture_address
from publisher.render.legible import one_line
from publisher.render.page.announcing import Told, begins, rhythm, told
from publisher.render.page.body import Parts
from publisher.render.page.head import (
    FeedLink,
    Head,
    Image,
    article_data,
    feed_links,
    is_gated,
    site_data,
)
from publisher.render.page.listing import Listing, shortened, summary_of
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
    by_content,
    series_path,
    tag_path,
    year_path,
)
from publisher.render.theme import Templates
from publisher.render.words import Voice, month, speaker

#: Episodes on the front page besides the newest.
RECENT = 8
_NOT_IN_FONTS = re.compile(r"[{};<>\\@]|/\*|\*/")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an index: words, where they lead, and how many episodes stand there."""

    words: str
    path: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Month:
    words: str
    rows: Sequence[Listing]


@dataclass(frozen=True, slots=True)
class _More:
    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Pages:
    """Sets the pages of one publication.

    ``shelves`` are the series that lists name, ``coming`` the slugs of those with nothing out yet.
    ``subscribe`` is the path or address of the front door's form, empty when nobody answers there.
    ``icon`` says whether ``/icon.png`` exists.
    """

    publication: Publication
    templates: Templates
    shelves: tuple[Series, ...] = ()
    subscribe: str = "/subscribe"
    icon: bool = False
    coming: frozenset[str] = frozenset()

    # --- what every page shares -----------------------------------------------------

    @cached_property
    def style(self) -> bytes:
        """The style sheet, coloured by the publication's theme."""
        theme = self.publication.theme
        context: dict[str, Palette | str] = {
            "light": theme.light,
            "dark": theme.dark,
            "fonts": _NOT_IN_FONTS.sub("", theme.fonts),
        }
        return self.templates.fill("page/style.css.txt.j2", context).encode()

    @cached_property
    def script(self) -> bytes:
        """The script of the search page."""
        return self.templates.fill("page/search.js.txt.j2", {}).encode()

    @cached_property
    def style_path(self) -> str:
        return by_content("/assets/page.css", self.style)

    @cached_property
    def script_path(self) -> str:
        return by_content("/assets/search.js", self.script)

    def _fill(
        self, name: str, language: str, here: str, head: Head, context: Mapping[str, object]
    ) -> str:
        shared: dict[str, object] = {
            **Voice(language).words(),
            "publication": self.publication,
            "language": language,
            "here": here,
            "head": head,
            "style": self.style_path,
            "icon": ICON if self.icon else "",
            "link": encoded,
            "once": self._once(language),
        }
        return self.templates.fill(f"page/{name}.html.j2", {**shared, **context})

    def _once(self, language: str) -> Callable[..., str]:
        """Give what sets the line of an episode once for all the lists that it stands in.

        Called as ``once(macro, row, …)``. A long series has its thousand lines again under each of its
        tags, its author and its years.
        """

        def once(macro: Macro, row: Listing, *how: object) -> str:
            # Every page imports its macros anew; what they were compiled to stays the same.
            known = (language, macro._func.__code__, row.signature, how)
            if known not in self._lines:
                self._lines[known] = macro(row, *how)
            return self._lines[known]

        return once

    @cached_property
    def _lines(self) -> dict[tuple[object, ...], str]:
        return {}

    def _head(self, words: str, path: str, description: str = "", **more: object) -> Head:
        name = one_line(self.publication.name)
        heading = one_line(words)
        fields: dict[str, object] = {
            "title": f"{heading} – {name}" if heading != name else name,
            "heading": heading,
            "url": absolute(self.publication, path),
            "description": shortened(one_line(description)),
            "feeds": self.feeds,
        }
        return Head(**{**fields, **more})  # type: ignore[arg-type]  # the fields of Head, by name

    @cached_property
    def feeds(self) -> tuple[FeedLink, ...]:
        """The feeds of the whole publication."""
        return feed_links(self.publication, HOME, one_line(self.publication.name))

    def series_feeds(self, series: Series) -> tuple[FeedLink, ...]:
        """The feeds of one series."""
        return feed_links(self.publication, series_path(series.slug), one_line(series.title))

    @cached_property
    def told(self) -> list[Told]:
        """The series, as lists tell of them."""
        return told(self.shelves, self.coming)

    @property
    def _membership(self) -> str:
        url = self.publication.membership_url
        return encoded(url) if url.startswith("/") or is_public(url) else ""

    # --- an episode -----------------------------------------------------------------

    def episode(
        self,
        setting: Setting,
        audience: Audience,
        following: Neighbour | None = None,
        card: Image | None = None,
    ) -> str:
        """Set the page of one episode for an audience.

        ``following`` is the next episode of the series once it is out; ``card`` the drawn picture
        that stands for the page elsewhere (default: the cover).
        """
        parts = Parts.of(setting, Channel.PAGE, audience, self.templates)
        context = parts.context(with_next=following is None)
        free = audience is Audience.FREE
        shown = {
            **context,
            "series_path": series_path(setting.series.slug),
            "published": setting.slot.zoned.isoformat(),
            "date": setting.slot.zoned.date(),
            "previous": setting.previous,
            "following": following,
            # One call is enough: an editor's own, or the wall's, stands for it.
            "membership": self._membership if free and not context["asks"] else "",
        }
        head = self._episode_head(parts.setting, setting, following, card or _cover_card(setting))
        language = setting.series.language
        return self._fill("episode", language, "", head, shown)

    def _episode_head(
        self, seen: Setting, whole: Setting, following: Neighbour | None, image: Image | None
    ) -> Head:
        """Make the head from what the audience sees; only the measure of the wall needs the whole."""
        series, episode = seen.series, seen.episode
        picture = {
            "image_url": image.url if image else "",
            "image_alt": image.alt if image else "",
            "image_width": image.width if image else 0,
            "image_height": image.height if image else 0,
        }
        previous = seen.previous
        return self._head(
            episode.title,
            f"/{series.slug}/{episode.number}/",
            summary_of(episode),
            title=f"{one_line(episode.title)} – {one_line(series.title)}",
            kind="article",
            published=seen.slot.zoned.isoformat(),
            modified=seen.updated.astimezone(seen.slot.zoned.tzinfo).isoformat(),
            previous=absolute(self.publication, previous.path) if previous else "",
            next=absolute(self.publication, following.path) if following else "",
            feeds=(*self.series_feeds(series), *self.feeds),
            data=article_data(seen, image, gated=is_gated(whole)),
            **picture,
        )

    # --- lists ----------------------------------------------------------------------

    def home(self, rows: Sequence[Listing]) -> str:
        """Set the front page from the newest episodes, newest first."""
        head = self._head(
            self.publication.name,
            HOME,
            self.publication.description,
            data=site_data(self.publication),
        )
        context = {
            "newest": rows[0] if rows else None,
            "rows": rows[1 : RECENT + 1],
            "subscribe": self.subscribe,
            "shelves": self.told,
        }
        return self._fill("home", self.publication.language, HOME, head, context)

    def series(self, series: Series, rows: Sequence[Listing]) -> str:
        """Set the page of a series with all of its episodes, newest first."""
        path = series_path(series.slug)
        feeds = (*self.series_feeds(series), *self.feeds)
        head = self._head(series.title, path, series.description, feeds=feeds)
        coming = "" if rows else begins(series)
        context = {"series": series, "rows": rows, "rhythm": rhythm(series), "begins": coming}
        return self._fill("series", series.language, path, head, context)

    def tag(self, tag: str, rows: Sequence[Listing]) -> str:
        """Set the page of a tag."""
        path = tag_path(tag)
        own = feed_links(self.publication, path, f"#{tag} – {one_line(self.publication.name)}")
        head = self._head(f"#{tag}", path, feeds=(*own, *self.feeds))
        say = speaker(self.publication.language)
        above = Row(say("Tags"), TAGS)
        context = {"above": above, "feed": encoded(path + "feed.xml")}
        return self._list(f"#{tag}", path, head, [_Month("", rows)], context)

    def author(self, name: str, rows: Sequence[Listing]) -> str:
        """Set the page of an author."""
        path = author_path(name)
        say = speaker(self.publication.language)
        context = {"label": say("Author")}
        return self._list(name, path, self._head(name, path), [_Month("", rows)], context)

    def year(self, year: int, rows: Sequence[Listing], others: Iterable[int]) -> str:
        """Set all that came out in a year, by month."""
        path, language = year_path(year), self.publication.language
        say = speaker(language)
        words = say("{year}", year=year)
        months = [
            _Month(name, list(group))
            for name, group in groupby(rows, key=lambda row: month(row.day, language))
        ]
        years = sorted(others)
        before = [y for y in years if y < year][-1:]
        after = [y for y in years if y > year][:1]
        context = {
            "above": Row(say("Archive"), ARCHIVE),
            "previous": next((_year(y, language) for y in before), None),
            "following": next((_year(y, language) for y in after), None),
        }
        return self._list(words, path, self._head(words, path), months, context)

    def _list(
        self,
        heading: str,
        path: str,
        head: Head,
        months: Sequence[_Month],
        context: Mapping[str, object],
    ) -> str:
        every: dict[str, object] = {
            "heading": heading,
            "months": months,
            "count": sum(len(m.rows) for m in months),
            "above": None,
            "label": "",
            "feed": "",
            "previous": None,
            "following": None,
        }
        return self._fill("list", self.publication.language, path, head, {**every, **context})

    def archive(self, years: Mapping[int, int], authors: Sequence[Row]) -> str:
        """Set the list of years, with the authors after it."""
        language = self.publication.language
        say = speaker(language)
        rows = [_year(year, language, years[year]) for year in sorted(years, reverse=True)]
        more = _More(say("Authors"), authors) if authors else None
        head = self._head(say("Archive"), ARCHIVE)
        context = {"heading": say("Archive"), "rows": rows, "more": more}
        return self._fill("index", language, ARCHIVE, head, context)

    def tags(self, rows: Sequence[Row]) -> str:
        """Set the list of all tags."""
        language = self.publication.language
        say = speaker(language)
        words = say("Tags")
        context = {"heading": words, "rows": rows, "more": None}
        return self._fill("index", language, TAGS, self._head(words, TAGS), context)

    # --- pages of their own ---------------------------------------------------------

    def search(self) -> str:
        """Set the search page."""
        language = self.publication.language
        say = speaker(language)
        head = self._head(say("Search"), SEARCH)
        context = {"script": self.script_path, "index": SEARCH_INDEX}
        return self._fill("search", language, SEARCH, head, context)

    def about(self, path: str = ABOUT) -> str:
        """Set the page that says what this is and how to get it; ``/join/`` is the same page."""
        language = self.publication.language
        say = speaker(language)
        heading = say("About and subscribe")
        head = self._head(heading, ABOUT, self.publication.description)
        series = (feed for one in self.shelves for feed in self.series_feeds(one)[:1])
        membership = self._membership
        context = {
            "shelves": self.told,
            "feeds": [*self.feeds, *series],
            "subscribe": self.subscribe,
            "membership": membership,
            "membership_away": membership not in {"", JOIN, ABOUT},
        }
        return self._fill("about", language, path, head, context)

    def missing(self) -> str:
        """Set the page for addresses where nothing is."""
        language = self.publication.language
        say = speaker(language)
        head = self._head(say("There is no page here."), MISSING, hidden=True)
        return self._fill("missing", language, MISSING, head, {})


def _year(year: int, language: str, count: int = 0) -> Row:
    say = speaker(language)
    return Row(say("{year}", year=year), year_path(year), count)


def _cover_card(setting: Setting) -> Image | None:
    """Take the cover for the picture that stands for the page elsewhere."""
    cover = setting.episode.cover
    address = picture_address(setting, cover.picture, Channel.MAIL) if cover else ""
    if cover is None or not address:
        return None
    picture = cover.picture
    return Image(address, one_line(cover.alt), picture.width or 0, picture.height or 0)
