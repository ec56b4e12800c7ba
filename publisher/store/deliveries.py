"""The ledger's deliveries: cut into chunks, claimed, sent, answered.

The order of commits is the promise. A chunk is cut and claimed in one transaction; a delivery is
``sending`` on the disk before a byte of it leaves; results and the next starts share one commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    SmallInteger,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)

from publisher.model.delivery import UNFINISHED, Delivery, DeliveryState, may_become
from publisher.model.episode import Audience, Kind
from publisher.model.ledger import (
    Addressee,
    Allowance,
    Chunk,
    Claim,
    Result,
    Settled,
    Settlement,
)
from publisher.model.release import ReleaseState
from publisher.model.slot import Slot
from publisher.model.subscriber import SubscriberState
from publisher.store import roll
from publisher.store.database import Database
from publisher.store.driven import Driven, Row
from publisher.store.releases import insert_new
from publisher.store.schema import (
    Instant,
    chunks,
    deliveries,
    editions,
    limits,
    micros,
    releases,
    subscribers,
)
from publisher.store.segments import addressed, segment_of

#: How much of a server's reply is kept.
REPLY_LIMIT = 500
#: How many of a cancelled release's readers are written down in one commit.
CANCEL_RUN = 5_000

d = deliveries.c
S = DeliveryState
_OPEN = select(releases.c.id).where(
    releases.c.state == literal_column(f"'{ReleaseState.OPEN.value}'")
)


def _words(column: ColumnElement[str], *states: DeliveryState) -> ColumnElement[bool]:
    """The column is one of the states; written out, so that one prepared statement serves many."""
    return or_(*(column == literal_column(f"'{state.value}'") for state in states))


#: Exactly the clause of the partial index: with it, what is done and over is never looked at.
WORK = literal_column(
    "deliveries.state IN ('pending', 'sending', 'deferred', 'uncertain')", Boolean
)
STARTABLE = _words(d.state, S.PENDING, S.DEFERRED)

_BEAT = (
    update(chunks)
    .where(chunks.c.id == bindparam("chunk"), chunks.c.epoch == bindparam("mine"))
    .values(beat=chunks.c.beat + 1)
)
#: A start holds only while the delivery waits in our chunk and the list still says the same.
_START = (
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
            )
        ),
    )
    .values(
        state=literal_column(f"'{S.SENDING.value}'"),
        attempts=d.attempts + 1,
        at=bindparam("moment", type_=Instant),
        next_at=null(),
    )
)


def _ending(after: DeliveryState) -> Update:
    """Change deliveries to a state from wherever that is legal, and only while they are ours."""
    before = [state for state in DeliveryState if may_become(state, after)]
    return (
        update(deliveries)
        .where(
            d.release_id == bindparam("release"),
            d.subscriber_id == bindparam("who"),
            or_(d.chunk_id == bindparam("chunk"), d.chunk_id.is_(None)),
            _words(d.state, *before),
        )
        .values(
            state=literal_column(f"'{after.value}'"),
            chunk_id=null(),
            attempts=d.attempts + bindparam("tried", type_=SmallInteger),
            doubts=d.doubts + int(after is S.UNCERTAIN),
            code=bindparam("digits"),
            reply=bindparam("said"),
            at=bindparam("moment", type_=Instant),
            next_at=bindparam("next", type_=Instant),
        )
    )


_ENDINGS: dict[DeliveryState, Update] = {
    after: _ending(after) for after in S if after is not S.SENDING
}
_STATE = select(d.state).where(
    d.release_id == bindparam("release"), d.subscriber_id == bindparam("who")
)


class Deliveries:
    """Deliveries, in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = database.engine.dialect
        self._beat = Driven(_BEAT, dialect)
        self._start = Driven(_START, dialect)
        self._endings = {state: Driven(ending, dialect) for state, ending in _ENDINGS.items()}

    # --- claiming -------------------------------------------------------------------

    def claim(self, release: int, owner: str, size: int, now: datetime) -> Chunk | None:
        with self._database.write() as connection:
            row = self._locked(connection, release)
            if row is None or row.state != ReleaseState.OPEN:
                return None
            due = self._due(connection, release, size, now)
            if due:
                return self._claim_due(connection, release, owner, due)
            if row.cursor >= row.ceiling:
                return None
            return self._cut(connection, row, owner, size)

    def _locked(self, connection: Connection, release: int) -> Any:  # a row of `releases`
        return connection.execute(
            select(releases).where(releases.c.id == release).with_for_update()
        ).first()

    def _due(self, connection: Connection, release: int, size: int, now: datetime) -> Sequence[int]:
        """Find deliveries in nobody's hands whose next attempt is due."""
        return (
            connection.execute(
                select(d.subscriber_id)
                .where(
                    d.release_id == release,
                    WORK,
                    STARTABLE,
                    d.chunk_id.is_(None),
                    or_(d.next_at.is_(None), d.next_at <= now),
                )
                .order_by(d.next_at, d.subscriber_id)
                .limit(size)
            )
            .scalars()
            .all()
        )

    def _claim_due(
        self, connection: Connection, release: int, owner: str, due: Sequence[int]
    ) -> Chunk:
        chunk = self._new_chunk(connection, release, owner)
        connection.execute(
            update(deliveries)
            .where(d.release_id == release, d.subscriber_id == bindparam("who"))
            .values(chunk_id=chunk.id),
            [{"who": subscriber} for subscriber in due],
        )
        return chunk

    def _cut(self, connection: Connection, release: Any, owner: str, size: int) -> Chunk:
        """Cut the next run of subscribers off the list."""
        high = connection.execute(
            select(subscribers.c.id)
            .where(subscribers.c.id > release.cursor, subscribers.c.id <= release.ceiling)
            .order_by(subscribers.c.id)
            .limit(1)
            .offset(size - 1)
        ).scalar()
        high = release.ceiling if high is None else high
        chunk = self._new_chunk(connection, release.id, owner)
        kinds = {
            Audience(row.audience): Kind(row.kind)
            for row in connection.execute(
                select(editions.c.audience, editions.c.kind).where(
                    editions.c.release_id == release.id
                )
            )
        }
        chosen = (
            roll.addressees(release.series, kinds, release.instant, release.opened_at)
            .where(
                subscribers.c.id > release.cursor,
                subscribers.c.id <= high,
                *addressed(segment_of(release.segment), release.instant),
            )
            .subquery()
        )
        pending = chosen.c.state == S.PENDING.value
        connection.execute(
            insert(deliveries).from_select(
                ["release_id", "subscriber_id", "state", "chunk_id"],
                select(
                    literal(release.id),
                    chosen.c.id,
                    chosen.c.state,
                    case((pending, literal(chunk.id)), else_=null()),
                ),
            )
        )
        connection.execute(update(releases).where(releases.c.id == release.id).values(cursor=high))
        return chunk

    def _new_chunk(self, connection: Connection, release: int, owner: str) -> Chunk:
        number = connection.execute(
            insert(chunks).values(release_id=release, owner=owner).returning(chunks.c.id)
        ).scalar_one()
        return Chunk(number, release, 0)

    def claims(self) -> Sequence[Claim]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(chunks)
                .join(releases, releases.c.id == chunks.c.release_id)
                .order_by(chunks.c.id)
            ).all()
        return [Claim(r.id, r.release_id, r.owner, r.epoch, r.beat) for r in rows]

    def take_over(
        self, claim: Claim, owner: str, now: datetime, again: datetime | None
    ) -> Chunk | None:
        with self._database.write() as connection:
            taken = connection.execute(
                update(chunks)
                .where(
                    chunks.c.id == claim.id,
                    chunks.c.epoch == claim.epoch,
                    chunks.c.beat == claim.beat,
                )
                .values(owner=owner, epoch=claim.epoch + 1, beat=claim.beat + 1)
            )
            if taken.rowcount != 1:
                return None
            connection.execute(
                update(deliveries)
                .where(d.chunk_id == claim.id, d.state == S.SENDING.value)
                .values(
                    state=S.UNCERTAIN.value,
                    chunk_id=None,
                    doubts=d.doubts + 1,
                    at=now,
                    next_at=again,
                )
            )
        return Chunk(claim.id, claim.release, claim.epoch + 1)

    def load(self, chunk: Chunk, after: int, limit: int) -> Sequence[Addressee]:
        """Read addressees of a chunk by id; who left meanwhile has no address any more."""
        mailable = and_(subscribers.c.state == SubscriberState.ACTIVE.value, ~roll.suppressed())
        with self._database.read() as connection:
            release = connection.execute(
                select(releases).where(releases.c.id == chunk.release)
            ).one()
            rows = connection.execute(
                select(
                    d.subscriber_id,
                    d.attempts,
                    subscribers.c.address,
                    subscribers.c.since,
                    subscribers.c.epoch,
                    roll.audience(release.instant).label("audience"),
                    mailable.label("mailable"),
                )
                .join(subscribers, subscribers.c.id == d.subscriber_id, isouter=True)
                .where(
                    d.chunk_id == chunk.id,
                    STARTABLE,
                    d.subscriber_id > after,
                )
                .order_by(d.subscriber_id)
                .limit(limit)
            ).all()
        return [
            Addressee(
                release=chunk.release,
                chunk=chunk.id,
                subscriber=row.subscriber_id,
                address=row.address if row.mailable else "",
                audience=Audience(row.audience),
                since=row.since if row.mailable else Slot.parse(release.slot).instant,
                epoch=row.epoch or 0,
                attempts=row.attempts,
            )
            for row in rows
        ]

    # --- settling -------------------------------------------------------------------

    def settle(self, settlement: Settlement, now: datetime) -> Settled:
        with self._database.write() as connection:
            lost = self._fence(connection, settlement.chunks)
            self._write_results(connection, settlement.results, now)
            halted = self._halted(connection, {start.release for start in settlement.starts})
            starts = [
                start
                for start in settlement.starts
                if start.chunk not in lost and start.release not in halted
            ]
            started = self._write_starts(connection, starts, now)
            self._write_allowances(connection, settlement.allowances)
        return Settled(frozenset(started), frozenset(lost), frozenset(halted))

    def _fence(self, connection: Connection, mine: Iterable[Chunk]) -> set[int]:
        """Beat for every chunk that is still ours; give those that are not."""
        lost = set()
        for chunk in mine:
            if self._beat.run(connection, [{"chunk": chunk.id, "mine": chunk.epoch}]) != 1:
                lost.add(chunk.id)
        return lost

    def _write_results(
        self, connection: Connection, results: Sequence[Result], now: datetime
    ) -> None:
        by_state: dict[DeliveryState, list[Row]] = {}
        moment = micros(now)
        for result in results:
            by_state.setdefault(result.state, []).append(
                {
                    "release": result.release,
                    "who": result.subscriber,
                    "chunk": result.chunk,
                    "tried": result.tried,
                    "said": result.reply[:REPLY_LIMIT],
                    "digits": result.code,
                    "moment": moment,
                    "next": None if result.next_at is None else micros(result.next_at),
                }
            )
        # A refusal is deferred first and believed later, perhaps in the same commit.
        for state in (S.DEFERRED, S.PENDING, S.SENT, S.UNCERTAIN, S.WITHHELD, S.REFUSED):
            if state in by_state:
                self._endings[state].run(connection, by_state[state])

    def _halted(self, connection: Connection, wanted: set[int]) -> set[int]:
        if not wanted:
            return set()
        return wanted - set(connection.execute(_OPEN).scalars())

    def _write_starts(
        self, connection: Connection, starts: Sequence[Addressee], now: datetime
    ) -> set[tuple[int, int]]:
        if not starts:
            return set()
        moment = micros(now)
        done = self._start.run(
            connection,
            [
                {
                    "release": start.release,
                    "who": start.subscriber,
                    "chunk": start.chunk,
                    "to": start.address,
                    "moment": moment,
                }
                for start in starts
            ],
        )
        keys = {(start.release, start.subscriber) for start in starts}
        if done == len(starts):
            return keys
        return {
            key
            for key in keys
            if connection.execute(_STATE, {"release": key[0], "who": key[1]}).scalar()
            == S.SENDING.value
        }

    def _write_allowances(self, connection: Connection, allowances: Sequence[Allowance]) -> None:
        for one in allowances:
            row = {
                "arrival": one.arrival,
                "blocked_until": one.blocked_until,
                "failures": one.failures,
                "note": one.note,
            }
            done = connection.execute(update(limits).where(limits.c.name == one.name).values(row))
            if not done.rowcount:
                connection.execute(insert_new(self._database, limits).values(name=one.name, **row))

    # --- closing --------------------------------------------------------------------

    def finish(self, chunk: Chunk) -> bool:
        with self._database.write() as connection:
            left = connection.execute(
                select(func.count()).where(d.chunk_id == chunk.id)
            ).scalar_one()
            if left:
                return False
            connection.execute(
                delete(chunks).where(chunks.c.id == chunk.id, chunks.c.epoch == chunk.epoch)
            )
        return True

    def hand_back(self, chunk: Chunk) -> None:
        with self._database.write() as connection:
            mine = connection.execute(
                update(chunks)
                .where(chunks.c.id == chunk.id, chunks.c.epoch == chunk.epoch)
                .values(owner="")
            )
            if (
                mine.rowcount
                and not connection.execute(
                    select(func.count()).where(d.chunk_id == chunk.id)
                ).scalar_one()
            ):
                connection.execute(delete(chunks).where(chunks.c.id == chunk.id))

    def resend(self, release: int, now: datetime) -> int:
        with self._database.write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(
                    d.release_id == release,
                    WORK,
                    d.state == S.UNCERTAIN.value,
                    d.next_at <= now,
                )
                .values(state=S.PENDING.value, next_at=null())
            )
        return done.rowcount

    def complete(self, release: int, now: datetime) -> bool:
        with self._database.write() as connection:
            row = self._locked(connection, release)
            if row is None or row.state != ReleaseState.OPEN or row.cursor < row.ceiling:
                return False
            unfinished = connection.execute(
                select(
                    exists().where(
                        d.release_id == release,
                        WORK,
                        or_(
                            _words(d.state, *UNFINISHED),
                            and_(d.state == S.UNCERTAIN.value, d.next_at.is_not(None)),
                        ),
                    )
                )
            ).scalar()
            if unfinished:
                return False
            connection.execute(
                update(releases)
                .where(releases.c.id == release)
                .values(state=ReleaseState.COMPLETE.value, completed_at=now)
            )
            connection.execute(delete(chunks).where(chunks.c.release_id == release))
        return True

    # --- looking --------------------------------------------------------------------

    def next_at(self, release: int) -> datetime | None:
        with self._database.read() as connection:
            return connection.execute(
                select(func.min(d.next_at)).where(
                    d.release_id == release,
                    WORK,
                    _words(d.state, S.PENDING, S.DEFERRED, S.UNCERTAIN),
                    d.chunk_id.is_(None),
                )
            ).scalar()

    def allowances(self) -> Sequence[Allowance]:
        with self._database.read() as connection:
            return [
                Allowance(r.name, r.arrival, r.blocked_until, r.failures, r.note)
                for r in connection.execute(select(limits).order_by(limits.c.name))
            ]

    def withhold_rest(self, release: int, reason: str, now: datetime) -> int:
        """The list's remainder is cut off in runs, so that nobody waits long for the ledger."""
        withheld = 0
        while True:
            with self._database.write() as connection:
                row = self._locked(connection, release)
                if row is None or row.state != ReleaseState.CANCELLED:
                    return withheld
                if row.cursor < row.ceiling:
                    chunk = self._cut(connection, row, "", CANCEL_RUN)
                    connection.execute(delete(chunks).where(chunks.c.id == chunk.id))
                    # What is cut here was never in anybody's hands.
                    mine = d.chunk_id == chunk.id
                else:
                    mine = _words(d.state, S.PENDING, S.DEFERRED)
                done = connection.execute(
                    update(deliveries)
                    .where(d.release_id == release, WORK, mine)
                    .values(
                        state=S.WITHHELD.value,
                        chunk_id=null(),
                        next_at=null(),
                        reply=reason[:REPLY_LIMIT],
                        at=now,
                    )
                )
                withheld += done.rowcount
                if row.cursor >= row.ceiling:
                    return withheld

    def resolve(self, release: int, after: DeliveryState, now: datetime) -> int:
        if after not in (S.SENT, S.PENDING):
            raise ValueError("an uncertain delivery is assumed sent, or sent again")
        with self._database.write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(d.release_id == release, WORK, d.state == S.UNCERTAIN.value)
                .values(state=after.value, chunk_id=null(), next_at=null(), at=now)
            )
        return done.rowcount

    def domains(self, release: int) -> dict[str, dict[DeliveryState, int]]:
        key = subscribers.c.key
        if self._database.postgres:
            domain = func.split_part(key, "@", 2)
        else:
            domain = func.substr(key, func.instr(key, "@") + 1)
        with self._database.read() as connection:
            rows = connection.execute(
                select(domain, d.state, func.count())
                .join(subscribers, subscribers.c.id == d.subscriber_id)
                .where(d.release_id == release)
                .group_by(domain, d.state)
            ).all()
        found: dict[str, dict[DeliveryState, int]] = {}
        for name, state, count in rows:
            found.setdefault(name, {})[DeliveryState(state)] = count
        return dict(sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0])))

    def counts(self, release: int) -> dict[DeliveryState, int]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(d.state, func.count()).where(d.release_id == release).group_by(d.state)
            ).all()
        found = {DeliveryState(state): count for state, count in rows}
        return {state: found.get(state, 0) for state in DeliveryState}

    def who(
        self, release: int, states: Sequence[DeliveryState] = (), after: int = 0, limit: int = 1000
    ) -> Sequence[Delivery]:
        query = (
            select(deliveries, subscribers.c.address)
            .join(subscribers, subscribers.c.id == d.subscriber_id, isouter=True)
            .where(d.release_id == release, d.subscriber_id > after)
            .order_by(d.subscriber_id)
            .limit(limit)
        )
        if states:
            query = query.where(d.state.in_([state.value for state in states]))
        with self._database.read() as connection:
            return [
                Delivery(
                    release=r.release_id,
                    subscriber=r.subscriber_id,
                    address=r.address or "",
                    state=DeliveryState(r.state),
                    attempts=r.attempts,
                    doubts=r.doubts,
                    code=r.code,
                    reply=r.reply,
                    at=r.at,
                    next_at=r.next_at,
                )
                for r in connection.execute(query)
            ]
