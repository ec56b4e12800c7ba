"""How the mail stands in a browser: styles kept by the inliner, readable by everybody."""

from __future__ import annotations

import re
from typing import Any

import css_inline
import pytest
from playwright.sync_api import Browser, Page

from publisher.model.episode import Audience
from publisher.render.address import Channel
from publisher.render.gate import gated, has_gate
from publisher.render.html import Walker
from publisher.render.mail.inline import inlined
from publisher.render.mail.letter import drawn, preheader_of, subject_of
from publisher.render.theme import Templates
from tests.chromium import needs_chromium, opened
from tests.golden import samples
from tests.render.stage import AUDIENCES, ROOT, setting

pytestmark = needs_chromium
AXE = ROOT / "tests" / "fixtures" / "axe" / "axe.min.js"
TEMPLATES = Templates()
#: Every sample as free readers get it, and as members do where it is another letter.
SCENES = {
    f"{name}-{audience}": (whole, audience)
    for name, whole in {"stage/01": setting(), **samples.by_name()}.items()
    for audience in AUDIENCES
    if audience is Audience.FREE
    or whole.episode.access is Audience.MEMBERS
    or has_gate(whole.episode.body)
}
PROPERTIES = (
    *("color", "background-color", "font-size", "font-weight", "font-family", "font-style"),
    *("line-height", "letter-spacing", "text-align", "text-decoration-line", "vertical-align"),
    *("margin-top", "margin-right", "margin-bottom", "margin-left"),
    *("padding-top", "padding-right", "padding-bottom", "padding-left"),
    *("border-top-width", "border-bottom-color", "border-left-width", "display", "max-width"),
    *("white-space", "word-break"),
)
#: axe rules that a mail may break, and why.
ALLOWED = {
    "region": "a mail is one article inside the client's page; landmarks are the client's",
    "landmark-one-main": "main is the client's, and webmail strips it",
}

each_scene = pytest.mark.parametrize("name", sorted(SCENES))


def source(name: str) -> str:
    """The letter with its flat sheet in the head and no other."""
    setting, audience = SCENES[name]
    seen = gated(setting, audience)
    walker = Walker(Channel.MAIL, seen, audience, TEMPLATES)
    html = drawn(walker, subject_of(seen, audience), preheader_of(seen))
    return re.sub(r'<style data-premailer="ignore">.*?</style>', "", html, flags=re.DOTALL)


def sent(name: str) -> str:
    """The letter as it leaves."""
    setting, audience = SCENES[name]
    seen = gated(setting, audience)
    walker = Walker(Channel.MAIL, seen, audience, TEMPLATES)
    return inlined(drawn(walker, subject_of(seen, audience), preheader_of(seen)))


def bare(html: str) -> str:
    """Strip every sheet, as Naver shows a mail."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def computed(browser: Browser, html: str) -> list[list[str]]:
    """Read the computed styles of every element of the body."""
    script = """(names) => [...document.body.querySelectorAll('*')].map(
        (e) => { const s = getComputedStyle(e); return [e.tagName, ...names.map((n) => s.getPropertyValue(n))]; })"""
    with opened(browser, html) as page:
        rows: list[list[str]] = page.evaluate(script, list(PROPERTIES))
    return rows


def differences(first: list[list[str]], second: list[list[str]]) -> list[tuple[str, ...]]:
    """List tag, property and both values wherever two documents are styled differently."""
    assert [row[0] for row in first] == [row[0] for row in second]
    return [
        (a[0], name, x, y)
        for a, b in zip(first, second, strict=True)
        for name, x, y in zip(PROPERTIES, a[1:], b[1:], strict=True)
        if x != y
    ]


@each_scene
def test_two_inliners_keep_every_computed_style(chromium: Browser, name: str) -> None:
    assert len(PROPERTIES) == 26
    drawn_, second = source(name), css_inline.CSSInliner(keep_style_tags=False)
    seen = computed(chromium, drawn_)
    assert differences(seen, computed(chromium, bare(sent(name)))) == []
    assert differences(seen, computed(chromium, bare(second.inline(drawn_)))) == []


def test_a_style_that_got_lost_would_be_seen(chromium: Browser) -> None:
    name = min(SCENES)
    lost = sent(name).replace("font-weight:bold", "", 1)
    assert differences(computed(chromium, source(name)), computed(chromium, bare(lost))) != []


def violations(page: Page) -> list[str]:
    """Run axe over the page: the rules it breaks, with the elements that do."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for v in found["violations"]
        if v["id"] not in ALLOWED
        for node in v["nodes"]
    ]


@each_scene
def test_everybody_can_read_it_by_day_by_night_and_on_a_phone(chromium: Browser, name: str) -> None:
    with opened(chromium, sent(name)) as page:
        assert violations(page) == []
        assert painted(page) & setting_colours("light") != set()
        page.emulate_media(color_scheme="dark")
        assert violations(page) == []
        assert painted(page) & setting_colours("light") == set()
        page.set_viewport_size({"width": 360, "height": 800})
        assert violations(page) == []
        assert overflow(page) <= 0
        page.emulate_media(color_scheme="light")
        page.evaluate("document.querySelectorAll('style').forEach((sheet) => sheet.remove())")
        assert violations(page) == []
        assert overflow(page) <= 0


def overflow(page: Page) -> int:
    """Count the pixels that a reader would have to scroll sideways."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return pixels


@each_scene
def test_the_first_words_are_the_preheader(chromium: Browser, name: str) -> None:
    setting, audience = SCENES[name]
    script = """() => { const w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (w.nextNode()) { const t = w.currentNode.data.trim(); if (t) return t; } return ''; }"""
    with opened(chromium, sent(name)) as page:
        first = re.sub("[\u2007\u034f]", "", page.evaluate(script)).strip()
    assert first == preheader_of(gated(setting, audience))


def painted(page: Page) -> set[str]:
    """Read every colour that the page shows."""
    script = """() => [...document.body.querySelectorAll('*')].flatMap((e) => { const s = getComputedStyle(e);
        return [s.color, s.backgroundColor, s.borderTopWidth !== '0px' ? s.borderTopColor : '',
                s.borderLeftWidth !== '0px' ? s.borderLeftColor : '']; })"""
    return set(page.evaluate(script))


def setting_colours(mode: str) -> set[str]:
    """The colours of one mode as the browser writes them."""
    palette = getattr(next(iter(SCENES.values()))[0].publication.theme, mode)
    names = ("paper", "ink", "soft", "tint", "accent", "rule")
    colours = [getattr(palette, name) for name in names]
    return {f"rgb({int(c[1:3], 16)}, {int(c[3:5], 16)}, {int(c[5:7], 16)})" for c in colours}
