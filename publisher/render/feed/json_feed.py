"""JSON Feed 1.1: the same items for programs that would rather not read XML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from publisher.model.edition import FeedItem
from publisher.render.feed.channel import Channel, heading, legal
from publisher.render.feed.dates import newest_first, rfc3339

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, items: Sequence[FeedItem]) -> bytes:
    """Write a feed as JSON Feed 1.1 (``application/feed+json``): UTF-8, newest first."""
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": heading(channel.title),
        "home_page_url": channel.page,
        "description": heading(channel.description),
        "language": channel.language,
        "authors": [{"name": heading(channel.author)}],
    }
    if channel.feed:
        feed["feed_url"] = channel.feed
    if channel.logo:
        feed["icon"] = channel.logo.url
    if channel.hub:
        feed["hubs"] = [{"type": "WebSub", "url": channel.hub}]
    feed["items"] = [_item(item) for item in newest_first(items)]
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _item(item: FeedItem) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": item.guid,
        "url": item.url,
        "title": heading(item.title),
        "content_html": legal(item.html),
        "date_published": rfc3339(item.published),
    }
    if item.summary:
        written["summary"] = heading(item.summary)
    if item.updated > item.published:
        written["date_modified"] = rfc3339(item.updated)
    if item.author:
        written["authors"] = [{"name": heading(item.author)}]
    if item.categories:
        written["tags"] = [heading(category) for category in item.categories]
    if item.image_url:
        written["image"] = item.image_url
    return written
