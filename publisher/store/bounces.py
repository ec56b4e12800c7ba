"""Bounces and complaints in SQL, and what they do to the list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from publisher.model.report import Report, Weight
from publisher.model.subscriber import Purpose, SubscriberState, SuppressionReason
from publisher.store.database import Database
from publisher.store.releases import insert_new
from publisher.store.schema import bounces, consents, subscribers, suppressions

NOTE_LIMIT = 300


class Bounces:
    """The ledger of what came back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self,
        digest: str,
        report: Report,
        weight: Weight,
        release: int,
        subscriber: int,
        now: datetime,
    ) -> bool:
        row = {
            "digest": digest,
            "at": now,
            "kind": weight.value,
            "status": report.status[:16],
            "release_id": release,
            "subscriber_id": subscriber,
            "note": report.diagnostic[:NOTE_LIMIT],
        }
        with self._database.write() as connection:
            key = connection.execute(
                select(subscribers.c.key).where(subscribers.c.id == subscriber)
            ).scalar()
            written = connection.execute(
                insert_new(self._database, bounces)
                .values(key=key or "", **row)
                .returning(bounces.c.id)
            ).first()
        return written is not None

    def known(self, digest: str) -> bool:
        with self._database.read() as connection:
            found = connection.execute(select(bounces.c.id).where(bounces.c.digest == digest))
            return found.first() is not None

    def counted(self, subscriber: int, since: datetime) -> int:
        """Each release counts once, however many reports it brings."""
        with self._database.read() as connection:
            return connection.execute(
                select(func.count(func.distinct(bounces.c.release_id))).where(
                    bounces.c.key.in_(
                        select(subscribers.c.key).where(subscribers.c.id == subscriber)
                    ),
                    bounces.c.kind == Weight.COUNTED.value,
                    bounces.c.at >= since,
                )
            ).scalar_one()

    def suppress(self, subscriber: int, weight: Weight, note: str, now: datetime) -> bool:
        complaint = weight is Weight.COMPLAINT
        reason = SuppressionReason.COMPLAINED if complaint else SuppressionReason.BOUNCED
        state = SubscriberState.LEFT if complaint else SubscriberState.BOUNCED
        with self._database.write() as connection:
            reader = connection.execute(
                select(subscribers.c.key, subscribers.c.state).where(subscribers.c.id == subscriber)
            ).first()
            if reader is None or reader.state == SubscriberState.ERASED.value:
                return False
            connection.execute(
                insert_new(self._database, suppressions).values(
                    key=reader.key, reason=reason.value, at=now, note=note[:NOTE_LIMIT]
                )
            )
            done = connection.execute(
                update(subscribers)
                .where(
                    subscribers.c.id == subscriber,
                    subscribers.c.state == SubscriberState.ACTIVE.value,
                )
                .values(state=state.value, left_at=now)
            )
            if complaint and done.rowcount:
                connection.execute(
                    insert(consents).values(
                        subscriber_id=subscriber,
                        purpose=Purpose.LETTER.value,
                        given=False,
                        at=now,
                        source="complaint",
                    )
                )
        return done.rowcount == 1
