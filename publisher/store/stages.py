"""How far a delivery has come, as clauses of SQL.

Words are written out instead of bound, so that a partial index is found and one prepared statement
serves many rows.
"""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, literal_column, or_

from publisher.model.delivery import DeliveryState
from publisher.store.schema import deliveries

S = DeliveryState


def in_state(*states: DeliveryState) -> ColumnElement[bool]:
    """The delivery is in one of the states."""
    column = deliveries.c.state
    return or_(*(column == literal_column(f"'{state.value}'") for state in states))


#: Exactly the clause of the partial index: unfinished, and in nobody's hands.
WAITING = [
    literal_column("deliveries.chunk_id IS NULL", Boolean),
    literal_column("deliveries.state IN ('pending', 'deferred', 'uncertain')", Boolean),
]
#: What may be sent.
STARTABLE = in_state(S.PENDING, S.DEFERRED)
