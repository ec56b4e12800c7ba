"""Two people who publish the same episode in the same moment publish it once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.acceptance.house import House

EPISODE = "ai-wont-save-us/01"
READERS = 40


@pytest.mark.slow
def test_two_publish_at_once(house: House) -> None:
    rows = [f"r{number}@reader.example" for number in range(READERS)]
    house.clock = "2026-10-01T09:00:00+09:00"
    house.fine("subscribers", "import", str(house.write("l.csv", "\n".join(["email", *rows]))))
    house.clock = "2026-10-23T17:00:30+09:00"
    slot = "2026-10-23T17:00"
    command = [sys.executable, "-m", "publisher", "-C", str(house.root)]
    both = [
        subprocess.Popen(
            [*command, "publish", EPISODE, "--slot", slot, "--json"],
            env=house.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]

    assert [process.returncode for process in both] == [0, 0], told
    assert sorted('"opened": true' in out for out, _ in told) == [False, True]
    (released,) = house.fine("status", "--json").data["releases"]
    assert released["deliveries"]["sent"] == READERS
    assert len(list((house.root / "data/outbox").rglob("*.eml"))) == READERS
