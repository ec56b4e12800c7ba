"""The list of subscribers in SQL: read by key, walked by id, written in whole transactions.

Everything that changes the list takes one lock (SQLite's write lock, an advisory one on
PostgreSQL), so two sign-ups of one address are one after the other, never a broken constraint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)

from publisher.model.episode import Audience
from publisher.model.readership import EVERYBODY, Record, Segment
from publisher.model.subscriber import (
    Consent,
    Purpose,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from publisher.store.database import Database
from publisher.store.doorstep import Doorstep
from publisher.store.schema import consents, subscriber_series, subscribers, suppressions
from publisher.store.segments import conditions

Thing = TypeVar("Thing")
#: The advisory lock under which PostgreSQL changes the list.
LIST_LOCK = 7_301_942_118
#: Keys in one IN list: SQLite takes 32,766 parameters, planners like fewer.
_KEYS = 2_000


class Register:
    """The list and what stands beside it, opened for looking or for one change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # SQLite lets waiting writers sleep and try again, some of them for seconds: our own
        # threads queue here instead, and take turns.
        self._turn: AbstractContextManager[object] = nullcontext() if database.postgres else Lock()

    @contextmanager
    def look(self) -> Iterator[Book]:
        """Look at one consistent state."""
        with self._database.read() as connection:
            yield Book(connection)

    @contextmanager
    def change(self) -> Iterator[Book]:
        """Change everything in the block or, if it raises, nothing."""
        with self._turn, self._database.write() as connection:
            if self._database.postgres:
                connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": LIST_LOCK})
            yield Book(connection)


class Book(Doorstep):
    """One transaction over the list."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._connection = connection

    # --- reading ----------------------------------------------------------------------

    def of_key(self, key: str) -> Record | None:
        """Find the record of an address."""
        return self.of_keys([key]).get(key)

    def of_id(self, number: int) -> Record | None:
        """Find a record by its number."""
        found = self._records(select(subscribers).where(subscribers.c.id == number))
        return found[0] if found else None

    def of_ids(self, numbers: Sequence[int]) -> dict[int, Record]:
        """Find many records, by number."""
        found: dict[int, Record] = {}
        for some in _cut(numbers):
            rows = self._records(select(subscribers).where(subscribers.c.id.in_(some)))
            found.update((record.subscriber.id, record) for record in rows)
        return found

    def of_keys(self, keys: Sequence[str]) -> dict[str, Record]:
        """Find the records of many addresses, by key."""
        found: dict[str, Record] = {}
        for some in _cut(keys):
            rows = self._records(select(subscribers).where(subscribers.c.key.in_(some)))
            found.update((record.subscriber.key, record) for record in rows)
        return found

    def suppressed(self, keys: Sequence[str]) -> dict[str, Suppression]:
        """Find which of the keys (or tombstones) must never be mailed."""
        found: dict[str, Suppression] = {}
        if (
            len(keys) > 1
            and self._connection.execute(select(suppressions).limit(1)).first() is None
        ):
            return found
        for some in _cut(keys):
            query = select(suppressions).where(suppressions.c.key.in_(some))
            for row in self._connection.execute(query):
                found[row.key] = _suppression(row)
        return found

    def walk(self, segment: Segment = EVERYBODY, after: int = 0, limit: int = 500) -> list[Record]:
        """Give the next records of a segment by ascending id: no page is ever counted off."""
        query = (
            select(subscribers)
            .where(subscribers.c.id > after, *conditions(segment))
            .order_by(subscribers.c.id)
            .limit(limit)
        )
        return self._records(query)

    def strays(self, after: str = "", limit: int = 500) -> list[Suppression]:
        """Give suppressions without a subscriber, tombstones among them, by key."""
        query = (
            select(suppressions)
            .where(
                suppressions.c.key > after,
                ~exists().where(subscribers.c.key == suppressions.c.key),
            )
            .order_by(suppressions.c.key)
            .limit(limit)
        )
        return [_suppression(row) for row in self._connection.execute(query)]

    def count(self, segment: Segment = EVERYBODY) -> int:
        """Count the readers in a segment."""
        query = select(func.count()).select_from(subscribers).where(*conditions(segment))
        return self._connection.execute(query).scalar_one()

    def unconfirmed(self, before: datetime, limit: int = 500) -> list[Record]:
        """Find active readers whose last consent, or confirmation of it, is older than ``before``."""
        fresh = exists().where(
            consents.c.subscriber_id == subscribers.c.id,
            consents.c.given,
            consents.c.at >= before,
        )
        query = (
            select(subscribers)
            .where(
                subscribers.c.state == SubscriberState.ACTIVE.value,
                subscribers.c.since < before,
                ~fresh,
                ~self.reminded(subscribers.c.id, before),
                ~exists().where(suppressions.c.key == subscribers.c.key),
            )
            .order_by(subscribers.c.id)
            .limit(limit)
        )
        return self._records(query)

    def _records(self, query: Any) -> list[Record]:
        rows = self._connection.execute(query).all()
        if not rows:
            return []
        ids = [row.id for row in rows]
        series: dict[int, list[str]] = defaultdict(list)
        acts: dict[int, list[Consent]] = defaultdict(list)
        for some in _cut(ids):
            chosen = select(subscriber_series).where(subscriber_series.c.subscriber_id.in_(some))
            for row in self._connection.execute(chosen):
                series[row.subscriber_id].append(row.series)
            given = (
                select(consents)
                .where(consents.c.subscriber_id.in_(some))
                .order_by(consents.c.subscriber_id, consents.c.id)
            )
            for row in self._connection.execute(given):
                acts[row.subscriber_id].append(_consent(row))
        held = self.suppressed([row.key for row in rows])
        return [
            Record(
                subscriber=_subscriber(row, tuple(sorted(series.get(row.id, ())))),
                epoch=row.epoch,
                left_at=row.left_at,
                consents=tuple(acts.get(row.id, ())),
                suppression=held.get(row.key),
            )
            for row in rows
        ]

    # --- writing ----------------------------------------------------------------------

    def enter(self, records: Sequence[Record]) -> list[int]:
        """Put new records on the list and give their ids, in order."""
        if not records:
            return []
        self._connection.execute(insert(subscribers), [_columns(record) for record in records])
        ids: dict[str, int] = {}
        for some in _cut([record.subscriber.key for record in records]):
            query = select(subscribers.c.key, subscribers.c.id).where(subscribers.c.key.in_(some))
            ids.update((key, number) for key, number in self._connection.execute(query))
        numbered = [ids[record.subscriber.key] for record in records]
        pairs = list(zip(numbered, records, strict=True))
        self._choose((number, record.subscriber.series) for number, record in pairs)
        self._attest((number, record.consents) for number, record in pairs)
        return numbered

    def alter(self, pairs: Sequence[tuple[Record, Record]]) -> None:
        """Change records from what they were to what they are, writing only what differs."""
        changed: list[tuple[tuple[str, ...], dict[str, Any]]] = []
        moved: list[tuple[int, tuple[str, ...]]] = []
        for before, after in pairs:
            number = before.subscriber.id
            old, new = _columns(before), _columns(after)
            names = tuple(name for name in old if old[name] != new[name])
            if names:
                changed.append((names, {"number": number, **{f"b_{n}": new[n] for n in names}}))
            if before.subscriber.series != after.subscriber.series:
                moved.append((number, after.subscriber.series))
        for names, group in groupby(sorted(changed, key=itemgetter(0)), key=itemgetter(0)):
            statement = (
                update(subscribers)
                .where(subscribers.c.id == bindparam("number"))
                .values({name: bindparam(f"b_{name}") for name in names})
            )
            self._connection.execute(statement, [values for _, values in group])
        for some in _cut([number for number, _ in moved]):
            gone = delete(subscriber_series).where(subscriber_series.c.subscriber_id.in_(some))
            self._connection.execute(gone)
        self._choose(moved)
        self._attest((b.subscriber.id, a.consents[len(b.consents) :]) for b, a in pairs)

    def suppress(self, those: Iterable[Suppression]) -> None:
        """Keep addresses from ever being mailed; the first reason stands."""
        wanted = {one.key: one for one in those}
        for key in self.suppressed(list(wanted)):
            del wanted[key]
        rows = [
            {"key": one.key, "reason": one.reason.value, "at": one.at, "note": one.note}
            for one in wanted.values()
        ]
        if rows:
            self._connection.execute(insert(suppressions), rows)

    def lift(self, keys: Sequence[str]) -> None:
        """Let addresses (or tombstones) be mailed again."""
        self._connection.execute(delete(suppressions).where(suppressions.c.key.in_(keys)))

    def forget(self, record: Record) -> None:
        """Erase a subscriber: the record, consents, wishes, notices and what payments said."""
        number, key = record.subscriber.id, record.subscriber.key
        self.forget_doorstep(number, key)
        self.lift([key])
        for table in (subscriber_series, consents):
            self._connection.execute(delete(table).where(table.c.subscriber_id == number))
        self._connection.execute(delete(subscribers).where(subscribers.c.id == number))

    def _choose(self, chosen: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        rows = [
            {"subscriber_id": number, "series": slug} for number, slugs in chosen for slug in slugs
        ]
        if rows:
            self._connection.execute(insert(subscriber_series), rows)

    def _attest(self, acts: Iterable[tuple[int, tuple[Consent, ...]]]) -> None:
        rows = [
            {
                "subscriber_id": number,
                "purpose": act.purpose.value,
                "given": act.given,
                "at": act.at,
                "source": act.source,
                "text": act.text,
            }
            for number, some in acts
            for act in some
        ]
        if rows:
            self._connection.execute(insert(consents), rows)


def _cut(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), _KEYS):
        yield things[start : start + _KEYS]


def _subscriber(row: Row[Any], series: tuple[str, ...]) -> Subscriber:
    return Subscriber(
        id=row.id,
        address=row.address,
        key=row.key,
        state=SubscriberState(row.state),
        audience=Audience(row.audience),
        since=row.since,
        name=row.name,
        members_until=row.members_until,
        series=series,
        locale=row.locale,
        source=row.source,
    )


def _columns(record: Record) -> dict[str, Any]:
    who = record.subscriber
    return {
        "address": who.address,
        "key": who.key,
        "state": who.state.value,
        "audience": who.audience.value,
        "since": who.since,
        "name": who.name,
        "members_until": who.members_until,
        "locale": who.locale,
        "source": who.source,
        "left_at": record.left_at,
        "epoch": record.epoch,
    }


def _consent(row: Row[Any]) -> Consent:
    return Consent(Purpose(row.purpose), row.given, row.at, row.source, row.text)


def _suppression(row: Row[Any]) -> Suppression:
    return Suppression(row.key, SuppressionReason(row.reason), row.at, row.note)
