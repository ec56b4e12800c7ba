"""`status --watch` shows how everything stands until it is stopped, and ends well."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.acceptance.house import House


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_looks_again_until_it_is_stopped(house: House, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "publisher", "-C", str(house.root), "status", "--watch"],
        env=house.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        looks = [process.stdout.readline() for _ in range(2)]
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()

    assert looks == ["Nothing has been released yet.\n"] * 2
    assert (process.returncode, err) == (0, "")
