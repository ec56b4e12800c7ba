"""The reading room in a real browser, under its own strict headers: readable by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import launched, needs_chromium
from tests.golden.samples import ROOT
from tests.site.served import laid, serving

pytestmark = needs_chromium
AXE = (ROOT / "tests" / "fixtures" / "axe" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/",
    "/ai-wont-save-us/",
    "/ai-wont-save-us/1/",
    "/ai-wont-save-us/5/",
    "/ai-wont-save-us/6/",
    "/ai-x-files/1/",
    "/tags/",
    "/tags/ai/",
    "/archive/",
    "/archive/2026/",
    "/search/?q=AI",
    "/about/",
    "/nowhere/",
)
MODES = {"phone by night": (360, True), "desk by day": (1200, False)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample site, served on loopback."""
    with serving(laid(tmp_path_factory.mktemp("public"))) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


class Seen:
    """One page as it was opened, with what the browser complained of and whom it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.faults.append(str(e)))
        page.on("request", lambda r: self.asked.append(r.url))


@pytest.fixture
def seen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Seen]:
    width, dark = getattr(request, "param", (640, False))
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        locale="ko-KR",
    )
    yield Seen(context.new_page())
    context.close()


@pytest.mark.parametrize("seen", MODES.values(), ids=MODES, indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_read_every_page(seen: Seen, address: str, path: str) -> None:
    """axe finds nothing, nothing scrolls sideways, nobody else is asked, no header is violated."""
    seen.page.goto(address + path, wait_until="networkidle")
    width = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    complaints = [fault for fault in seen.faults if "404" not in fault]
    found: dict[str, Any] = seen.page.evaluate(
        AXE + ";axe.run(document, {resultTypes: ['violations']})"
    )

    assert [f"{v['id']}: {n['html'][:150]}" for v in found["violations"] for n in v["nodes"]] == []
    assert width[0] <= width[1]
    assert complaints == []
    assert {url.split("/")[2] for url in seen.asked} == {address.split("/")[2]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("중국", "/ai-wont-save-us/1/"),
        ("ㅈㄱㅇㄷ", "/ai-wont-save-us/1/"),
        ("중국에도 ㅇㄷ", "/ai-wont-save-us/1/"),
        ("중구", "/ai-wont-save-us/1/"),
        ("비싼 믿음", "/ai-wont-save-us/1/"),
        ("딥시크 ㅂㄷㅊ", "/ai-wont-save-us/1/"),
        ("x파일 ㅇㅈㅎ", "/ai-x-files/1/"),
        ("ai 중국에도", "/ai-wont-save-us/1/"),
        ("없는낱말", None),
    ],
)
def test_search_finds_hangul_as_people_type_it(
    seen: Seen, address: str, words: str, expected: str | None
) -> None:
    """Whole words, initial consonants, a syllable that is not finished yet, several words."""
    seen.page.goto(f"{address}/search/", wait_until="networkidle")
    seen.page.fill("#q", words)
    seen.page.locator("#found:not(:empty)").wait_for(state="attached")
    hits = seen.page.eval_on_selector_all(
        "#results h2 a", "all => all.map(a => a.getAttribute('href'))"
    )

    assert (expected in hits) if expected else (hits == [])
    assert seen.faults == []


def test_search_keeps_its_words_in_the_address(seen: Seen, address: str) -> None:
    """A result can be sent to somebody, and hostile words stay words."""
    evil = "<img src=x onerror=alert(1)>"
    seen.page.goto(f"{address}/search/", wait_until="networkidle")
    seen.page.fill("#q", evil)
    seen.page.press("#q", "Enter")
    seen.page.goto(seen.page.url, wait_until="networkidle")

    assert seen.page.input_value("#q") == evil
    assert seen.page.query_selector("main img") is None


def test_reading_needs_no_script(browser: Browser, address: str) -> None:
    """With JavaScript off an episode is whole, and the search page says why it is not."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/ai-wont-save-us/1/")
    text = page.inner_text("main")
    page.goto(f"{address}/search/")
    said = page.inner_text("noscript")
    context.close()

    assert len(text) > 3000
    assert "자바스크립트가 필요합니다" in said


def test_the_column_is_as_wide_as_a_page_of_a_book(seen: Seen, address: str) -> None:
    """34 to 38 Hangul a line on a wide screen."""
    seen.page.set_viewport_size({"width": 1200, "height": 800})
    seen.page.goto(f"{address}/ai-wont-save-us/1/")
    measured = seen.page.evaluate(
        "(p => p.getBoundingClientRect().width / parseFloat(getComputedStyle(p).fontSize))"
        "(document.querySelector('.prose > p'))"
    )

    assert 34 <= measured <= 38


def test_a_printed_page_is_the_text_alone(seen: Seen, address: str) -> None:
    """On paper there is no menu and no button, in black on white even by night."""
    seen.page.emulate_media(media="print", color_scheme="dark")
    seen.page.goto(f"{address}/ai-wont-save-us/1/")
    hidden = seen.page.eval_on_selector_all(
        ".masthead nav, .skip, .turn, .next, .hashtags",
        "all => all.map(e => getComputedStyle(e).display)",
    )

    assert set(hidden) == {"none"}
    assert seen.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_the_site_in_the_folder_is_laid_once(tmp_path: Path) -> None:
    """The second time nothing is written."""
    laid(tmp_path)
    before = {
        p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file() and p.name[0] != "."
    }
    laid(tmp_path)

    assert {p: p.stat().st_mtime_ns for p in before} == before
