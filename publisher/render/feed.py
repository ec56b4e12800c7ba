"""Feeds: one episode as an item, and items as RSS 2.0, Atom and JSON Feed 1.1."""

from __future__ import annotations

from publisher.render.feed_channel import Channel, Logo
from publisher.render.feed_json import json_feed
from publisher.render.feed_xml import atom, item_xml, rss

__all__ = ["Channel", "Logo", "atom", "item_xml", "json_feed", "rss"]
