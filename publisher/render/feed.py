"""Feeds: one episode as an item, and items as RSS 2.0, Atom and JSON Feed 1.1."""

from __future__ import annotations

from dataclasses import replace

from publisher.model.episode import Series
from publisher.model.publication import Publication
from publisher.render.address import absolute
from publisher.render.feed_channel import Channel, Logo
from publisher.render.feed_item import item
from publisher.render.feed_json import json_feed
from publisher.render.feed_xml import atom, item_xml, rss
from publisher.render.page_address import HOME, ICON, series_path

__all__ = [
    "Channel",
    "Logo",
    "atom",
    "item",
    "item_xml",
    "json_feed",
    "publication_channel",
    "rss",
    "series_channel",
]


def publication_channel(publication: Publication, *, logo: bool = False, hub: str = "") -> Channel:
    """Describe the main feed of a publication. ``logo`` says whether ``/icon.png`` exists."""
    home = absolute(publication, HOME)
    return Channel(
        title=publication.name,
        description=publication.description or publication.name,
        page=home,
        feed=f"{home}feed.xml",
        language=publication.language,
        author=publication.name,
        copyright=publication.copyright,
        editor=publication.law.contact,
        logo=Logo(absolute(publication, ICON), 144, 144) if logo else None,
        hub=hub,
    )


def series_channel(
    publication: Publication, series: Series, *, logo: bool = False, hub: str = ""
) -> Channel:
    """Describe the feed of one series."""
    page = absolute(publication, series_path(series.slug))
    return replace(
        publication_channel(publication, logo=logo, hub=hub),
        title=series.title,
        description=series.description or series.title,
        page=page,
        feed=f"{page}feed.xml",
        language=series.language,
    )
