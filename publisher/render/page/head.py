"""What a page says of itself to machines: search engines, messengers, feed readers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from publisher.model.edition import Card
from publisher.model.episode import Audience
from publisher.model.publication import Publication
from publisher.model.setting import Setting
from publisher.render.address import Channel, absolute, permalink, picture_address
from publisher.render.gate import has_gate
from publisher.render.legible import one_line
from publisher.render.page.listing import author_of, shortened, summary_of, tags_of
from publisher.render.paths import series_path

RSS = "application/rss+xml"
ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that follows a page: what it is called, its media type, its absolute address."""

    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Image:
    """The picture that stands for a page elsewhere, with its absolute address."""

    url: str
    alt: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one page. Addresses are absolute and percent-encoded; texts are plain.

    ``heading`` is the title without the publication's name. A ``hidden`` page asks not to be
    indexed and gives no card.
    """

    title: str
    heading: str
    url: str
    description: str = ""
    kind: str = "website"
    image_url: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0
    published: str = ""
    modified: str = ""
    previous: str = ""
    next: str = ""
    feeds: tuple[FeedLink, ...] = ()
    data: Markup | None = None
    hidden: bool = False


def feed_links(publication: Publication, folder: str, title: str) -> tuple[FeedLink, ...]:
    """Name the three feeds that stand in a folder, main one first, so readers find them."""
    named = (
        ("feed.xml", RSS, ""),
        ("atom.xml", ATOM, " (Atom)"),
        ("feed.json", JSON_FEED, " (JSON)"),
    )
    return tuple(
        FeedLink(title + more, kind, absolute(publication, folder + name))
        for name, kind, more in named
    )


def embedded(data: dict[str, Any]) -> Markup:
    """Write JSON-LD for a script element: nothing in it can end the element or begin a comment."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        written = written.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(written)  # noqa: S704 -- every mark that HTML knows is escaped above


def article_data(setting: Setting, image: Image | None, *, gated: bool) -> Markup:
    """Describe an episode as a schema.org Article in its series; say honestly what is behind a wall."""
    episode, publication = setting.episode, setting.publication
    author = author_of(setting)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": one_line(episode.title),
        "alternativeHeadline": one_line(episode.deck),
        "description": one_line(episode.summary or episode.deck),
        "inLanguage": setting.series.language,
        "url": permalink(setting),
        "mainEntityOfPage": permalink(setting),
        "datePublished": setting.slot.zoned.isoformat(),
        "dateModified": setting.updated.astimezone(setting.slot.zoned.tzinfo).isoformat(),
        "author": {"@type": "Person", "name": one_line(author.name)} if author else None,
        "publisher": _organization(publication),
        "image": image.url if image else "",
        "keywords": ", ".join(tags_of(setting)),
        "position": episode.number,
        "isPartOf": {
            "@type": "CreativeWorkSeries",
            "name": one_line(setting.series.title),
            "url": absolute(publication, series_path(setting.series.slug)),
        },
        "isAccessibleForFree": not gated,
    }
    if gated:
        data["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".wall",
        }
    return embedded({key: value for key, value in data.items() if value not in ("", None)})


def site_data(publication: Publication) -> Markup:
    """Describe the reading room as a schema.org WebSite."""
    return embedded(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": publication.name,
            "url": absolute(publication, "/"),
            "inLanguage": publication.language,
            "publisher": _organization(publication),
        }
    )


def _organization(publication: Publication) -> dict[str, str]:
    return {
        "@type": "Organization",
        "name": publication.name,
        "url": absolute(publication, "/"),
    }


def is_gated(setting: Setting) -> bool:
    """Say whether any of an episode, as it came from the editor, is for members only."""
    return setting.episode.access is Audience.MEMBERS or has_gate(setting.episode.body)


def social(setting: Setting) -> Card:
    """Give the words and the picture that a link to an episode shows elsewhere.

    Nothing but front matter, whichever audience the page is for: a card is seen by everybody.
    """
    cover = setting.episode.cover
    return Card(
        title=one_line(setting.episode.title),
        description=shortened(summary_of(setting.episode)),
        image_url=picture_address(setting, cover.picture, Channel.MAIL) if cover else "",
        image_alt=one_line(cover.alt) if cover else "",
    )
