"""A real browser for the tests that look: headless Chromium, offline, with a Hangul font."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

PROGRAM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

#: Mark of every test that needs the browser.
needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(
        PROGRAM is None,
        reason="no Chromium found; `apt-get install chromium fonts-noto-cjk` would add it",
    ),
]


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser and stop it again."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(OPTIONS))
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    html: str,
    *,
    width: int = 640,
    dark: bool = False,
    files: dict[str, Path] | None = None,
) -> Iterator[Page]:
    """Show a document that can load nothing but the given files, by the end of their address."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        locale="ko-KR",
    )
    page = context.new_page()

    def answer(route: Route) -> None:
        found = [p for end, p in (files or {}).items() if route.request.url.endswith(end)]
        if found:
            route.fulfill(path=found[0])
        else:
            route.abort()

    page.route("**/*", answer)
    page.set_content(html, wait_until="load")
    yield page
    context.close()
