"""One browser for all the tests of the room that look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.chromium import launched


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once a worker."""
    with launched() as browser:
        yield browser
