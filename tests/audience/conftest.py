"""A real list to try the use cases on, empty, once of each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import store
from publisher.audience.subscribers import Subscribers
from publisher.store.subscribers import Register
from tests.audience.hand import Hand
from tests.audience.stage import Stage


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


@pytest.fixture
def stage(register: Register, clock: Hand) -> Stage:
    return Stage(register, clock)


@pytest.fixture
def small(list_file: Register, clock: Hand) -> Stage:
    """The same on SQLite alone."""
    return Stage(list_file, clock)
