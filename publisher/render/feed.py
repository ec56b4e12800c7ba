"""Feeds: one episode as an item, and items as RSS 2.0, Atom and JSON Feed 1.1."""

from __future__ import annotations

from publisher.model.setting import Setting
from publisher.render.address import absolute
from publisher.render.feed_channel import Channel, Logo
from publisher.render.feed_item import item
from publisher.render.feed_json import json_feed
from publisher.render.feed_xml import atom, item_xml, rss
from publisher.render.page_address import series_path

__all__ = ["Channel", "Logo", "atom", "item", "item_xml", "json_feed", "rss", "series_channel"]


def series_channel(setting: Setting) -> Channel:
    """Describe the feed of the series that an episode belongs to."""
    publication, series = setting.publication, setting.series
    path = series_path(series.slug)
    return Channel(
        title=series.title,
        description=series.description,
        page=absolute(publication, path),
        feed=absolute(publication, f"{path}feed.xml"),
        language=series.language,
        author=publication.name,
        copyright=publication.copyright,
        editor=publication.law.contact,
    )
