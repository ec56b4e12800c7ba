"""A real list to try the use cases on, empty, once of each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher import store
from publisher.audience.subscribers import Subscribers
from publisher.store.subscribers import Register

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def register(database_url: str) -> Iterator[Register]:
    database = store.open(database_url)
    yield Register(database)
    database.close()


@pytest.fixture
def list_file(tmp_path: Path) -> Iterator[Register]:
    """A list on SQLite alone, where the database makes no difference."""
    database = store.open(f"sqlite:///{tmp_path}/list.sqlite3")
    yield Register(database)
    database.close()


@pytest.fixture
def subscribers(register: Register, clock: Hand) -> Subscribers:
    return Subscribers(register, clock)
