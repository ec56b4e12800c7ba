"""The ledger's decisions: releases, slots settled without one, and what was frozen.

Every method is one transaction. Two daemons may call any of them at the same moment: the
constraints of the schema let one win, and the other finds what the first has written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from publisher.model.calendar import Past, Standing
from publisher.model.edition import Edition
from publisher.model.episode import Audience
from publisher.model.history import History, Published
from publisher.model.ledger import Proposal
from publisher.model.release import Recipients, Release, ReleaseState, may_become
from publisher.model.slot import Slot
from publisher.store.database import Database
from publisher.store.frozen import edition_of, packed
from publisher.store.schema import (
    editions,
    pulse,
    releases,
    settled_slots,
    subscribers,
    watches,
)
from publisher.store.segments import segment_of, written

DECIDED = tuple(state for state in ReleaseState if state is not ReleaseState.PREPARED)


def release_of(row: Any) -> Release:  # a row of `releases`
    """Read a release from its row."""
    return Release(
        id=row.id,
        series=row.series,
        number=row.number,
        slot=Slot.parse(row.slot),
        state=ReleaseState(row.state),
        guid=row.guid,
        title=row.title,
        recipients=Recipients(row.recipients),
        prepared=row.prepared_at,
        opened=row.opened_at,
        laid_out=row.laid_out_at,
        completed=row.completed_at,
        reason=row.reason,
        source=row.source,
        segment=segment_of(row.segment).name,
    )


def insert_new(database: Database, table: Any) -> Any:  # an INSERT of either dialect
    """Begin an INSERT that leaves a row alone that is there already."""
    dialect = postgresql if database.postgres else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


class Releases:
    """Decisions, in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def histories(self) -> dict[str, History]:
        with self._database.read() as connection:
            watched = connection.execute(select(watches)).all()
            decided = [
                release_of(row)
                for row in connection.execute(
                    select(releases)
                    .where(releases.c.state.in_(DECIDED))
                    .order_by(releases.c.instant, releases.c.id)
                )
            ]
            passed = connection.execute(select(settled_slots).order_by(settled_slots.c.slot)).all()
        slugs = {row.series for row in [*watched, *passed]} | {r.series for r in decided}
        since = {row.series: row.since for row in watched}
        return {
            slug: History(
                since=since.get(slug),
                past=(
                    *(_released(r) for r in decided if r.series == slug),
                    *(_passed(row) for row in passed if row.series == slug),
                ),
                published=tuple(
                    Published(slug, r.number, r.slot, r.guid) for r in decided if r.series == slug
                ),
            )
            for slug in sorted(slugs)
        }

    def watch(self, series: Sequence[str], now: datetime) -> None:
        if not series:
            return
        with self._database.write() as connection:
            connection.execute(
                insert_new(self._database, watches),
                [{"series": slug, "since": now} for slug in series],
            )

    def pulse(self) -> datetime | None:
        with self._database.read() as connection:
            return connection.execute(select(pulse.c.at)).scalar()

    def beat(self, now: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(insert_new(self._database, pulse).values(id=1, at=now))
            connection.execute(update(pulse).where(pulse.c.at < now).values(at=now))

    def prepare(self, proposal: Proposal, now: datetime) -> Release | None:
        try:
            with self._database.write() as connection:
                _withdraw_prepared(connection, proposal)
                row = _insert(connection, proposal, ReleaseState.PREPARED, prepared_at=now)
                return release_of(row)
        except IntegrityError:
            return None

    def open(self, proposal: Proposal, now: datetime) -> tuple[Release, bool]:
        try:
            with self._database.write() as connection:
                found = _clash(connection, proposal)
                if found is not None:
                    return _same(found, proposal), False
                _withdraw_prepared(connection, proposal)
                connection.execute(delete(settled_slots).where(_settles(proposal)))
                row = _insert_decided(connection, proposal, now)
                return release_of(row), True
        except IntegrityError:  # PostgreSQL: the other daemon committed in between
            with self._database.read() as connection:
                found = _clash(connection, proposal)
            if found is None:
                raise
            return _same(found, proposal), False

    def withdraw(self, release: int) -> bool:
        with self._database.write() as connection:
            gone = connection.execute(
                delete(releases).where(
                    releases.c.id == release, releases.c.state == ReleaseState.PREPARED
                )
            )
        return gone.rowcount == 1

    def settle_slot(
        self,
        series: str,
        slot: Slot,
        standing: Standing,
        number: int | None,
        reason: str,
        now: datetime,
    ) -> bool:
        row = {
            "series": series,
            "slot": slot.key,
            "standing": standing.value,
            "number": number,
            "reason": reason,
            "at": now,
        }
        with self._database.write() as connection:
            connection.execute(
                delete(releases).where(
                    releases.c.series == series,
                    releases.c.slot == slot.key,
                    releases.c.state == ReleaseState.PREPARED,
                )
            )
            written = connection.execute(
                insert_new(self._database, settled_slots)
                .values(row)
                .returning(settled_slots.c.slot)
            ).first()
        return written is not None

    def free_slot(self, series: str, slot: Slot) -> bool:
        with self._database.write() as connection:
            gone = connection.execute(
                delete(settled_slots).where(
                    settled_slots.c.series == series, settled_slots.c.slot == slot.key
                )
            )
        return gone.rowcount == 1

    def skip_held(self, series: str, slot: Slot, reason: str, now: datetime) -> bool:
        with self._database.write() as connection:
            done = connection.execute(
                update(settled_slots)
                .where(
                    settled_slots.c.series == series,
                    settled_slots.c.slot == slot.key,
                    settled_slots.c.standing == Standing.HELD.value,
                )
                .values(standing=Standing.SKIPPED.value, number=None, reason=reason, at=now)
            )
        return done.rowcount == 1

    def listed(self, *states: ReleaseState) -> Sequence[Release]:
        query = select(releases).order_by(releases.c.instant, releases.c.series, releases.c.id)
        if states:
            query = query.where(releases.c.state.in_(states))
        with self._database.read() as connection:
            return [release_of(row) for row in connection.execute(query)]

    def find(self, series: str, number: int) -> Release | None:
        with self._database.read() as connection:
            row = connection.execute(
                select(releases).where(releases.c.series == series, releases.c.number == number)
            ).first()
        return release_of(row) if row else None

    def change(self, release: int, after: ReleaseState, reason: str, now: datetime) -> bool:
        with self._database.write() as connection:
            done = connection.execute(
                update(releases)
                .where(
                    releases.c.id == release,
                    releases.c.state.in_([s for s in ReleaseState if may_become(s, after)]),
                )
                .values(
                    state=after,
                    reason=reason,
                    completed_at=now if after is ReleaseState.CANCELLED else None,
                )
            )
        return done.rowcount == 1

    def laid_out(self, which: Sequence[int], now: datetime) -> None:
        if not which:
            return
        with self._database.write() as connection:
            connection.execute(
                update(releases)
                .where(releases.c.id.in_(which), releases.c.laid_out_at.is_(None))
                .values(laid_out_at=now)
            )

    def messages(self, release: int) -> Mapping[Audience, bytes]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(editions.c.audience, editions.c.message).where(
                    editions.c.release_id == release
                )
            ).all()
        return {Audience(row.audience): bytes(row.message) for row in rows}

    def editions(self, release: int) -> Sequence[Edition]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(editions, releases.c.series, releases.c.number)
                .join(releases, releases.c.id == editions.c.release_id)
                .where(editions.c.release_id == release)
                .order_by(editions.c.audience)
            ).all()
        return [edition_of(row.series, row.number, row) for row in rows]


def _released(release: Release) -> Past:
    return Past(release.slot, Standing.RELEASED, release.number)


def _passed(row: Any) -> Past:  # a row of `settled_slots`
    return Past(Slot.parse(row.slot), Standing(row.standing), row.number)


def _settles(proposal: Proposal) -> Any:  # a clause: what the release makes an end of
    return and_(
        settled_slots.c.series == proposal.series,
        or_(
            settled_slots.c.slot == proposal.slot.key,
            settled_slots.c.number == proposal.number,
        ),
    )


def _same(found: Release, proposal: Proposal) -> Release:
    if found.number == proposal.number and found.slot == proposal.slot:
        return found
    raise LookupError(f"{found.name} is released at {found.slot.key}")


def _clash(connection: Connection, proposal: Proposal) -> Release | None:
    """Find the decided release that has the slot or the episode of a proposal."""
    row = connection.execute(
        select(releases)
        .where(
            releases.c.series == proposal.series,
            or_(releases.c.slot == proposal.slot.key, releases.c.number == proposal.number),
            releases.c.state.in_(DECIDED),
        )
        # The very release sought comes first, so that finding it is not taken for a clash.
        .order_by((releases.c.slot == proposal.slot.key).desc(), releases.c.id)
    ).first()
    return release_of(row) if row else None


def _withdraw_prepared(connection: Connection, proposal: Proposal) -> None:
    connection.execute(
        delete(releases).where(
            releases.c.series == proposal.series,
            or_(releases.c.slot == proposal.slot.key, releases.c.number == proposal.number),
            releases.c.state == ReleaseState.PREPARED,
        )
    )


def _insert_decided(connection: Connection, proposal: Proposal, now: datetime) -> Any:  # a row
    """A release that mails nobody has nothing left to do."""
    if proposal.recipients is Recipients.NONE:
        state = ReleaseState.COMPLETE
        return _insert(connection, proposal, state, opened_at=now, completed_at=now)
    return _insert(connection, proposal, ReleaseState.OPEN, opened_at=now)


def _insert(
    connection: Connection, proposal: Proposal, state: ReleaseState, **moments: datetime
) -> Any:  # the new row of `releases`
    row = connection.execute(
        insert(releases)
        .values(
            series=proposal.series,
            number=proposal.number,
            slot=proposal.slot.key,
            instant=proposal.slot.instant,
            state=state.value,
            recipients=proposal.recipients.value,
            guid=proposal.guid,
            title=proposal.title,
            source=proposal.source,
            segment=written(proposal.segment),
            ceiling=select(func.coalesce(func.max(subscribers.c.id), 0)).scalar_subquery(),
            **moments,
        )
        .returning(releases)
    ).one()
    if proposal.editions:
        connection.execute(
            insert(editions),
            [
                {
                    "release_id": row.id,
                    "audience": edition.audience.value,
                    "kind": edition.kind.value,
                    "digest": edition.digest,
                    "message": edition.message,
                    "rest": packed(edition),
                }
                for edition in proposal.editions
            ],
        )
    return row
