"""An open ledger for each test: on each database with an outbox, in a file with relays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher import store
from publisher.delivery import run_due
from publisher.transport.outbox import Outbox
from publisher.transport.relay import Timeouts
from publisher.transport.smtp import Smtp
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.delivery.relays import QUICK, relay
from tests.transport.sink import Sink


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A house whose mails are files."""
    database = store.open(database_url)
    yield House(database, lambda: Outbox(tmp_path / "outbox"))
    database.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    database = store.open(f"sqlite:///{tmp_path}/ledger.sqlite3")
    yield database
    database.close()


@pytest.fixture
def office(database: store.Database) -> Callable[..., House]:
    """Give a house that has watched since before the slot, sending to a sink."""

    def make(sink: Sink, count: int = 60, timeouts: Timeouts = QUICK, **policy: object) -> House:
        house = House(database, lambda: Smtp([relay(sink, 4, timeouts)], time.monotonic))
        house.with_policy(**{"chunk": 25, **policy})
        house.subscribe(readers(count))
        house.now.at = BEFORE
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY
        return house

    return make
