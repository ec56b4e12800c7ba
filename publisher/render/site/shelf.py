"""Which feeds there are, what stands in each, and how the old parts hang together.

The living feed holds the newest episodes in full. Everything older stands in archives by year
(RFC 5005), in parts as long as the living feed. A part is written once it is full or its
year is over, and never changes afterwards; until then its episodes are all in the living feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from publisher.model.edition import FeedItem
from publisher.render.feed.channel import Channel
from publisher.render.feed.json_feed import json_feed
from publisher.render.feed.xml import atom, rss
from publisher.render.paths import on_disk
from publisher.render.site.sheet import Sheet

Writer = Callable[[Channel, Sequence[FeedItem]], bytes]
#: What stands in a folder of feeds, and who writes it.
WRITERS: dict[str, Writer] = {"feed.xml": rss, "atom.xml": atom, "feed.json": json_feed}


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode that is out, as a feed may need it: its year, its digest, and how to set it."""

    year: int
    digest: str
    item: Callable[[], FeedItem]


@dataclass(frozen=True, slots=True)
class Part:
    """One archive: a year, the place in it, and its episodes."""

    year: int
    number: int
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """``feed-2026.xml`` for the first part of a year, ``feed-2026-2.xml`` for the next."""
        return f"feed-{self.year}{f'-{self.number}' if self.number > 1 else ''}.xml"


def parts(entries: Sequence[Entry], longest: int) -> list[Part]:
    """Cut episodes, oldest first, into archives that are never going to change.

    The years are those of the first publication; the newest year that has episodes is still open.
    """
    found = []
    for year, group in groupby(entries, key=lambda entry: entry.year):
        whole = tuple(group)
        for start in range(0, len(whole), longest):
            part = whole[start : start + longest]
            if len(part) == longest or year != entries[-1].year:
                found.append(Part(year, start // longest + 1, part))
    return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """The feeds of one folder (``/``, ``/series/``, ``/tags/tag/``): oldest episode first."""

    folder: str
    channel: Channel
    entries: tuple[Entry, ...]
    newest: int
    archived: bool = True


def archives(
    shelf: Shelf, address: Callable[[str], str], digest: Callable[..., str]
) -> Iterator[tuple[tuple[int, int], Sheet]]:
    """Plan the archives of a folder, each with its year and number in it.

    ``address`` makes a path absolute; ``digest`` names what a file is made of. None names the
    one after it: it would have to change when that one comes.
    """
    before = ""
    for part in _old(shelf):
        feed = address(shelf.folder + part.name)
        channel = replace(
            shelf.channel,
            feed=feed,
            hub="",
            previous_archive=before,
            current=address(shelf.folder + "feed.xml"),
        )
        path = shelf.folder + part.name
        yield (part.year, part.number), _sheet(path, rss, channel, part.entries, digest)
        before = feed


def feeds(
    shelf: Shelf, address: Callable[[str], str], digest: Callable[..., str]
) -> Iterator[Sheet]:
    """Plan the living feeds of a folder in all three formats."""
    old = _old(shelf)
    newest = shelf.entries[-shelf.newest :]
    for name, writer in WRITERS.items():
        channel = replace(
            shelf.channel,
            feed=address(shelf.folder + name),
            previous_archive=address(shelf.folder + old[-1].name) if old and writer is rss else "",
        )
        yield _sheet(shelf.folder + name, writer, channel, newest, digest)


def _old(shelf: Shelf) -> list[Part]:
    return parts(shelf.entries, shelf.newest) if shelf.archived else []


def _sheet(
    path: str,
    writer: Writer,
    channel: Channel,
    entries: Sequence[Entry],
    digest: Callable[..., str],
) -> Sheet:
    return Sheet(
        on_disk(path),
        digest(path, repr(channel), *(entry.digest for entry in entries)),
        lambda: writer(channel, [entry.item() for entry in entries]),
    )
