"""One browser for all the tests of the room that look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.chromium import launched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, started once a module: while it runs, its event loop is the thread's."""
    with launched() as browser:
        yield browser
