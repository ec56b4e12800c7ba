"""The frame that all pages of the reading room stand in: head, style, script, and the words around.

All are filled from ``templates/page``; none needs a script to be read, and none loads anything
from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from publisher.model.episode import Series
from publisher.model.publication import Palette, Publication
from publisher.render.address import absolute, encoded
from publisher.render.legible import one_line
from publisher.render.page.head import FeedLink, Head, feed_links
from publisher.render.page.listing import Listing, shortened
from publisher.render.paths import HOME, ICON, by_content, series_path
from publisher.render.theme import Templates, origin
from publisher.render.words import Voice

_NOT_IN_FONTS = re.compile(r"[{};<>\\@]|/\*|\*/")


@dataclass(frozen=True)
class Frame:
    """What every page of one publication shares. ``icon`` says whether ``/icon.png`` exists."""

    publication: Publication
    templates: Templates
    icon: bool = False

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

    def fill(
        self, name: str, language: str, here: str, head: Head, context: Mapping[str, object]
    ) -> str:
        """Fill a template of the reading room for the page at the path ``here``."""
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

        def once(macro: Callable[..., str], row: Listing, *how: object) -> str:
            known = (language, origin(macro), row.signature, how)
            if known not in self._lines:
                self._lines[known] = macro(row, *how)
            return self._lines[known]

        return once

    @cached_property
    def _lines(self) -> dict[tuple[object, ...], str]:
        return {}

    def head(self, words: str, path: str, description: str = "", **more: object) -> Head:
        """Say what stands in the head of a page: about ``words``, at ``path``."""
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
