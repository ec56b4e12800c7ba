"""Feed items and channels made for tests, and the grammars that every feed must match."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from publisher.model.edition import FeedItem
from publisher.render.feed.channel import Channel, Logo

FIRST = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)

CHANNEL = Channel(
    title="느린 신호",
    description="천천히 읽는 연재",
    page="https://slow.example/",
    feed="https://slow.example/feed.xml",
    language="ko",
    author="느린 신호 편집부",
    copyright="© 느린 신호",
    editor="editor@slow.example",
    logo=Logo("https://slow.example/icon.png", 144, 144),
)


def item(number: int = 1, **changes: Any) -> FeedItem:
    """Make the item of one weekly episode."""
    published = FIRST + timedelta(weeks=number - 1)
    fields: dict[str, Any] = {
        "guid": f"tag:slow.example,2026:ai/{number}",
        "url": f"https://slow.example/ai/{number}/",
        "title": f"{number}번째 이야기",
        "summary": f"{number}번째 요약",
        "html": f'<p>{number}번째 <strong>글</strong>과 <a href="https://slow.example/">고리</a></p>',
        "author": "편집부 에디터",
        "categories": ("AI는 우리를 구하지 않는다", "AI"),
        "published": published,
        "updated": published,
    }
    return FeedItem(**(fields | changes))


def _grammar(name: str) -> Any:
    return etree.RelaxNG(etree.parse(Path(__file__).parent / "grammar" / name))


_RSS, _ATOM = _grammar("rss.rng"), _grammar("atom.rng")


def assert_rss(feed: bytes) -> Any:
    """Hold an RSS feed against its grammar and give its tree."""
    tree = etree.fromstring(feed)
    _RSS.assertValid(tree)
    return tree


def assert_atom(feed: bytes) -> Any:
    """Hold an Atom feed against its grammar, and against what the grammar cannot say."""
    tree = etree.fromstring(feed)
    _ATOM.assertValid(tree)
    for parent in (tree, *tree.iter("{*}entry")):
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in parent.findall("{*}link")
            if link.get("rel") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) == 1
    return tree


_LINK = "{http://www.w3.org/2005/Atom}link"


def links(feed: bytes) -> dict[str, str]:
    """Give the addresses that an RSS or Atom feed names of itself, by their relation."""
    tree = etree.fromstring(feed)
    channel = tree.find("channel")
    return {
        e.get("rel"): e.get("href") for e in (tree if channel is None else channel).findall(_LINK)
    }


def guids(feed: bytes) -> list[str]:
    """Give the names of the items of an RSS or Atom feed, in their order."""
    tree = etree.fromstring(feed)
    return [e.text or "" for e in (*tree.iter("guid"), *tree.iterfind("{*}entry/{*}id"))]
