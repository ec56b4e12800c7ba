"""How far a delivery has come, as clauses of SQL.

Words are written out instead of bound, so that a partial index is found and one prepared statement
serves many rows.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column, or_, text

from publisher.model.delivery import DeliveryState
from publisher.store.schema import deliveries

S = DeliveryState


def in_state(*states: DeliveryState) -> ColumnElement[bool]:
    """The delivery is in one of the states."""
    column = deliveries.c.state
    return or_(*(column == literal_column(f"'{state.value}'") for state in states))


#: Exactly the clauses of the partial index, letter for letter, or SQLite does not find it:
#: unfinished, and in nobody's hands.
WAITING = [
    text("deliveries.chunk_id IS NULL"),
    text("deliveries.state IN ('pending', 'deferred', 'uncertain')"),
]
#: What may be sent.
STARTABLE = in_state(S.PENDING, S.DEFERRED)
