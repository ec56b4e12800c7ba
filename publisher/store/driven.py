"""A statement compiled once for its database and run many times with nothing in between.

The statement is the same for every database; only its text differs. This is for the few that run
once a mail, where compiling and type conversion would cost more than the database itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql import ClauseElement

#: Parameters of one run; instants are microseconds here (``schema.micros``).
Row = Mapping[str, object]


class Driven:
    """One compiled statement."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._constants: dict[str, Any] = dict(compiled.params)
        order = getattr(compiled, "positiontup", None)
        self._order: list[str] | None = list(order) if order else None

    def run(self, connection: Connection, rows: Iterable[Row]) -> int:
        """Run it for every row; give how many rows of the table it touched."""
        constants = self._constants
        if self._order is None:
            named = [{**constants, **row} for row in rows]
            return connection.exec_driver_sql(self._sql, named).rowcount
        order = self._order
        placed = [
            tuple([row[name] if name in row else constants[name] for name in order]) for row in rows
        ]
        return connection.exec_driver_sql(self._sql, placed).rowcount
