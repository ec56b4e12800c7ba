"""The whole list as CSV, in a form that can be taken in again to the last comma."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TextIO

from publisher.audience.layout import OWN_COLUMNS
from publisher.audience.ports import Register
from publisher.audience.rows import consents_cell
from publisher.audience.sheet import guarded
from publisher.model.readership import EVERYBODY, Record, Segment
from publisher.model.subscriber import Suppression, SuppressionReason

_PAGE = 1_000


def export_list(
    register: Register,
    out: TextIO,
    segment: Segment = EVERYBODY,
    report: Callable[[int], None] = lambda _: None,
) -> int:
    """Write a segment as CSV (RFC 4180, UTF-8 by the caller's choice); give the rows written.

    The export of everybody also has the addresses that must not be mailed and the tombstones of
    the erased, so that a list moved to another house keeps its promises. Cells that a
    spreadsheet would run as formulas are made harmless.
    """
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(OWN_COLUMNS)
    written = 0
    for cells in _cells(register, segment):
        writer.writerow([guarded(cell) for cell in cells])
        written += 1
        if written % _PAGE == 0:
            report(written)
    return written


def _cells(register: Register, segment: Segment) -> Iterator[list[str]]:
    with register.look() as book:
        after = 0
        while records := book.walk(segment, after, _PAGE):
            after = records[-1].subscriber.id
            yield from map(_reader, records)
        if segment != EVERYBODY:
            return
        key = ""
        while strays := book.strays(key, _PAGE):
            key = strays[-1].key
            yield from map(_stray, strays)


def _reader(record: Record) -> list[str]:
    who, held = record.subscriber, record.suppression
    return [
        who.address,
        who.name,
        who.state.value,
        who.audience.value,
        _moment(who.members_until),
        " ".join(who.series),
        who.locale,
        who.source,
        _moment(who.since),
        consents_cell(record.consents),
        *_held(held),
        "",
    ]


def _stray(held: Suppression) -> list[str]:
    if held.reason is SuppressionReason.ERASED and held.key.startswith("erased:"):
        return [""] * (len(OWN_COLUMNS) - 1) + [held.key]
    return [held.key, *[""] * 9, *_held(held), ""]


def _held(held: Suppression | None) -> list[str]:
    return [held.reason.value, _moment(held.at), held.note] if held is not None else ["", "", ""]


def _moment(instant: datetime | None) -> str:
    return instant.isoformat() if instant is not None else ""
