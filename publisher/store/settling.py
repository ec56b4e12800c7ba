"""What happens once a mail: a delivery is ``sending`` on the disk before a byte of it leaves.

Results, the next starts, the beat that proves chunks ours and how relays stand share one commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SmallInteger,
    Update,
    bindparam,
    exists,
    literal_column,
    null,
    or_,
    select,
    update,
)

from publisher.model.delivery import DeliveryState, may_become
from publisher.model.ledger import (
    Addressee,
    Allowance,
    Chunk,
    Result,
    Settled,
    Settlement,
)
from publisher.model.release import ReleaseState
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.store import roll
from publisher.store.database import Database
from publisher.store.driven import Driven, Row
from publisher.store.releases import insert_new
from publisher.store.schema import (
    Instant,
    chunks,
    deliveries,
    limits,
    micros,
    releases,
    subscribers,
)
from publisher.store.stages import STARTABLE, in_state

#: How much of a server's reply is kept.
REPLY_LIMIT = 500

d = deliveries.c
S = DeliveryState

_OPEN = select(releases.c.id).where(
    releases.c.state == literal_column(f"'{ReleaseState.OPEN.value}'")
)
_BEAT = (
    update(chunks)
    .where(chunks.c.id == bindparam("chunk"), chunks.c.epoch == bindparam("mine"))
    .values(beat=chunks.c.beat + literal_column("1"))
)


def _starting(*more: ColumnElement[bool]) -> Update:
    """A start holds only while the delivery waits in our chunk and the list still says the same."""
    return (
        update(deliveries)
        .where(
            d.release_id == bindparam("release"),
            d.subscriber_id == bindparam("who"),
            d.chunk_id == bindparam("chunk"),
            STARTABLE,
            exists(
                select(subscribers.c.id).where(
                    subscribers.c.id == bindparam("who"),
                    subscribers.c.state == literal_column(f"'{SubscriberState.ACTIVE.value}'"),
                    subscribers.c.address == bindparam("to"),
                    ~roll.suppressed(),
                    *more,
                )
            ),
        )
        .values(
            state=literal_column(f"'{S.SENDING.value}'"),
            attempts=d.attempts + literal_column("1"),
            at=bindparam("moment", type_=Instant),
            next_at=null(),
        )
    )


_STATE = select(d.state).where(
    d.release_id == bindparam("release"), d.subscriber_id == bindparam("who")
)
#: A refusal is deferred first and believed later, perhaps in the same commit.
_ORDER = (S.DEFERRED, S.PENDING, S.SENT, S.UNCERTAIN, S.WITHHELD, S.REFUSED)


def _ending(after: DeliveryState, *, again: bool) -> Update:
    """Change deliveries to a state from wherever that is legal, and only while they are ours.

    ``again``: with an instant of the next attempt. Without, nothing is handed over for it: SQLite's
    driver takes more time over a None than over all else of a row.
    """
    before = [state for state in DeliveryState if may_become(state, after)]
    return (
        update(deliveries)
        .where(
            d.release_id == bindparam("release"),
            d.subscriber_id == bindparam("who"),
            or_(d.chunk_id == bindparam("chunk"), d.chunk_id.is_(None)),
            in_state(*before),
        )
        .values(
            state=literal_column(f"'{after.value}'"),
            chunk_id=null(),
            attempts=d.attempts + bindparam("tried", type_=SmallInteger),
            doubts=d.doubts + literal_column("1" if after is S.UNCERTAIN else "0"),
            code=bindparam("digits"),
            reply=bindparam("said"),
            at=bindparam("moment", type_=Instant),
            next_at=bindparam("next", type_=Instant) if again else null(),
        )
    )


class Settling:
    """The one short transaction of the sending."""

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = database.engine.dialect
        self._beat = Driven(_BEAT, dialect, "chunk", "mine")
        self._open = Driven(_OPEN, dialect)
        named = ("moment", "release", "who", "chunk", "to")
        self._start = Driven(_starting(), dialect, *named)
        self._start_ad = Driven(_starting(roll.consenting(Purpose.ADVERTISING)), dialect, *named)
        self._state = Driven(_STATE, dialect, "release", "who")
        names = ("tried", "digits", "said", "moment", "release", "who", "chunk")
        later = ("tried", "digits", "said", "moment", "next", "release", "who", "chunk")
        self._endings = [
            (
                after,
                again,
                Driven(_ending(after, again=again), dialect, *(later if again else names)),
            )
            for after in _ORDER
            for again in (True, False)
        ]
        kept: dict[str, BindParameter[Any]] = {
            "arrival": bindparam("arrival", type_=Instant),
            "blocked_until": bindparam("blocked_until", type_=Instant),
            "failures": bindparam("failures"),
            "note": bindparam("note"),
        }
        columns = ("arrival", "blocked_until", "failures", "note", "which")
        change = update(limits).where(limits.c.name == bindparam("which")).values(kept)
        self._change = Driven(change, dialect, *columns)
        new = insert_new(database, limits).values(name=bindparam("which"), **kept)
        self._new = Driven(new, dialect, *columns)

    def settle(self, settlement: Settlement, now: datetime) -> Settled:
        with self._database.stroke() as cursor:
            lost = self._fence(cursor, settlement.chunks)
            self._write_results(cursor, settlement.results, now)
            starts, halted = settlement.starts, set[int]()
            if starts:
                halted = {start.release for start in starts} - set(self._open.first(cursor))
            if lost or halted:
                starts = tuple(
                    start
                    for start in starts
                    if start.chunk not in lost and start.release not in halted
                )
            started = self._write_starts(cursor, starts, now)
            self._write_allowances(cursor, settlement.allowances)
        return Settled(started, frozenset(lost), frozenset(halted))

    def _fence(self, cursor: object, mine: Iterable[Chunk]) -> set[int]:
        """Beat for every chunk that is still ours; give those that are not."""
        return {
            chunk.id for chunk in mine if self._beat.run(cursor, [(chunk.id, chunk.epoch)]) != 1
        }

    def _write_results(self, cursor: object, results: Sequence[Result], now: datetime) -> None:
        ends: dict[DeliveryState, list[Row]] = defaultdict(list)
        waits: dict[DeliveryState, list[Row]] = defaultdict(list)
        moment = micros(now)
        for release, chunk, who, state, code, reply, next_at, tried in results:
            said = reply[:REPLY_LIMIT]
            if next_at is None:
                ends[state].append((tried, code, said, moment, release, who, chunk))
            else:
                due = micros(next_at)
                waits[state].append((tried, code, said, moment, due, release, who, chunk))
        for state, again, ending in self._endings:
            rows = (waits if again else ends).get(state)
            if rows:
                ending.run(cursor, rows)

    def _write_starts(
        self, cursor: object, starts: Sequence[Addressee], now: datetime
    ) -> frozenset[tuple[int, int]]:
        if not starts:
            return frozenset()
        moment = micros(now)
        letters: list[Row] = []
        advertisements: list[Row] = []
        for release, chunk, who, address, _, _, _, _, advertising in starts:
            rows = advertisements if advertising else letters
            rows.append((moment, release, who, chunk, address))
        done = self._start.run(cursor, letters) if letters else 0
        if advertisements:
            done += self._start_ad.run(cursor, advertisements)
        keys = frozenset([(start[0], start[2]) for start in starts])
        if done == len(starts):
            return keys
        return frozenset(
            key for key in keys if self._state.first(cursor, *key) == [S.SENDING.value]
        )

    def _write_allowances(self, cursor: object, allowances: Sequence[Allowance]) -> None:
        for one in allowances:
            arrival, blocked = (
                None if instant is None else micros(instant)
                for instant in (one.arrival, one.blocked_until)
            )
            row = (arrival, blocked, one.failures, one.note, one.name)
            if not self._change.run(cursor, [row]):
                self._new.run(cursor, [row])
