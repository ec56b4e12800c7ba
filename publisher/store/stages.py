"""How far a delivery has come, as clauses of SQL.

Words are written out instead of bound, so that a partial index is found and one prepared statement
serves many rows.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column, or_

from publisher.model.delivery import DeliveryState
from publisher.store.schema import deliveries

S = DeliveryState


def in_state(*states: DeliveryState) -> ColumnElement[bool]:
    """The delivery is in one of the states."""
    column = deliveries.c.state
    return or_(*(column == literal_column(f"'{state.value}'") for state in states))


#: Exactly the clauses of the partial index, in its order, or SQLite does not find it: unfinished,
#: and in nobody's hands.
WAITING = [
    deliveries.c.chunk_id.is_(None),
    in_state(S.PENDING, S.DEFERRED, S.UNCERTAIN),
]
#: What may be sent.
STARTABLE = in_state(S.PENDING, S.DEFERRED)
