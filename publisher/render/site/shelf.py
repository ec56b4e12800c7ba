"""Which feeds there are, what stands in each, and how the old parts hang together.

The living feed holds the newest episodes in full. Everything older stands in archives by year
(RFC 5005), in parts as long as the living feed. A part is written once it is full or its year is
over; until then its episodes are all in the living feed. No later episode ever changes it. Who
corrects an episode in it corrects the part, and the living feed tells those who have read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby

from publisher.model.edition import FeedItem
from publisher.render.feed.channel import Channel
from publisher.render.feed.json_feed import json_feed
from publisher.render.paths import on_disk
from publisher.render.site.sheet import Sheet

Writer = Callable[[Channel, Sequence[FeedItem]], bytes]


def _rss(channel: Channel, items: Sequence[FeedItem]) -> bytes:
    # Loaded here, and for Atom too: a build in which no feed changed writes no XML.
    from publisher.render.feed.xml import rss

    return rss(channel, items)


def _atom(channel: Channel, items: Sequence[FeedItem]) -> bytes:
    from publisher.render.feed.xml import atom

    return atom(channel, items)


#: What stands in a folder of feeds, and who writes it.
WRITERS: dict[str, Writer] = {"feed.xml": _rss, "atom.xml": _atom, "feed.json": json_feed}
#: The formats whose past can be told (RFC 5005); JSON Feed has no word for an archive.
ARCHIVED = ("feed.xml", "atom.xml")


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode that is out, as a feed may need it: its dates, its digest, and how to set it.

    ``updated`` is the last real revision, and ``published`` itself where there was none.
    """

    published: datetime
    updated: datetime
    digest: str
    item: Callable[[], FeedItem]

    @property
    def year(self) -> int:
        """The year of the first publication, in UTC as all dates of a feed."""
        return self.published.astimezone(UTC).year


def living(dates: Sequence[tuple[datetime, datetime]], most: int) -> list[int]:
    """Choose what stands in a living feed, of episodes oldest first, each (published, updated).

    The newest ``most``; before them, no more than as many again, the older ones that were revised
    after the first of these came out. An archive may be read once and never again, so a revision
    has to stand in the feed that is followed too (RFC 5005, 4.1).
    """
    first = max(0, len(dates) - most)
    since = dates[first][0] if dates else None
    revised = [i for i in range(first) if since and dates[i][1] > since]
    latest = sorted(revised, key=lambda i: (dates[i][1], i))[-most:]
    return [*sorted(latest), *range(first, len(dates))]


@dataclass(frozen=True, slots=True)
class Part:
    """One archive: a year, the place in it, and its episodes."""

    year: int
    number: int
    entries: tuple[Entry, ...]

    def name(self, feed: str) -> str:
        """``feed-2026.xml`` for the first part of a year of ``feed.xml``, then ``feed-2026-2.xml``."""
        stem, _, ending = feed.rpartition(".")
        return f"{stem}-{self.year}{f'-{self.number}' if self.number > 1 else ''}.{ending}"


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


@dataclass(frozen=True)
class Shelf:
    """The feeds of one folder (``/``, ``/series/``, ``/tags/tag/``): oldest episode first."""

    folder: str
    channel: Channel
    entries: tuple[Entry, ...]
    newest: int

    @cached_property
    def past(self) -> list[Part]:
        """The archives of this folder, the oldest first, whatever their format."""
        return parts(self.entries, self.newest)


def archives(
    shelf: Shelf, address: Callable[[str], str], digest: Callable[..., str]
) -> Iterator[tuple[datetime, Sheet]]:
    """Plan the archives of a folder, in RSS and in Atom, each with the date of its last episode.

    ``address`` makes a path absolute; ``digest`` names what a file is made of. None names the
    one after it: it would have to change when that one comes.
    """
    for feed in ARCHIVED:
        before = ""
        for part in shelf.past:
            path = shelf.folder + part.name(feed)
            channel = replace(
                shelf.channel,
                feed=address(path),
                hub="",
                previous_archive=before,
                current=address(shelf.folder + feed),
            )
            sheet = _sheet(path, WRITERS[feed], channel, part.entries, digest)
            yield part.entries[-1].published, sheet
            before = channel.feed


def feeds(
    shelf: Shelf, address: Callable[[str], str], digest: Callable[..., str]
) -> Iterator[Sheet]:
    """Plan the living feeds of a folder in all three formats."""
    dates = [(entry.published, entry.updated) for entry in shelf.entries]
    newest = [shelf.entries[place] for place in living(dates, shelf.newest)]
    for name, writer in WRITERS.items():
        before = shelf.past[-1].name(name) if shelf.past and name in ARCHIVED else ""
        channel = replace(
            shelf.channel,
            feed=address(shelf.folder + name),
            previous_archive=address(shelf.folder + before) if before else "",
        )
        yield _sheet(shelf.folder + name, writer, channel, newest, digest)


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
