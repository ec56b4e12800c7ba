"""What people were told, so that each thing is told once, whichever process finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from publisher.store.database import Database
from publisher.store.releases import insert_new
from publisher.store.schema import alerts

KEY_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Told:
    """Something people were told: since when it was so, under which key, and until when."""

    at: datetime
    key: str
    over: datetime | None = None


class Alerts:
    """The list of what was told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self, key: str, now: datetime) -> bool:
        """Write a key down; say whether nobody had. Raises OutsideError when the ledger is away.

        A trouble that was over and is back stands again, from now on, and is not new.
        """
        with self._database.write() as connection:
            written = connection.execute(
                insert_new(self._database, alerts)
                .values(key=key[:KEY_LIMIT], at=now, code=key.partition(" ")[0])
                .returning(alerts.c.key)
            ).first()
            if written is None:
                connection.execute(
                    update(alerts)
                    .where(alerts.c.key == key[:KEY_LIMIT], alerts.c.over_at.is_not(None))
                    .values(at=now, over_at=None)
                )
        return written is not None

    def over(self, code: str, now: datetime) -> None:
        """Write down that what was told under this first word of a key has passed."""
        with self._database.write() as connection:
            connection.execute(
                update(alerts)
                .where(alerts.c.code == code, alerts.c.over_at.is_(None))
                .values(over_at=now)
            )

    def latest(self, code: str, since: datetime) -> Told | None:
        """Give the newest alert since an instant whose key has this first word."""
        with self._database.read() as connection:
            row = connection.execute(
                select(alerts.c.at, alerts.c.key, alerts.c.over_at)
                .where(alerts.c.code == code, alerts.c.at >= since)
                .order_by(alerts.c.at.desc(), alerts.c.key)
                .limit(1)
            ).first()
        return None if row is None else Told(row.at, row.key, row.over_at)
