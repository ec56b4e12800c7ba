"""What people were told, so that each thing is told once, whichever process finds it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from publisher.store.database import Database
from publisher.store.releases import insert_new
from publisher.store.schema import alerts

KEY_LIMIT = 500


class Alerts:
    """The list of what was told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self, key: str, now: datetime) -> bool:
        """Write a key down; say whether nobody had. Raises OutsideError when the ledger is away."""
        with self._database.write() as connection:
            written = connection.execute(
                insert_new(self._database, alerts)
                .values(key=key[:KEY_LIMIT], at=now, code=key.partition(" ")[0], message="")
                .returning(alerts.c.key)
            ).first()
        return written is not None

    def latest(self, beginning: str, since: datetime) -> tuple[datetime, str] | None:
        """Give the newest alert since an instant whose key begins so: when, and the key."""
        with self._database.read() as connection:
            row = connection.execute(
                select(alerts.c.at, alerts.c.key)
                .where(alerts.c.key.startswith(beginning, autoescape=True), alerts.c.at >= since)
                .order_by(alerts.c.at.desc(), alerts.c.key)
                .limit(1)
            ).first()
        return None if row is None else (row.at, row.key)
