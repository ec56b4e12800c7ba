"""Files and ledger as they are now, whoever reads the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.model.calendar import Standing
from publisher.model.problem import OutsideError
from publisher.wiring.newsroom import Newsroom, open_newsroom
from tests.wiring.test_holding import NOW, SLOT, held, root

__all__ = ["root"]


def opened(root: Path) -> Newsroom:
    newsroom = open_newsroom(root, {})
    newsroom.clock = lambda: NOW
    return newsroom


def test_a_copy_of_the_process_reads_the_same_ledger(root: Path) -> None:
    """And this one never opens it."""
    held(root, 1).database.close()
    one, two = opened(root), opened(root)

    table = two.table(hands=2)
    assert table.histories == one.table().histories
    assert [past.standing for past in table.histories["slow"].past] == [Standing.HELD]
    assert table.histories["slow"].past[0].slot == SLOT
    assert "database" in one.__dict__
    assert "database" not in two.__dict__


def test_what_a_copy_cannot_read_is_told_here(root: Path) -> None:
    held(root, 1).database.close()
    [ledger] = (root / "data").glob("*.sqlite3")
    ledger.write_bytes(b"no ledger at all" * 512)
    told = []
    for hands in (1, 2):
        with pytest.raises(OutsideError) as fault:
            opened(root).table(hands)
        told.append(fault.value.problems)
    assert told[0] == told[1]
