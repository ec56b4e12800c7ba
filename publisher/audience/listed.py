"""A list in a file, opened: whose export it is and what each row says; and a change only tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import tzinfo
from itertools import chain
from typing import BinaryIO

from publisher.audience.layout import Service, recognised
from publisher.audience.ports import Book, Register
from publisher.audience.rows import Row, row
from publisher.audience.sheet import read
from publisher.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a file, each with the number of its line; read as they are asked for, once."""

    service: Service
    rows: Iterator[tuple[int, Row | Problem]]


def listed(file: BinaryIO, path: str, zone: tzinfo) -> Listed | Problem | None:
    """Open a seekable CSV file; a Problem where it is no list at all, None where it is empty.

    ``path`` names the file in problems; dates without a zone are local to ``zone``.
    """
    lines = read(file, path)
    first = next(lines, None)
    if first is None or first.problem is not None:
        return first.problem if first is not None else None
    layout = recognised(first.cells, path, first.number)
    if isinstance(layout, Problem):
        return layout
    body = lines if layout.headed else chain((first,), lines)
    return Listed(layout.service, ((line.number, row(line, layout, path, zone)) for line in body))


class _OnlyTriedError(Exception):
    """Leaves a transaction without keeping it."""


@contextmanager
def changing(register: Register, *, dry_run: bool) -> Iterator[Book]:
    """Change the list in one transaction; a dry run is the same change, undone at the end."""
    with suppress(_OnlyTriedError), register.change() as book:
        yield book
        if dry_run:
            raise _OnlyTriedError
