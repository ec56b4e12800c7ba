"""The pages of the reading room, each as one complete HTML document.

The front page gets Listings, which hold nothing that is for members only; so do the lists, which
are set by ``Lists``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from publisher.model.episode import Audience, Series
from publisher.model.setting import Neighbour, Setting
from publisher.render.address import Channel, absolute, encoded, is_public, picture_address
from publisher.render.legible import one_line
from publisher.render.page.announcing import Told, told
from publisher.render.page.body import Parts
from publisher.render.page.frame import Frame
from publisher.render.page.head import Head, Image, article_data, is_gated, site_data
from publisher.render.page.listing import Listing, summary_of
from publisher.render.paths import ABOUT, HOME, JOIN, MISSING, SEARCH, SEARCH_INDEX, series_path
from publisher.render.words import speaker

#: Episodes on the front page besides the newest.
RECENT = 8


@dataclass(frozen=True)
class Pages:
    """Sets the pages of one publication.

    ``shelves`` are the series that lists name, ``coming`` the slugs of those with nothing out yet.
    ``subscribe`` is the path or address of the front door's form, empty when nobody answers there.
    """

    frame: Frame
    shelves: tuple[Series, ...] = ()
    subscribe: str = ""
    coming: frozenset[str] = frozenset()

    @cached_property
    def told(self) -> list[Told]:
        """The series, as lists tell of them."""
        return told(self.shelves, self.coming)

    @property
    def _membership(self) -> str:
        url = self.frame.publication.membership_url
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
        parts = Parts.of(setting, Channel.PAGE, audience, self.frame.templates)
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
        return self.frame.fill("episode", language, "", head, shown)

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
        return self.frame.head(
            episode.title,
            f"/{series.slug}/{episode.number}/",
            summary_of(episode),
            title=f"{one_line(episode.title)} – {one_line(series.title)}",
            kind="article",
            published=seen.slot.zoned.isoformat(),
            modified=seen.updated.astimezone(seen.slot.zoned.tzinfo).isoformat(),
            previous=absolute(self.frame.publication, previous.path) if previous else "",
            next=absolute(self.frame.publication, following.path) if following else "",
            feeds=(*self.frame.series_feeds(series), *self.frame.feeds),
            data=article_data(seen, image, gated=is_gated(whole)),
            **picture,
        )

    # --- pages of their own ---------------------------------------------------------

    def home(self, rows: Sequence[Listing]) -> str:
        """Set the front page from the newest episodes, newest first."""
        head = self.frame.head(
            self.frame.publication.name,
            HOME,
            self.frame.publication.description,
            data=site_data(self.frame.publication),
        )
        context = {
            "newest": rows[0] if rows else None,
            "rows": rows[1 : RECENT + 1],
            "subscribe": self.subscribe,
            "shelves": self.told,
        }
        return self.frame.fill("home", self.frame.publication.language, HOME, head, context)

    def search(self) -> str:
        """Set the search page."""
        language = self.frame.publication.language
        say = speaker(language)
        head = self.frame.head(say("Search"), SEARCH)
        context = {"script": self.frame.script_path, "index": SEARCH_INDEX}
        return self.frame.fill("search", language, SEARCH, head, context)

    def about(self, path: str = ABOUT) -> str:
        """Set the page that says what this is and how to get it; ``/join/`` is the same page."""
        language = self.frame.publication.language
        say = speaker(language)
        heading = say("About and subscribe")
        head = self.frame.head(heading, ABOUT, self.frame.publication.description)
        series = (feed for one in self.shelves for feed in self.frame.series_feeds(one)[:1])
        membership = self._membership
        context = {
            "shelves": self.told,
            "feeds": [*self.frame.feeds, *series],
            "subscribe": self.subscribe,
            "membership": membership,
            "membership_away": membership not in {"", JOIN, ABOUT},
        }
        return self.frame.fill("about", language, path, head, context)

    def missing(self) -> str:
        """Set the page for addresses where nothing is."""
        language = self.frame.publication.language
        say = speaker(language)
        head = self.frame.head(say("There is no page here."), MISSING, hidden=True)
        return self.frame.fill("missing", language, MISSING, head, {})


def _cover_card(setting: Setting) -> Image | None:
    """Take the cover for the picture that stands for the page elsewhere."""
    cover = setting.episode.cover
    address = picture_address(setting, cover.picture, Channel.MAIL) if cover else ""
    if cover is None or not address:
        return None
    picture = cover.picture
    return Image(address, one_line(cover.alt), picture.width or 0, picture.height or 0)
