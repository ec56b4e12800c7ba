"""An open ledger for each test, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import store
from publisher.transport.outbox import Outbox
from tests.delivery.house import House


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A house whose mails are files."""
    database = store.open(database_url)
    yield House(database, lambda: Outbox(tmp_path / "outbox"))
    database.close()
