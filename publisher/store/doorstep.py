"""What stands on the doorstep in SQL: wishes to confirm, notices owed, payments, members' feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, select, update

from publisher.model.readership import LAWFUL, Backlog, Notice, NoticeKind, Trace, Wish, WishKind
from publisher.store.schema import (
    bounces,
    deliveries,
    feed_keys,
    notices,
    payments,
    releases,
    wishes,
)


class Doorstep:
    """The part of a transaction that concerns the front door."""

    def __init__(self, connection: Connection) -> None:
        self._door = connection

    # --- wishes -----------------------------------------------------------------------

    def wish(self, wish: Wish) -> int:
        """Write down what somebody asked for; give its number."""
        values = {
            "kind": wish.kind.value,
            "address": wish.address,
            "key": wish.key,
            "at": wish.at,
            "subscriber_id": wish.subscriber,
            "series": " ".join(wish.series),
            "advertising": wish.advertising,
            "locale": wish.locale,
            "source": wish.source,
            "text": wish.text,
            "done_at": wish.done_at,
        }
        result = self._door.execute(insert(wishes).returning(wishes.c.id), values)
        return int(result.scalar_one())

    def wish_of(self, number: int) -> Wish | None:
        """Find a wish by its number."""
        row = self._door.execute(select(wishes).where(wishes.c.id == number)).first()
        return None if row is None else _wish(row)

    def wishes_since(self, key: str, since: datetime) -> list[Wish]:
        """Give what was asked for an address of late, oldest first."""
        query = (
            select(wishes)
            .where(wishes.c.key == key, wishes.c.at > since)
            .order_by(wishes.c.at, wishes.c.id)
        )
        return [_wish(row) for row in self._door.execute(query)]

    def fulfil(self, number: int, now: datetime) -> None:
        """Mark a wish as confirmed."""
        self._door.execute(update(wishes).where(wishes.c.id == number).values(done_at=now))

    def drop_wishes(self, before: datetime) -> int:
        """Forget wishes nobody confirmed; say how many."""
        gone = self._door.execute(
            delete(wishes).where(wishes.c.at < before, wishes.c.done_at.is_(None))
        )
        return gone.rowcount

    # --- notices ----------------------------------------------------------------------

    def owe(self, those: Sequence[Notice], keys: Sequence[str]) -> None:
        """Write down mails that are owed to people, each under the key of its address."""
        rows = [
            {
                "kind": one.kind.value,
                "address": one.address,
                "key": key,
                "locale": one.locale,
                "about": one.about,
                "subscriber_id": one.subscriber,
                "wish_id": one.wish,
                "due_at": one.due_at or one.about,
            }
            for one, key in zip(those, keys, strict=True)
        ]
        if rows:
            self._door.execute(insert(notices), rows)

    def owed(self, now: datetime, limit: int = 100) -> list[Notice]:
        """Give the mails that are due and not sent, the oldest first."""
        query = (
            select(notices)
            .where(notices.c.sent_at.is_(None), notices.c.due_at <= now)
            .order_by(notices.c.due_at, notices.c.id)
            .limit(limit)
        )
        return [_notice(row) for row in self._door.execute(query)]

    def lease(self, numbers: Sequence[int], until: datetime) -> None:
        """Keep mails from being taken up a second time while they are on their way."""
        self._door.execute(update(notices).where(notices.c.id.in_(numbers)).values(due_at=until))

    def told(self, number: int, now: datetime) -> None:
        """Record that a mail was handed over."""
        self._door.execute(
            update(notices)
            .where(notices.c.id == number)
            .values(sent_at=now, failure="", attempts=notices.c.attempts + 1)
        )

    def untold(self, number: int, failure: str, again: datetime) -> None:
        """Record why a mail could not be handed over, and when to try again."""
        self._door.execute(
            update(notices)
            .where(notices.c.id == number)
            .values(failure=failure[:500], due_at=again, attempts=notices.c.attempts + 1)
        )

    def drop_notice(self, number: int) -> None:
        """Give a mail up that nobody can send any more."""
        self._door.execute(delete(notices).where(notices.c.id == number))

    def backlog(self, before: datetime) -> Backlog:
        """Sum up the mails the law asks for, owed since before an instant and not sent."""
        kinds = [kind.value for kind in LAWFUL]
        waiting = (
            notices.c.sent_at.is_(None),
            notices.c.about < before,
            notices.c.kind.in_(kinds),
        )
        count = self._door.execute(
            select(func.count()).select_from(notices).where(*waiting)
        ).scalar_one()
        if not count:
            return Backlog()
        oldest = select(notices).where(*waiting).order_by(notices.c.about, notices.c.id).limit(1)
        first = _notice(self._door.execute(oldest).one())
        return Backlog(count, first.about, first.failure)

    def reminded(self, subscriber: ColumnElement[int], since: datetime) -> ColumnElement[bool]:
        """Say in SQL whether a subscriber was asked to confirm since an instant, or will be."""
        return exists().where(
            notices.c.subscriber_id == subscriber,
            notices.c.kind == NoticeKind.RECONFIRM.value,
            notices.c.about >= since,
        )

    # --- payments ---------------------------------------------------------------------

    def paid(self, event: str, key: str, kind: str, at: datetime, now: datetime) -> bool:
        """Record a payment event; False if it was here before or a newer one of the address was."""
        known = select(payments.c.id).where(payments.c.id == event)
        if self._door.execute(known).first() is not None:
            return False
        newer = select(payments.c.id).where(payments.c.key == key, payments.c.at > at).limit(1)
        stands = self._door.execute(newer).first() is None
        self._door.execute(
            insert(payments).values(id=event, key=key, kind=kind, at=at, received_at=now)
        )
        return stands

    # --- members' feeds ---------------------------------------------------------------

    def add_feed(self, fingerprint: str, subscriber: int, now: datetime) -> None:
        """Give a member a feed of their own; those before it are revoked."""
        self.revoke_feeds(subscriber, now)
        self._door.execute(
            insert(feed_keys).values(
                fingerprint=fingerprint, subscriber_id=subscriber, created_at=now
            )
        )

    def revoke_feeds(self, subscriber: int, now: datetime) -> None:
        """Close every feed of a subscriber."""
        self._door.execute(
            update(feed_keys)
            .where(feed_keys.c.subscriber_id == subscriber, feed_keys.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )

    def feed(self, fingerprint: str) -> tuple[int, bool] | None:
        """Find whose feed a fingerprint names, and whether it is revoked."""
        query = select(feed_keys).where(feed_keys.c.fingerprint == fingerprint)
        row = self._door.execute(query).first()
        return None if row is None else (row.subscriber_id, row.revoked_at is not None)

    def has_feed(self, subscriber: int) -> bool:
        """Say whether a member has an open feed."""
        query = select(feed_keys.c.fingerprint).where(
            feed_keys.c.subscriber_id == subscriber, feed_keys.c.revoked_at.is_(None)
        )
        return self._door.execute(query).first() is not None

    # --- all that is known, and forgetting it -------------------------------------------

    def trace(self, number: int, key: str) -> Trace:
        """Gather what stands about one address outside its record."""
        sent = (
            select(
                releases.c.series,
                releases.c.number,
                deliveries.c.state,
                deliveries.c.at,
                deliveries.c.attempts,
            )
            .join(releases, releases.c.id == deliveries.c.release_id)
            .where(deliveries.c.subscriber_id == number)
            .order_by(releases.c.id)
        )
        came_back = select(bounces.c.at, bounces.c.kind, bounces.c.status, bounces.c.note).where(
            bounces.c.key == key
        )
        feeds = select(feed_keys.c.created_at, feed_keys.c.revoked_at).where(
            feed_keys.c.subscriber_id == number
        )
        paid = select(payments.c.kind, payments.c.at, payments.c.id).where(payments.c.key == key)
        told = select(notices).where(notices.c.key == key).order_by(notices.c.id)
        return Trace(
            wishes=tuple(
                _wish(row)
                for row in self._door.execute(
                    select(wishes).where(wishes.c.key == key).order_by(wishes.c.id)
                )
            ),
            notices=tuple(_notice(row) for row in self._door.execute(told)),
            deliveries=self._rows(sent) if number else (),
            bounces=self._rows(came_back.order_by(bounces.c.id)),
            feeds=self._rows(feeds.order_by(feed_keys.c.created_at)) if number else (),
            payments=self._rows(paid.order_by(payments.c.at, payments.c.id)),
        )

    def _rows(self, query: Any) -> tuple[dict[str, str], ...]:
        return tuple(
            {name: _word(value) for name, value in row._mapping.items()}
            for row in self._door.execute(query)
        )

    def forget_doorstep(self, number: int, key: str) -> None:
        """Erase what stands about one address here; its feeds stay closed, without an owner."""
        for table in (wishes, notices, payments, bounces):
            self._door.execute(delete(table).where(table.c.key == key))
        if number:
            self._door.execute(delete(notices).where(notices.c.subscriber_id == number))
            self._door.execute(delete(wishes).where(wishes.c.subscriber_id == number))
            self._door.execute(
                update(feed_keys)
                .where(feed_keys.c.subscriber_id == number)
                .values(
                    subscriber_id=0,
                    revoked_at=func.coalesce(feed_keys.c.revoked_at, feed_keys.c.created_at),
                )
            )


def _word(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _wish(row: Row[Any]) -> Wish:
    return Wish(
        id=row.id,
        kind=WishKind(row.kind),
        address=row.address,
        key=row.key,
        at=row.at,
        subscriber=row.subscriber_id,
        series=tuple(row.series.split()),
        advertising=row.advertising,
        locale=row.locale,
        source=row.source,
        text=row.text,
        done_at=row.done_at,
    )


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        kind=NoticeKind(row.kind),
        address=row.address,
        locale=row.locale,
        about=row.about,
        subscriber=row.subscriber_id,
        wish=row.wish_id,
        due_at=row.due_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        failure=row.failure,
    )
