"""Building the website: what is out, proven and laid into its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from publisher.model.episode import Status
from publisher.model.problem import Fault, MisuseError, Place, Problem, Severity, in_order
from publisher.press.site import problems_of
from publisher.site.folder import Report
from publisher.wiring.announcing import announce
from publisher.wiring.cores import usable_cores
from publisher.wiring.naming import misnamed
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.progress import Advance

OWN_FOLDER = Fault(
    "wiring/as-if-folder",
    Severity.ERROR,
    "A look ahead must not be written into the website itself.",
    "Name another folder: publisher build --as-if --out DIR",
)


@dataclass(frozen=True, slots=True)
class Built:
    """A website as it was laid, and what could not be."""

    folder: Path
    episodes: int
    report: Report
    problems: tuple[Problem, ...]


def build(
    newsroom: Newsroom,
    folder: Path | None = None,
    *,
    as_if: bool = False,
    advance: Advance | None = None,
) -> Built:
    """Write the site of all that is out, or with ``as_if`` of every ready episode.

    Raises ProblemError if a members' sentence would become public, OSError for the disk.
    """
    own = newsroom.path(newsroom.imprint.folder)
    folder = folder or (newsroom.path("out/as-if") if as_if else own)
    if as_if and folder.resolve() == own.resolve():
        raise MisuseError(OWN_FOLDER.at(Place(str(folder))))
    hands = len(usable_cores())
    table = newsroom.table(hands)
    out = table.published()
    if as_if:
        ready = {(e.series, e.number) for e in table.episodes if e.status is Status.READY}
        out = {key: p for key, p in table.as_if_published().items() if key in ready | out.keys()}
    room = newsroom.reading_room(table, out)
    report = room.lay(folder, advance, hands=hands)
    heard = () if folder.resolve() != own.resolve() else announce(newsroom, report)
    problems = in_order((*table.problems, *misnamed(newsroom, table), *problems_of(report), *heard))
    return Built(folder, len(room.settings), report, problems)
