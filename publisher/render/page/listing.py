"""An episode as it stands in a list: what its front matter says to everybody, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from publisher.model.body import Picture
from publisher.model.episode import Audience, Byline, Cover, Episode
from publisher.model.setting import Neighbour, Setting, episode_path
from publisher.render.address import Channel, picture_address
from publisher.render.legible import one_line

#: Longest description that a search engine or a messenger shows whole, in characters.
LONGEST = 160


def author_of(setting: Setting) -> Byline | None:
    """Say who wrote an episode: its own byline, or that of its series."""
    return setting.episode.byline or setting.series.byline


def authors_of(setting: Setting) -> tuple[str, ...]:
    """Name who wrote an episode, as lists show it; nobody if nobody is named."""
    author = author_of(setting)
    name = one_line(author.name) if author else ""
    return (name,) if name else ()


def tags_of(setting: Setting) -> tuple[str, ...]:
    """Give the tags of an episode and its series, each once, without the sign before it."""
    return _each_once((*setting.episode.tags, *setting.series.tags))


@lru_cache(maxsize=4096)  # asked for rows, for groups and for feeds
def _each_once(tags: tuple[str, ...]) -> tuple[str, ...]:
    named = (one_line(tag).lstrip("#") for tag in tags)
    unique: dict[str, str] = {}
    for tag in named:
        if tag:
            unique.setdefault(tag.casefold(), tag)
    return tuple(unique.values())


def summary_of(episode: Episode) -> str:
    """Give one plain sentence about an episode that anyone may read; empty if none was written."""
    return one_line(episode.summary or episode.deck)


def shortened(text: str, longest: int = LONGEST) -> str:
    """Cut a text at a space before it grows too long, with an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,.·") + "…"


def cover_of(setting: Setting) -> tuple[Cover, str] | None:
    """Give the cover with its address on the page, unless there is nothing to show."""
    cover = setting.episode.cover
    address = picture_address(setting, cover.picture, Channel.PAGE) if cover else ""
    return (cover, address) if cover and address else None


@dataclass(frozen=True)
class Listing:
    """One line of a list of episodes. ``day`` is the date in the zone of its series."""

    series: str
    series_title: str
    number: int
    title: str
    deck: str
    summary: str
    author: str
    tags: tuple[str, ...]
    language: str
    day: date
    members: bool
    cover: str = ""
    cover_alt: str = ""
    cover_width: int = 0
    cover_height: int = 0

    @property
    def path(self) -> str:
        """The path of the episode's page."""
        return episode_path(self.series, self.number)

    @property
    def neighbour(self) -> Neighbour:
        """The episode as another page speaks of it."""
        return Neighbour(self.series, self.series_title, self.number, self.title, self.deck)

    @cached_property
    def signature(self) -> str:
        """All of it as text: equal signatures look the same in every list."""
        return repr(self)


def listing(setting: Setting) -> Listing:
    """Take from a setting what lists show."""
    episode, series = setting.episode, setting.series
    cover = cover_of(setting)
    picture = cover[0].picture if cover else Picture("")
    return Listing(
        series=series.slug,
        series_title=one_line(series.title),
        number=episode.number,
        title=one_line(episode.title),
        deck=one_line(episode.deck),
        summary=summary_of(episode),
        author="".join(authors_of(setting)),
        tags=tags_of(setting),
        language=series.language,
        day=setting.slot.zoned.date(),
        members=episode.access is Audience.MEMBERS,
        cover=cover[1] if cover else "",
        cover_alt=one_line(cover[0].alt) if cover else "",
        cover_width=picture.width or 0,
        cover_height=picture.height or 0,
    )
