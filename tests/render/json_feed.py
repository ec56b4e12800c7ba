"""JSON Feed 1.1 as a check: which keys may stand where, of which kind, and what must be there."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

_FEED: dict[str, type] = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "next_url": str,
    "icon": str,
    "favicon": str,
    "authors": list,
    "language": str,
    "expired": bool,
    "hubs": list,
    "items": list,
}
_ITEM: dict[str, type] = {
    "id": str,
    "url": str,
    "title": str,
    "content_html": str,
    "summary": str,
    "image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
}
_AUTHOR: dict[str, type] = {"name": str, "url": str, "avatar": str}


def _assert_shape(value: dict[str, Any], shape: dict[str, type], required: set[str]) -> None:
    assert required <= value.keys()
    for key, entry in value.items():
        assert isinstance(entry, shape[key]), key


def assert_json_feed(feed: bytes) -> Any:
    """Hold a JSON Feed against version 1.1 and give it parsed."""
    parsed = json.loads(feed)
    _assert_shape(parsed, _FEED, {"version", "title", "items"})
    assert parsed["version"] == "https://jsonfeed.org/version/1.1"
    assert parsed.get("next_url") != parsed.get("feed_url", "")
    for author in parsed["authors"]:
        _assert_shape(author, _AUTHOR, {"name"})
    for entry in parsed["items"]:
        _assert_shape(entry, _ITEM, {"id", "content_html", "url", "title", "date_published"})
        assert entry["id"]
        for key in ("date_published", "date_modified"):
            if key in entry:
                assert datetime.fromisoformat(entry[key]).utcoffset() is not None
        assert all(isinstance(tag, str) and tag for tag in entry.get("tags", ()))
        for author in entry.get("authors", ()):
            _assert_shape(author, _AUTHOR, {"name"})
    assert len({entry["id"] for entry in parsed["items"]}) == len(parsed["items"])
    return parsed
