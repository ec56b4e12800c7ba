"""The door's pages in a real browser: for everybody, in both languages, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from publisher.audience.tokens import Purpose
from publisher.model.episode import Audience
from publisher.model.subscriber import SubscriberState
from tests.chromium import launched, needs_chromium
from tests.web.conftest import Site

pytestmark = needs_chromium
AXE = Path(__file__).parents[1] / "fixtures" / "axe" / "axe.min.js"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def reader(browser: Browser, *, dark: bool = False, width: int = 640, script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        locale="ko-KR",
        java_script_enabled=script,
        bypass_csp=script,
    )
    return context.new_page()


def violations(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize(("width", "dark"), [(640, False), (640, True), (360, False)])
def test_everybody_can_use_every_page(
    site: Site, chromium: Browser, width: int, dark: bool
) -> None:
    member = site.add("member@b.kr", audience=Audience.MEMBERS)
    base = str(site.client.base_url)
    site.client.post("/subscribe", data={"address": "new@b.kr", "lang": "ko"})
    token = site.stage.token(site.stage.post()[0], "subscribe")
    preferences = site.link(member, Purpose.PREFERENCES)
    page = reader(chromium, dark=dark, width=width)
    found = {}
    for path in (
        "/subscribe",
        "/subscribe?lang=en",
        "/subscribe/sent",
        f"/subscribe/{token}",
        "/subscribe/void",
        site.link(member, Purpose.LEAVE),
        preferences,
        f"{preferences}?done=saved&lang=en",
    ):
        page.goto(base + path)
        found[path] = violations(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, path
    assert {path: faults for path, faults in found.items() if faults} == {}
    page.context.close()


def test_a_reader_comes_chooses_and_leaves_without_any_script(
    site: Site, chromium: Browser
) -> None:
    base = str(site.client.base_url)
    (site.folder / "icon.png").write_bytes(b"")
    page = reader(chromium, script=False)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{base}/subscribe")
    page.get_by_label("메일 주소").fill("Kim@Naver.com")
    page.get_by_text("AI는 우리를 구하지 않는다").click()
    page.get_by_role("button", name="동의하고 구독하기").click()
    page.get_by_role("heading", name="메일함을 확인해 주세요").wait_for()
    assert page.url == f"{base}/subscribe/sent?lang=ko"
    (letter,) = site.stage.post()
    page.goto(f"{base}/subscribe/{site.stage.token(letter, 'subscribe')}")
    page.get_by_role("button", name="구독 시작").click()
    page.get_by_role("heading", name="고맙습니다").wait_for()
    assert site.find("kim@naver.com").subscriber.series == ("ai-x-files",)
    (welcome,) = site.stage.post()
    page.goto(f"{base}/p/{site.stage.token(welcome, 'p')}")
    page.get_by_label("English").check()
    page.get_by_role("button", name="저장").click()
    page.get_by_text("Saved.").wait_for()
    page.goto(f"{base}/u/{site.stage.token(welcome, 'u')}")
    page.get_by_role("button", name="Unsubscribe").click()
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    assert site.find("kim@naver.com").subscriber.state is SubscriberState.LEFT
    assert problems == []
    page.context.close()
