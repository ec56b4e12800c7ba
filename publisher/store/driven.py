"""A statement compiled once for its database and handed to the driver with nothing in between.

The statement is the same for every database; only its text differs. This is for the few that run
once a mail, where compiling and type conversion would cost more than the database itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement

#: One run's parameters, in the order of the names; instants are microseconds (``schema.micros``).
Row = tuple[object, ...]


class Driven:
    """One compiled statement. ``names`` are its parameters, in the order that rows have them.

    Parameters that have a value of their own in the statement keep it.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect, *names: str) -> None:
        compiled = statement.compile(dialect=dialect)
        own = {name: value for name, value in compiled.params.items() if name not in names}
        if None in own.values() or not set(names) <= set(compiled.params):
            raise ValueError(f"the parameters are {sorted(compiled.params)}")
        self._sql = str(compiled)
        order = getattr(compiled, "positiontup", None)
        self._as_is = order is not None and list(order) == list(names)
        self._place = _placing((*names, *own), order, tuple(own.values()))

    def run(self, cursor: Any, rows: Sequence[Row]) -> int:
        """Run it for every row; give how many rows of the table it touched."""
        if len(rows) == 1:
            cursor.execute(self._sql, self._place(rows[0]))
        else:
            cursor.executemany(self._sql, rows if self._as_is else list(map(self._place, rows)))
        return int(cursor.rowcount)

    def first(self, cursor: Any, *row: object) -> list[Any]:
        """Ask for one row's parameters; give the first column of all that is found."""
        cursor.execute(self._sql, self._place(row))
        return [found[0] for found in cursor.fetchall()]


def _placing(names: Sequence[str], order: Sequence[str] | None, own: Row) -> Callable[[Row], Any]:
    """Say how a row becomes what the driver takes: by position, or by name.

    ``own`` are the values that the statement brings itself, behind those of each row.
    """
    if order is None:
        return lambda row: dict(zip(names, (*row, *own), strict=True))
    places = [names.index(name) for name in order]
    if len(places) == 1:
        return lambda row: ((*row, *own)[places[0]],)
    if not places:
        return lambda row: row
    choose = itemgetter(*places)
    return (lambda row: choose((*row, *own))) if own else choose
