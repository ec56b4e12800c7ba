"""RSS 2.0 and Atom (RFC 4287) by feedgen, with what feedgen leaves out or gets wrong added.

One generator a format, since their self links differ. Whatever feedgen cannot say goes through
an extension of ours, which writes into the tree it builds. An episode stands letter by letter the
same in the feeds of its publication, its series and its tags, and in their archives: feedgen
writes each once, and the channels around them.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import feedgen.entry
import feedgen.feed
from lxml import etree

from publisher import __version__
from publisher.model.edition import FeedItem
from publisher.render.feed.channel import NEVER, Channel, heading, legal
from publisher.render.feed.dates import newest_first, rfc822, rfc3339, utc

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
NAMESPACES = {"dc": DC, "fh": HISTORY, "media": MEDIA, "sy": SYNDICATION}

GENERATOR = "publisher"
SPECIFICATION = "https://www.rssboard.org/rss-specification"
TTL_MINUTES = 60
#: Items kept as they were written: as many as stand in a handful of feeds.
_WRITTEN = 512

_building = Lock()


# feedgen's own switches the locale of the whole process to C and back, so that another thread
# may see, or be left with, the wrong one.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = rfc822


class _Channel:
    """Our part of a channel, in the shape of a feedgen extension."""

    def __init__(self, channel: Channel, *, empty: bool) -> None:
        self.channel = channel
        self.empty = empty

    def extend_ns(self) -> dict[str, str]:
        return NAMESPACES

    def extend_rss(self, rss: Any) -> None:
        """Add the links, the rhythm and the archive mark; the items are not there yet."""
        [channel] = rss
        for rel, address in self.channel.links:
            link = etree.SubElement(channel, f"{{{ATOM}}}link", rel=rel, href=address)
            if rel != "hub":
                link.set("type", "application/rss+xml")
        self._mark(channel)
        etree.SubElement(channel, f"{{{SYNDICATION}}}updatePeriod").text = "weekly"
        etree.SubElement(channel, f"{{{SYNDICATION}}}updateFrequency").text = "1"
        if self.empty:
            channel.remove(channel.find("lastBuildDate"))

    def extend_atom(self, feed: Any) -> None:
        """Add every link but those feedgen knows, and the archive mark, before the entries."""
        for rel, address in self.channel.links:
            link = etree.SubElement(feed, "link", rel=rel, href=address)
            if rel != "hub":
                link.set("type", "application/atom+xml")
        self._mark(feed)

    def _mark(self, parent: Any) -> None:
        if self.channel.current:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")


class _Item:
    """Our part of an item, in the shape of a feedgen extension."""

    item: FeedItem

    def extend_rss(self, element: Any) -> None:
        item = self.item
        if item.author:
            etree.SubElement(element, f"{{{DC}}}creator").text = heading(item.author)
        if item.updated > item.published:
            etree.SubElement(element, f"{{{ATOM}}}updated").text = rfc3339(item.updated)
        self._picture(element)

    def extend_atom(self, element: Any) -> None:
        for link in element.iter("link"):
            # feedgen loses all but the address of an entry's link.
            link.set("rel", "alternate")
            link.set("type", "text/html")
        self._picture(element)

    def _picture(self, element: Any) -> None:
        item = self.item
        if not item.image_url:
            return
        picture = etree.SubElement(
            element, f"{{{MEDIA}}}content", url=item.image_url, medium="image"
        )
        if item.image_type:
            picture.set("type", item.image_type)
        if item.image_width and item.image_height:
            picture.set("width", str(item.image_width))
            picture.set("height", str(item.image_height))


def _generator(channel: Channel, items: Sequence[FeedItem]) -> Any:
    feed = feedgen.feed.FeedGenerator()
    feed.register_extension("ours", lambda: _Channel(channel, empty=not items), _Item)
    feed.id(channel.page)
    feed.title(heading(channel.title))
    feed.subtitle(heading(channel.description) or heading(channel.title))
    feed.language(channel.language)
    # A newer program alone must not change an archive.
    feed.generator(GENERATOR, None if channel.current else __version__)
    feed.rights(heading(channel.copyright) or None)
    feed.author(name=heading(channel.author))
    if channel.editor:
        feed.managingEditor(f"{channel.editor} ({heading(channel.author)})")
    newest = max((item.updated for item in items), default=NEVER)
    feed.updated(utc(newest))
    return feed


def _entry(item: FeedItem) -> Any:
    entry = feedgen.entry.FeedEntry()
    entry.register_extension("ours", _Item)
    entry.ours.item = item
    entry.guid(item.guid, permalink=False)
    entry.title(heading(item.title))
    entry.link(href=item.url)
    if item.summary:
        entry.summary(heading(item.summary), type="text")
    entry.published(utc(item.published))
    entry.updated(utc(item.updated))
    for category in item.categories:
        entry.category(term=heading(category))
    return entry


def rss(channel: Channel, items: Sequence[FeedItem]) -> bytes:
    """Write a feed as RSS 2.0 by the Best Practices Profile: UTF-8, newest first.

    Items carry a plain summary in ``description`` and all of the text in ``content:encoded``.
    """
    with _building:
        ordered = newest_first(items)
        whole = _rss(channel, ordered).rss_str(encoding="UTF-8")
        return _filled(whole, b"</channel></rss>", map(_rss_item, ordered))


def _rss(channel: Channel, items: Sequence[FeedItem]) -> Any:
    """Say all that a channel says of itself and of its items together."""
    feed = _generator(channel, items)
    # The last link becomes <link>; the self link comes from the extension.
    feed.link(href=channel.page, rel="alternate")
    feed.docs(SPECIFICATION)
    feed.generator(GENERATOR if channel.current else f"{GENERATOR} {__version__}")
    feed.ttl(TTL_MINUTES)
    if items:
        feed.pubDate(utc(max(item.published for item in items)))
    if channel.logo:
        feed.image(
            channel.logo.url,
            heading(channel.title),
            channel.page,
            str(channel.logo.width),
            str(channel.logo.height),
        )
    return feed


@lru_cache(maxsize=_WRITTEN)
def _rss_item(item: FeedItem) -> bytes:
    return _alone(_rss_element(item))


def _rss_element(item: FeedItem) -> Any:
    entry = _entry(item)
    entry.content(legal(item.html) or html.escape(heading(item.title)), type="CDATA")
    root = etree.Element("rss", nsmap=NAMESPACES | {"atom": ATOM, "content": CONTENT})
    root.append(entry.rss_entry())
    return root[0]


def atom(channel: Channel, items: Sequence[FeedItem]) -> bytes:
    """Write a feed as Atom (RFC 4287): UTF-8, newest first, bodies as escaped ``html``."""
    with _building:
        ordered, author = newest_first(items), heading(channel.author)
        whole = _atom(channel, ordered).atom_str(encoding="UTF-8")
        return _filled(whole, b"</feed>", (_atom_entry(item, author) for item in ordered))


def _atom(channel: Channel, items: Sequence[FeedItem]) -> Any:
    """Say all that a feed says of itself and of its entries together."""
    feed = _generator(channel, items)
    feed.link(href=channel.page, rel="alternate", type="text/html")
    if channel.logo:
        feed.logo(channel.logo.url)
    return feed


@lru_cache(maxsize=_WRITTEN)
def _atom_entry(item: FeedItem, author: str) -> bytes:
    entry = _entry(item)
    entry.author(name=heading(item.author) or author)
    entry.content(legal(item.html) or html.escape(heading(item.title)), type="html")
    root = etree.Element("feed", nsmap=NAMESPACES)
    root.append(entry.atom_entry())
    return _alone(root[0])


def item_xml(item: FeedItem) -> bytes:
    """Write one item as it will stand in the RSS feed, namespaces and all, for a dry run."""
    with _building:
        element = _rss_element(item)
        etree.indent(element)
        etree.cleanup_namespaces(element)
        return _ended(etree.tostring(element, encoding="UTF-8", xml_declaration=True))


def _alone(element: Any) -> bytes:
    """Write an item as it stands among others: the feed around it names the namespaces."""
    octets: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=False)
    begin = f"<{element.tag}>".encode()
    return begin + octets[octets.index(b">") + 1 :]


def _filled(channel: bytes, end: bytes, items: Iterable[bytes]) -> bytes:
    """Put items into a channel that was written without them."""
    head, found, _ = channel.rpartition(end)
    if not found:
        raise ValueError("a channel that does not end as it should")
    return _ended(b"".join((head, *items, end)))


def _ended(written: bytes) -> bytes:
    """End the last line, as text files do."""
    return written if written.endswith(b"\n") else written + b"\n"
