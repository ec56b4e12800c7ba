"""The ledger's deliveries: claimed in chunks, settled mail by mail, and looked at.

The order of commits is the promise. A chunk is cut and claimed in one transaction; a delivery is
``sending`` on the disk before a byte of it leaves; results and the next starts share one commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, null, or_, select, update

from publisher.model.delivery import UNFINISHED, Delivery, DeliveryState
from publisher.model.ledger import Allowance
from publisher.model.release import ReleaseState
from publisher.store.chunks import Chunks, count_chosen, cut, locked
from publisher.store.database import Database
from publisher.store.schema import chunks, deliveries, limits, releases, subscribers
from publisher.store.settling import REPLY_LIMIT, Settling
from publisher.store.stages import STARTABLE, WAITING, in_state

#: How many of a cancelled release's readers are written down in one commit.
CANCEL_RUN = 5_000
#: So many places of the list are looked at to say how many readers are on the rest of it.
SAMPLE = 20_000

d = deliveries.c
S = DeliveryState


class Deliveries(Chunks, Settling):
    """Deliveries, in SQL."""

    def __init__(self, database: Database) -> None:
        Chunks.__init__(self, database)
        Settling.__init__(self, database)

    # --- closing --------------------------------------------------------------------

    def resend(self, release: int, now: datetime) -> int:
        with self._database.write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(
                    d.release_id == release,
                    *WAITING,
                    d.state == S.UNCERTAIN.value,
                    d.next_at <= now,
                )
                .values(state=S.PENDING.value, next_at=null())
            )
        return done.rowcount

    def complete(self, release: int, now: datetime) -> bool:
        with self._database.write() as connection:
            row = locked(connection, release)
            if row is None or row.state != ReleaseState.OPEN or row.cursor < row.ceiling:
                return False
            # Whatever is unfinished is in a chunk, or waits: an index for each, if asked so.
            held = (
                select(d.subscriber_id)
                .join(chunks, chunks.c.id == d.chunk_id)
                .where(chunks.c.release_id == release)
                .limit(1)
            )
            waits = (
                select(d.subscriber_id)
                .where(
                    d.release_id == release,
                    *WAITING,
                    or_(in_state(*UNFINISHED), d.next_at.is_not(None)),
                )
                .order_by(d.next_at)
                .limit(1)
            )
            unfinished = connection.execute(held).first() or connection.execute(waits).first()
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
                select(func.min(d.next_at)).where(d.release_id == release, *WAITING)
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
                row = locked(connection, release)
                if row is None or row.state != ReleaseState.CANCELLED:
                    return withheld
                if row.cursor < row.ceiling:
                    chunk = cut(connection, row, "", CANCEL_RUN, now)
                    connection.execute(delete(chunks).where(chunks.c.id == chunk.id))
                    # What is cut here was never in anybody's hands.
                    mine = d.chunk_id == chunk.id
                else:
                    mine = STARTABLE
                done = connection.execute(
                    update(deliveries)
                    .where(d.release_id == release, mine)
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
                .where(d.release_id == release, *WAITING, d.state == S.UNCERTAIN.value)
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

    def ahead(self, release: int) -> int:
        """Count the next of them, and reckon that the others are like these: a look costs the same
        at a million."""
        with self._database.read() as connection:
            row = connection.execute(select(releases).where(releases.c.id == release)).first()
            if row is None or row.state not in (ReleaseState.OPEN, ReleaseState.PAUSED):
                return 0
            left: int = row.ceiling - row.cursor
            if left <= 0:
                return 0
            step = min(left, SAMPLE)
            found = count_chosen(connection, row, row.cursor + step)
        return -(-found * left // step)  # rounded up: somebody is there until nobody is

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
