"""A fresh copy of the sample publication for each test."""

from pathlib import Path

import pytest

from tests.acceptance.house import House, sample


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A copy of the sample publication in a folder with a Korean name and a space."""
    return sample(tmp_path)
