"""What the front door offers: the series there are, the newest free episode, members' feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import quote

from publisher.audience.ports import Newest, Offer
from publisher.model.episode import Audience, Course
from publisher.model.setting import episode_path
from publisher.press.table import Table
from publisher.render.site.members import MembersFeeds
from publisher.wiring.newsroom import Newsroom

#: How old the picture of the files may be: a new series need not be on offer the same second.
_FRESH = timedelta(seconds=30)


class Stall:
    """Reads files and ledger at most twice a minute, however many knock."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._lock = Lock()
        self._table: Table | None = None
        self._read_at: datetime | None = None
        self._feeds: MembersFeeds | None = None
        self._feeds_of: Table | None = None

    def offers(self) -> Sequence[Offer]:
        """Give the series that still come, in the order of the website; one that rests before it began is kept back."""
        table = self._now()
        begun = {slug for slug, _ in table.published()}
        return [
            Offer(slug, series.title, series.description, series.language)
            for slug, series in table.series.items()
            if series.course is Course.RUNNING or (series.course is Course.HIATUS and slug in begun)
        ]

    def newest(self, series: Sequence[str]) -> Newest | None:
        """Give the newest episode that is out, free and of one of these series (empty: of any)."""
        table = self._now()
        out = sorted(table.published().values(), key=lambda one: one.slot.instant, reverse=True)
        for published in out:
            episode = table.find(published.series, published.number)
            wanted = not series or published.series in series
            if episode is None or not wanted or episode.access is not Audience.FREE:
                continue
            path = quote(episode_path(episode.series, episode.number))
            title = table.series[episode.series].title
            url = f"{self._newsroom.publication.url}{path}"
            return Newest(episode.title, episode.deck, url, title)
        return None

    def read(self, path: str) -> bytes | None:
        """Give the members' twin of a feed, such as ``feed.xml`` or ``ai/atom.xml``."""
        with self._lock:
            table = self._table_now()
            if self._feeds is None or self._feeds_of is not table:
                room = self._newsroom.reading_room(table, table.published())
                self._feeds, self._feeds_of = MembersFeeds(room.site), table
            return self._feeds.read(path)

    def _now(self) -> Table:
        with self._lock:
            return self._table_now()

    def _table_now(self) -> Table:
        now = self._newsroom.clock()
        stale = self._read_at is None or not self._read_at <= now < self._read_at + _FRESH
        if self._table is None or stale:
            self._table, self._read_at = self._newsroom.table(), now
        return self._table
