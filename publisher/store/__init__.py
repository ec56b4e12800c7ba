"""The ledger and the list in SQL: SQLite by default, PostgreSQL with the same statements."""

from publisher.store.database import Database, look, open  # noqa: A004 - `store.open(url)` reads well

__all__ = ["Database", "look", "open"]
