"""Taking in a list: every row gets a verdict, good rows go in together, bad ones are named.

One transaction: a list is in or it is not. A dry run is the same run, undone at the end, so
what it announces is what an import does. Rows pass through in batches; memory stays flat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from itertools import islice
from typing import BinaryIO

from publisher.audience.layout import Service
from publisher.audience.listed import Listed, changing, listed
from publisher.audience.ports import Book, Register
from publisher.audience.rows import Row
from publisher.audience.tokens import tombstone
from publisher.audience.verdict import Outcome, Terms, Verdict, changes, entering, judge
from publisher.model.problem import Problem
from publisher.model.readership import Record
from publisher.model.subscriber import Suppression, SuppressionReason

#: Rows looked up and written together.
BATCH = 4_000
Report = Callable[[Verdict], None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How an import went. ``problem`` is why the file could not be read at all."""

    service: Service = Service.OTHER
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    written: bool = False
    problem: Problem | None = None

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())


def import_list(
    file: BinaryIO,
    path: str,
    register: Register,
    terms: Terms,
    zone: tzinfo,
    *,
    dry_run: bool = False,
    report: Report = lambda _: None,
) -> Tally:
    """Import a seekable CSV file; ``report`` hears the verdict on each row as it falls.

    ``path`` names the file in problems; dates without a zone are local to ``zone``.
    """
    opened = listed(file, path, zone)
    if not isinstance(opened, Listed):
        return Tally(problem=opened)
    terms = replace(terms, own=opened.service is Service.OWN)
    counts: Counter[Outcome] = Counter()

    def heard(verdict: Verdict) -> None:
        counts[verdict.outcome] += 1
        report(verdict)

    with changing(register, dry_run=dry_run) as book:
        while batch := list(islice(opened.rows, BATCH)):
            _take_in(book, batch, terms, heard)
    return Tally(opened.service, dict(counts), written=not dry_run)


def _take_in(
    book: Book, batch: list[tuple[int, Row | Problem]], terms: Terms, heard: Report
) -> None:
    """Judge a batch against what is known and write it down."""
    rows = [one for _, one in batch if isinstance(one, Row)]
    keys = [one.address.key for one in rows if one.address is not None]
    stones = {key: tombstone(key) for key in keys}
    before = book.of_keys(keys)
    held = book.suppressed(
        [*keys, *stones.values(), *(one.tombstone for one in rows if one.tombstone)]
    )
    after = dict(before)
    fresh: list[Suppression] = []
    for number, one in batch:
        if isinstance(one, Problem):
            heard(Verdict(number, Outcome.REFUSED, problem=one))
        elif one.address is None:
            heard(_buried(one, held, fresh, terms))
        elif stones[one.address.key] in held:
            heard(Verdict(number, Outcome.ERASED))
        else:
            heard(_judged(one, one.address.key, after, held, fresh, terms))
    book.enter([record for key, record in after.items() if key not in before])
    book.alter([(was, after[key]) for key, was in before.items() if after[key] != was])
    book.suppress(fresh)


def _judged(
    one: Row,
    key: str,
    after: dict[str, Record],
    held: dict[str, Suppression],
    fresh: list[Suppression],
    terms: Terms,
) -> Verdict:
    known = after.get(key)
    new = one.suppression if one.suppression is not None and key not in held else None
    if one.suppression is not None and one.state is None:
        outcome = Outcome.ADDED if new is not None else Outcome.SAME
        record = None
    else:
        outcome, record = judge(one, known, held.get(key), terms)
    if new is not None:
        held[key] = new
        fresh.append(new)
        outcome = Outcome.CHANGED if outcome is Outcome.SAME else outcome
    if record is None:
        return Verdict(one.line, outcome, key)
    after[key] = record
    differences = entering(record) if known is None else changes(known, record)
    return Verdict(one.line, outcome, key, differences)


def _buried(
    one: Row, held: dict[str, Suppression], fresh: list[Suppression], terms: Terms
) -> Verdict:
    """Set a tombstone from our own export: the address stays away from this list too."""
    if one.tombstone in held:
        return Verdict(one.line, Outcome.SAME)
    stone = Suppression(one.tombstone, SuppressionReason.ERASED, terms.now)
    held[one.tombstone] = stone
    fresh.append(stone)
    return Verdict(one.line, Outcome.ADDED)
