"""The website of a publication: planned from what is published, proven, laid into its folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from publisher.files.faults import CHANGING
from publisher.files.names import on_disk
from publisher.files.text import read_bytes
from publisher.lint.gate import Gate
from publisher.model.episode import Course, Series
from publisher.model.history import Published
from publisher.model.problem import Fault, Place, Problem, ProblemError, Severity
from publisher.model.setting import Setting
from publisher.press.ahead import Ahead, Proven
from publisher.press.crossing import crossed, open_to_all, secrets_of
from publisher.press.hands import WORTH, spread
from publisher.press.memory import Memory
from publisher.press.proof import Proof
from publisher.press.table import Key, Table
from publisher.render.site.choices import Choices
from publisher.render.site.plan import Site
from publisher.render.site.sheet import Sheet
from publisher.render.theme import Templates
from publisher.site.folder import Folder, Leaf, Report

#: Octets a picture may have, as many as the reading of episodes allows.
LARGEST = 30 * 1024 * 1024
#: Digits of the digest of a picture, by which it is named.
_HEX = 64
#: Sheets made by one process in a row: feeds that stand together share their items.
BATCH = 24
#: Octets of a living feed from which readers get fewer; at a million some readers stop.
HEAVY_FEED = 500_000
HEAVY = Fault(
    "press/heavy-feed",
    Severity.WARNING,
    "This feed has {kilobytes} KB; some readers stop at 1,000.",
    "Let fewer episodes stand in it: feed_items under [site], or show long ones as a teaser under [site.feeds].",
)


@dataclass(frozen=True)
class ReadingRoom:
    """The website as it should be: which episodes are out decides all of it."""

    root: Path
    table: Table
    out: Mapping[Key, Published]
    templates: Templates
    choices: Choices
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """Give the setting of every episode that is out and whose file is still there."""
        found = []
        for key, published in sorted(self.out.items()):
            episode = self.table.find(*key)
            if episode is not None:
                found.append(self.table.setting(episode, published.slot, self.out, published.guid))
        return tuple(found)

    @cached_property
    def gate(self) -> Gate:
        """Know every sentence behind the gate, of what is out and of what is not."""
        return Gate(secrets_of(self.memory, self.table), open_to_all(self.table, self.out))

    @cached_property
    def proof(self) -> Proof:
        """Lead the proof of this build."""
        return Proof(self.gate, self.memory.clean)

    @cached_property
    def site(self) -> Site:
        """The plan of every page and feed."""
        return Site(
            self.table.publication,
            self.settings,
            self.templates,
            self._read,
            self.choices,
            self.memory.glance,
            self.announced,
        )

    @cached_property
    def announced(self) -> tuple[Series, ...]:
        """Give the running series that readers may look forward to: nothing of them is out."""
        out = {slug for slug, _ in self.out}
        running = (s for s in self.table.series.values() if s.course is Course.RUNNING)
        return tuple(series for series in running if series.slug not in out)

    def sheets(self, ahead: Ahead | None = None) -> Iterator[Proven]:
        """Plan every file of the site; each is proven when it is made, or was, ``ahead``."""
        for sheet in self.site.sheets(ahead.sheets if ahead else None):
            yield sheet if isinstance(sheet, Proven) else self._to_prove(sheet)

    def _to_prove(self, sheet: Sheet) -> Proven:
        return Proven(sheet.path, sheet.digest, partial(self._proven, sheet))

    def _heavy(self) -> Iterator[Proven]:
        return map(self._to_prove, self.site.heavy())

    def _news(self) -> list[str]:
        return self.proof.news()

    def _know(self, clean: list[str]) -> None:
        self.proof.know(clean)

    def _read(self, path: str) -> bytes:
        """Read a picture that a page shows. Raises ProblemError where that cannot be."""
        data = read_bytes(on_disk(self.root, path), self.root, LARGEST)
        if isinstance(data, Problem):
            raise ProblemError(data)
        return data

    def _proven(self, sheet: Sheet) -> bytes:
        """Make a sheet if no members' sentence is in its bytes. Raises ProblemError otherwise.

        Nor if a picture is not what its name says any more: it would be kept for a year, and
        nobody has approved it.
        """
        data = sheet.make()
        name = sheet.path.rpartition("/")[2]
        named = len(sheet.digest) == _HEX and name.startswith(f"{sheet.digest[:16]}.")
        if named and hashlib.sha256(data).hexdigest() != sheet.digest:
            raise ProblemError(CHANGING.at(Place(sheet.path), name=name))
        self.proof.search(sheet.path, data)
        return data

    def lay(
        self, folder: Path, advance: Callable[[int, int], None] | None = None, *, hands: int = 1
    ) -> Report:
        """Write the site; only what differs. Raises ProblemError for a leak, OSError for a disk.

        ``advance`` hears (done, of) as sheets are laid. More ``hands`` than one are processes that
        make them; only for a process that has no threads yet.
        """

        def shared(make: Callable[[int], Leaf], count: int) -> Generator[Leaf, None, None]:
            def noting(place: int) -> tuple[Leaf, list[str]]:
                return make(place), self.proof.news()

            self.proof  # noqa: B018 -- what is behind the gate is gathered once, before there are copies
            if ahead:
                ahead.gather()
            with closing(spread(noting, count, hands, batch=BATCH)) as made:
                for leaf, clean in made:
                    self.proof.know(clean)
                    yield leaf

        episodes = [setting.episode for setting in self.settings]
        if told := crossed(self.memory, self.table, episodes, lambda: self.gate):
            raise ProblemError(*told)
        helped = Folder(folder, spread=shared if hands > 1 else None)
        ahead = self._ahead(helped) if hands > 1 and helped.is_known else None
        try:
            report = helped.publish(self.sheets(ahead), advance)
        finally:
            if ahead:
                ahead.close()
        self.memory.save(len(self.table.episodes))
        heavy = feeds_too_heavy(folder, self.site.by_series)
        return replace(report, problems=(*report.problems, *heavy))

    def _ahead(self, folder: Folder) -> Ahead | None:
        """Begin with what is heavy, where there is enough of it to be worth a copy of the process."""
        if len(self.settings) < WORTH:
            return None
        return Ahead(
            self._heavy,
            folder.changed,
            self._news,
            self._know,
        )


def feeds_too_heavy(folder: Path, series: Iterable[str]) -> tuple[Problem, ...]:
    """Find living feeds that some readers would not take any more. Warns alone: a letter must not
    wait for a feed.
    """
    names = ("feed.xml", "atom.xml", "feed.json")
    paths = [f"{shelf}{name}" for shelf in ("", *(f"{s}/" for s in series)) for name in names]
    found = []
    for path in paths:
        file = on_disk(folder, path)
        size = file.stat().st_size if file.is_file() else 0
        if size >= HEAVY_FEED:
            found.append(HEAVY.at(Place(path), kilobytes=size // 1000))
    return tuple(found)


def feeds_of(sheets: Iterable[Proven]) -> dict[str, bytes]:
    """Give the feeds of a planned site, of the publication and of each series."""
    names = {"feed.xml", "atom.xml", "feed.json"}
    return {
        sheet.path: sheet.make()
        for sheet in sheets
        if sheet.path.rpartition("/")[2] in names and sheet.path.count("/") <= 1
    }


def problems_of(report: Report) -> tuple[Problem, ...]:
    """Give the problems of a report at their place in the website's folder."""
    return tuple(
        Problem(Place(p.place.path, p.place.line, p.place.column), p.fault, p.details)
        for p in report.problems
    )
