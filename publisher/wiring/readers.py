"""The list of readers of a newsroom, and what may be done with it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

from publisher.audience.exports import export_list
from publisher.audience.imports import Tally, import_list
from publisher.audience.shop import Synced, sync_members
from publisher.audience.subscribers import Subscribers
from publisher.audience.verdict import Terms, Verdict
from publisher.files.nearest import nearest
from publisher.model.problem import Fault, MisuseError, Place, Problem, Severity
from publisher.store.subscribers import Register
from publisher.web.words import consent_text
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.progress import Advance, silent

NO_SERIES = Fault(
    "wiring/no-series",
    Severity.ERROR,
    "There is no series “{asked}”.",
    "Name one that is there: {nearest}",
)
NO_DATE = Fault(
    "wiring/no-date",
    Severity.ERROR,
    "“{asked}” is not a date.",
    "Write it like 2027-03-31.",
)
#: Rows between two steps of a progress bar.
STEP = 1_000


def register_of(newsroom: Newsroom) -> Register:
    """Open the list. Raises OutsideError when the database is away."""
    return Register(newsroom.database)


def subscribers_of(newsroom: Newsroom) -> Subscribers:
    """Give the editor's use cases over the list."""
    return Subscribers(register_of(newsroom), newsroom.clock)


def known_series(newsroom: Newsroom, asked: Sequence[str]) -> tuple[str, ...]:
    """Pass names of series on. Raises MisuseError for one that does not exist."""
    if not asked:
        return ()
    known = newsroom.table().series
    for slug in asked:
        if slug not in known:
            near = nearest(slug, known) or ", ".join(known)
            raise MisuseError(NO_SERIES.at(Place(slug), asked=slug, nearest=near))
    return tuple(asked)


def last_moment(newsroom: Newsroom, asked: str) -> datetime:
    """Read the last day of a membership: it ends with that day in the publication's zone.

    Raises MisuseError.
    """
    try:
        day = datetime.strptime(asked.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, no instant
    except ValueError as failure:
        raise MisuseError(NO_DATE.at(Place(asked), asked=asked)) from failure
    return datetime.combine(day, time.max, ZoneInfo(newsroom.publication.timezone))


def terms_of(newsroom: Newsroom, file: str, series: Sequence[str], consent: str) -> Terms:
    """Say on what terms a list is taken in. Raises MisuseError for an unknown series."""
    return Terms(
        now=newsroom.clock(),
        source=f"import {Path(file).name}"[:100],
        series=known_series(newsroom, series),
        consent=consent,
    )


def import_file(
    newsroom: Newsroom,
    file: str,
    terms: Terms,
    *,
    dry_run: bool = False,
    heard: Callable[[Verdict], None],
    advance: Advance = silent,
) -> Tally:
    """Take in a CSV file as one transaction; every row gets a verdict."""
    path = Path(file)
    size = path.stat().st_size
    zone = ZoneInfo(newsroom.publication.timezone)
    with path.open("rb") as opened:
        rows = 0

        def step(verdict: Verdict) -> None:
            nonlocal rows
            rows += 1
            if rows % STEP == 0:
                advance(_position(opened), size)
            heard(verdict)

        return import_list(
            opened, path.name, register_of(newsroom), terms, zone, dry_run=dry_run, report=step
        )


def sync_file(newsroom: Newsroom, file: str, *, dry_run: bool = False) -> Synced | Problem:
    """Make memberships what a shop's CSV file says they are."""
    publication = newsroom.publication
    with Path(file).open("rb") as opened:
        return sync_members(
            opened,
            Path(file).name,
            register_of(newsroom),
            newsroom.clock(),
            ZoneInfo(publication.timezone),
            consent=consent_text(publication, publication.language, advertising=False),
            dry_run=dry_run,
        )


def _position(file: BinaryIO) -> int:
    with contextlib.suppress(OSError, ValueError):
        return file.tell()
    return 0


def export_stream(newsroom: Newsroom, out: TextIO) -> int:
    """Write the whole list to a stream; give the rows written."""
    return export_list(register_of(newsroom), out)


def export_file(newsroom: Newsroom, file: str) -> int:
    """Write the whole list to a file that only its owner may read, whole or not at all."""
    path = Path(file)
    part = path.with_name(f".{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            rows = export_stream(newsroom, out)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return rows
