"""The desk's views over everything: the first page, all episodes of a series, all files to mend.

The first page shows what an editor works on now, whatever the size of the archive; what is older
stands on pages of its own, a few hundred lines each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from publisher.model.calendar import Entry, Standing
from publisher.model.episode import Episode
from publisher.model.problem import Problem, Severity
from publisher.preview import wording
from publisher.preview.pages import Context, Pages
from publisher.preview.ports import Issued, Snapshot
from publisher.preview.view import Channel, View, address, series_address

#: Newest episodes of each series on the first page, and episodes on a page of a series.
NEWEST, SHELF = 12, 200
#: Files to mend on the first page, and on a page of their own.
BROKEN, FOLDER = 20, 50

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a long list: its number from 1, of how many, and where the others are."""

    number: int
    count: int
    before: str
    after: str


class Overview:
    """Gathers what the pages over everything show, from one look at the publication."""

    def __init__(self, pages: Pages, snapshot: Snapshot, problems: Sequence[Problem]) -> None:
        self.pages, self.snapshot, self.language = pages, snapshot, pages.language
        self.by_path: dict[str, list[Problem]] = {}
        for problem in problems:
            self.by_path.setdefault(problem.place.path, []).append(problem)
        self.of_series: dict[str, list[Episode]] = {}
        for episode in sorted(snapshot.episodes, key=lambda e: (-e.number, e.path)):
            self.of_series.setdefault(episode.series, []).append(episode)

    def calendar(self) -> Context:
        """Give the first page: coming slots, newest episodes, last releases, what to mend."""
        broken = self._broken()
        sheets = []
        for series in self.snapshot.series:
            entries = [e for e in self.snapshot.calendar if e.series == series.slug]
            episodes = self.of_series.get(series.slug, [])
            sheets.append(
                {
                    "slug": series.slug,
                    "title": series.title,
                    "rows": [self._row(entry) for entry in entries],
                    "episodes": [self._episode_link(e) for e in episodes[:NEWEST]],
                    "count": len(episodes),
                    "all": series_address(series.slug) if len(episodes) > NEWEST else "",
                }
            )
        return {
            "sheets": sheets,
            "issued": [self._issued(one) for one in self.snapshot.issued],
            "broken": self._told(broken[:BROKEN]),
            "broken_count": len(broken),
            "mend": "/mend" if len(broken) > BROKEN else "",
        }

    def series(self, slug: str, asked: str) -> Context | None:
        """Give one page of all the episodes of a series, the newest first; None for no series."""
        if slug not in self.of_series and all(s.slug != slug for s in self.snapshot.series):
            return None
        episodes = self.of_series.get(slug, [])
        shown, leaf = _leaf(episodes, SHELF, asked, series_address(slug))
        return {
            "title": self.snapshot.titled(slug),
            "episodes": [self._episode_link(e) for e in shown],
            "count": len(episodes),
            "leaf": leaf,
        }

    def mend(self, asked: str) -> Context:
        """Give one page of all the files that have errors."""
        broken = self._broken()
        shown, leaf = _leaf(broken, FOLDER, asked, "/mend")
        return {"broken": self._told(shown), "count": len(broken), "leaf": leaf}

    def _broken(self) -> list[str]:
        """Name the files with errors, and those that made no episode with whatever they have."""
        quiet = {s.path for s in self.snapshot.series}
        quiet.update(e.path for e in self.snapshot.episodes)
        return [
            path
            for path, found in sorted(self.by_path.items())
            if path not in quiet or any(p.severity is Severity.ERROR for p in found)
        ]

    def _told(self, paths: Sequence[str]) -> list[Context]:
        """Give files with their problems: those that made an episode lead to it, the others to their text."""
        wanted = set(paths)
        made = {
            e.path: address(e.series, e.number, View(channel=Channel.SOURCE))
            for e in self.snapshot.episodes
            if e.path in wanted
        }
        return [
            {
                "path": path,
                "href": made.get(path) or f"/file?path={quote(path)}",
                "problems": self.pages.problems(self.by_path[path]),
            }
            for path in paths
        ]

    def _row(self, entry: Entry) -> Context:
        episode = entry.episode
        errors = [
            p
            for p in self.by_path.get(episode.path if episode else "", ())
            if p.severity is Severity.ERROR
        ]
        stands = entry.standing
        if errors and stands is Standing.READY:
            stands = Standing.HELD
        return {
            "slot": wording.slot(entry.slot, self.language),
            "instant": entry.slot.instant.isoformat(),
            "zone": entry.slot.timezone,
            "left": wording.left(entry.slot.instant - self.snapshot.now, self.language),
            "standing": str(stands),
            "standing_word": wording.standing(stands, self.language),
            "number": entry.number,
            "title": episode.title if episode else "",
            "href": address(entry.series, episode.number) if episode else "",
            "errors": len(errors),
        }

    def _episode_link(self, episode: Episode) -> Context:
        found = self.by_path.get(episode.path, ())
        return {
            "number": episode.number,
            "title": episode.title,
            "href": address(episode.series, episode.number),
            "status": str(episode.status),
            "errors": sum(p.severity is Severity.ERROR for p in found),
            "warnings": sum(p.severity is Severity.WARNING for p in found),
        }

    def _issued(self, one: Issued) -> Context:
        found = self.snapshot.find(one.series, one.number)
        return {
            "series": self.snapshot.titled(one.series),
            "number": one.number,
            "title": one.title,
            "href": address(one.series, one.number) if found else "",
            "slot": wording.slot(one.slot, self.language),
            "state": wording.delivery(one.state, self.language),
            "counts": [
                (wording.delivery(state, self.language), count) for state, count in one.counts
            ],
        }


def _leaf(
    things: Sequence[_Thing], most: int, asked: str, where: str
) -> tuple[Sequence[_Thing], Leaf]:
    """Cut the page that was asked for out of a list; the nearest there is for any other."""
    count = max(1, -(-len(things) // most))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    number = min(max(number, 1), count)
    before = f"{where}?page={number - 1}" if number > 1 else ""
    after = f"{where}?page={number + 1}" if number < count else ""
    return things[(number - 1) * most : number * most], Leaf(number, count, before, after)
