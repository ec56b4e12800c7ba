"""The press as the post office knows it: files in, editions and a website out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.delivery.ports import Prepared, Serial
from publisher.model.edition import digest_of
from publisher.model.history import Published
from publisher.model.problem import Fault, Place, Problem, ProblemError, Severity, in_order
from publisher.model.release import Release
from publisher.model.slot import Slot
from publisher.press.site import problems_of
from publisher.press.table import Table
from publisher.wiring.announcing import announce
from publisher.wiring.newsroom import Newsroom

GONE = Fault(
    "wiring/episode-gone",
    Severity.ERROR,
    "The file of {episode} is gone.",
    "Put it back, or cancel the release.",
)
NO_DISK = Fault(
    "wiring/site-not-written",
    Severity.ERROR,
    "The website cannot be written: {reason}.",
    "Make room on the disk, or give the right to write there; no mail leaves before.",
)


@dataclass(frozen=True)
class Presswork:
    """Prepares releases and lays out the website for one newsroom."""

    newsroom: Newsroom

    def serials(self) -> Sequence[Serial]:
        """Give every series that can be read, with its episodes."""
        self.newsroom.keep_up()
        table = self.newsroom.table()
        return [
            Serial(series, tuple(table.episodes_of(slug))) for slug, series in table.series.items()
        ]

    def prepare(self, series: str, number: int, slot: Slot) -> Prepared:
        """Check, render and prove one episode for a slot."""
        self.newsroom.keep_up()
        table = self.newsroom.table()
        episode = table.find(series, number)
        if episode is None:
            name = f"{series}/{number:02d}"
            return Prepared(problems=(GONE.at(Place(name), episode=name),))
        press = self.newsroom.press
        guid = self._guid(table, series, number)
        proof = press.pull(table, episode, slot, guid=guid, final=True)
        problems = in_order(
            (
                *press.problems_of(table, episode),
                *proof.problems,
                *press.approval(table, episode),
            )
        )
        return Prepared(
            editions=proof.editions,
            problems=problems,
            guid=proof.setting.guid,
            title=episode.title,
            source=digest_of(*(edition.digest for edition in proof.editions)),
        )

    def _guid(self, table: Table, series: str, number: int) -> str:
        known = table.published().get((series, number))
        return known.guid if known else ""

    def lay_out(self, releases: Sequence[Release]) -> Sequence[Problem]:
        """Write pages and feeds with these releases on them."""
        self.newsroom.keep_up()
        table = self.newsroom.table()
        out = dict(table.published())
        for release in releases:
            key = (release.series, release.number)
            out.setdefault(key, Published(*key, release.slot, release.guid))
        folder = self.newsroom.path(self.newsroom.imprint.folder)
        try:
            report = self.newsroom.reading_room(table, out).lay(folder)
        except ProblemError as failure:
            return failure.problems
        except OSError as failure:
            reason = failure.strerror or str(failure)
            return [NO_DISK.at(Place(str(failure.filename or folder)), reason=reason)]
        return in_order((*problems_of(report), *announce(self.newsroom, report)))
