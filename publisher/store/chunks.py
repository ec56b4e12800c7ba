"""Runs of deliveries: cut off the list, claimed by one process, taken over, laid down.

A chunk is cut and claimed in one transaction. Its ``epoch`` fences an old owner off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Insert,
    Select,
    Subquery,
    bindparam,
    case,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    type_coerce,
    update,
)

from publisher.model.delivery import NO_LONGER, DeliveryState
from publisher.model.episode import Audience, Kind
from publisher.model.ledger import Addressee, Chunk, Claim
from publisher.model.release import ReleaseState
from publisher.model.slot import Slot
from publisher.store import roll
from publisher.store.database import Database
from publisher.store.schema import (
    Instant,
    chunks,
    deliveries,
    editions,
    instant_of,
    releases,
    subscribers,
)
from publisher.store.segments import addressed, segment_of
from publisher.store.stages import STARTABLE, WAITING

d = deliveries.c
S = DeliveryState
_AUDIENCES = {audience.value: audience for audience in Audience}


class Chunks:
    """Chunks, in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- claiming -------------------------------------------------------------------

    def claim(self, release: int, owner: str, size: int, now: datetime) -> Chunk | None:
        with self._database.write() as connection:
            row = locked(connection, release)
            if row is None or row.state != ReleaseState.OPEN:
                return None
            due = self._due(connection, release, size, now)
            if due:
                return self._claim_due(connection, release, owner, due)
            if row.cursor >= row.ceiling:
                return None
            return cut(connection, row, owner, size, now)

    def _due(self, connection: Connection, release: int, size: int, now: datetime) -> Sequence[int]:
        """Find deliveries in nobody's hands whose next attempt is due."""
        return (
            connection.execute(
                select(d.subscriber_id)
                .where(
                    d.release_id == release,
                    *WAITING,
                    STARTABLE,
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
        chunk = _new_chunk(connection, release, owner)
        connection.execute(
            update(deliveries)
            .where(d.release_id == release, d.subscriber_id == bindparam("who"))
            .values(chunk_id=chunk.id),
            [{"who": subscriber} for subscriber in due],
        )
        return chunk

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

    # --- reading --------------------------------------------------------------------

    def load(self, chunk: Chunk, after: int, limit: int) -> Sequence[Addressee]:
        """Read addressees of a chunk by id; who left meanwhile has no address any more."""
        with self._database.read() as connection:
            release = connection.execute(
                select(releases).where(releases.c.id == chunk.release)
            ).one()
            kinds = _kinds(connection, chunk.release)
            rows = connection.execute(
                _reading(release.instant, tuple(kinds.items())),
                {"chunk": chunk.id, "after": after, "limit": limit},
            ).all()
        slot = Slot.parse(release.slot).instant
        of, number = chunk.release, chunk.id
        audiences = {
            word: (audience, kinds.get(audience) is Kind.AD)
            for word, audience in _AUDIENCES.items()
        }
        found = []
        for subscriber, attempts, address, since, epoch, word, there in rows:
            audience, advertising = audiences[word]
            to, when = (address, instant_of(since)) if there else ("", slot)
            found.append(
                Addressee(
                    of, number, subscriber, to, audience, when, epoch or 0, attempts, advertising
                )
            )
        return found

    # --- laying down ----------------------------------------------------------------

    def finish(self, chunk: Chunk) -> bool:
        with self._database.write() as connection:
            if _left(connection, chunk):
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
            if mine.rowcount and not _left(connection, chunk):
                connection.execute(delete(chunks).where(chunks.c.id == chunk.id))


def locked(connection: Connection, release: int) -> Any:  # a row of `releases`
    """Read a release that nobody else may change until the transaction ends."""
    return connection.execute(
        select(releases).where(releases.c.id == release).with_for_update()
    ).first()


def cut(connection: Connection, release: Any, owner: str, size: int, now: datetime) -> Chunk:
    """Cut the next run of subscribers off the list of a locked release.

    Who was to be mailed when it was opened and is no longer is written down as withheld, with the
    reason, so that the sums are those of that moment.
    """
    high = connection.execute(
        select(subscribers.c.id)
        .where(subscribers.c.id > release.cursor, subscribers.c.id <= release.ceiling)
        .order_by(subscribers.c.id)
        .limit(1)
        .offset(size - 1)
    ).scalar()
    high = release.ceiling if high is None else high
    chunk = _new_chunk(connection, release.id, owner)
    connection.execute(
        _cutting(*_whom(connection, release)),
        {
            "low": release.cursor,
            "high": high,
            "release": release.id,
            "chunk": chunk.id,
            "now": now,
        },
    )
    connection.execute(update(releases).where(releases.c.id == release.id).values(cursor=high))
    return chunk


def count_chosen(connection: Connection, release: Any, high: int) -> int:
    """Count the readers of a release that are not cut off the list yet, up to an id."""
    chosen = _chosen(*_whom(connection, release))
    return connection.execute(
        select(func.count()).select_from(chosen), {"low": release.cursor, "high": high}
    ).scalar_one()


#: What decides who is mailed: series, editions by audience, instant, opening, segment.
Whom = tuple[str, tuple[tuple[Audience, Kind], ...], datetime, datetime, str]


def _whom(connection: Connection, release: Any) -> Whom:
    kinds = tuple(_kinds(connection, release.id).items())
    return release.series, kinds, release.instant, release.opened_at, release.segment


# Each of these is the same for all chunks of a release: made once, it costs neither the time nor,
# until the collector comes round, the memory of making it again.


def _chosen(
    series: str,
    kinds: tuple[tuple[Audience, Kind], ...],
    instant: datetime,
    opened: datetime,
    segment: str,
) -> Subquery:
    """Select (id, state) of the readers on the list from ``low`` to ``high``."""
    return (
        roll.addressees(series, dict(kinds), instant, opened)
        .where(
            subscribers.c.id > bindparam("low"),
            subscribers.c.id <= bindparam("high"),
            *addressed(segment_of(segment), instant),
        )
        .subquery()
    )


@lru_cache(maxsize=16)
def _cutting(
    series: str,
    kinds: tuple[tuple[Audience, Kind], ...],
    instant: datetime,
    opened: datetime,
    segment: str,
) -> Insert:
    """List them as deliveries of a ``release`` in a ``chunk``."""
    chosen = _chosen(series, kinds, instant, opened, segment)
    pending = chosen.c.state == S.PENDING.value
    return insert(deliveries).from_select(
        ["release_id", "subscriber_id", "state", "chunk_id", "reply", "at"],
        select(
            bindparam("release", type_=BigInteger),
            chosen.c.id,
            chosen.c.state,
            case((pending, bindparam("chunk", type_=BigInteger)), else_=null()),
            case((pending, ""), else_=NO_LONGER),
            case((pending, null()), else_=bindparam("now", type_=Instant)),
        ),
    )


@lru_cache(maxsize=16)
def _reading(instant: datetime, kinds: tuple[tuple[Audience, Kind], ...]) -> Select[Any]:
    """Select who is in a ``chunk`` and startable, ``after`` an id."""
    return (
        select(
            d.subscriber_id,
            d.attempts,
            subscribers.c.address,
            type_coerce(subscribers.c.since, BigInteger),
            subscribers.c.epoch,
            roll.audience(instant),
            roll.mailable(dict(kinds), instant),
        )
        .join(subscribers, subscribers.c.id == d.subscriber_id, isouter=True)
        .where(d.chunk_id == bindparam("chunk"), STARTABLE, d.subscriber_id > bindparam("after"))
        .order_by(d.subscriber_id)
        .limit(bindparam("limit"))
    )


def _new_chunk(connection: Connection, release: int, owner: str) -> Chunk:
    number = connection.execute(
        insert(chunks).values(release_id=release, owner=owner).returning(chunks.c.id)
    ).scalar_one()
    return Chunk(number, release, 0)


def _kinds(connection: Connection, release: int) -> dict[Audience, Kind]:
    """Say what a release is to each audience: a letter, or an advertisement."""
    rows = connection.execute(
        select(editions.c.audience, editions.c.kind).where(editions.c.release_id == release)
    )
    return {Audience(row.audience): Kind(row.kind) for row in rows}


def _left(connection: Connection, chunk: Chunk) -> int:
    return connection.execute(select(func.count()).where(d.chunk_id == chunk.id)).scalar_one()
