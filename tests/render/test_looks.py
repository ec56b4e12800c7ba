"""How the mail stands in a browser: styles kept by the inliner, readable by everybody."""

from __future__ import annotations

import re
from typing import Any

import css_inline
import pytest
from playwright.sync_api import Browser, Page

from publisher.render.address import Channel
from publisher.render.gate import gated
from publisher.render.html import Walker
from publisher.render.inline import inlined
from publisher.render.mail import drawn, preheader_of, subject_of
from publisher.render.theme import Templates
from tests.chromium import needs_chromium, opened
from tests.render.stage import ROOT, scenes

pytestmark = needs_chromium
AXE = ROOT / "tests" / "fixtures" / "axe" / "axe.min.js"
TEMPLATES = Templates()
SCENES = scenes()
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


def differences(browser: Browser, one: str, other: str) -> list[tuple[str, str, str, str]]:
    """List tag, property and both values wherever two documents are styled differently."""
    first, second = computed(browser, one), computed(browser, other)
    assert [row[0] for row in first] == [row[0] for row in second]
    return [
        (a[0], name, x, y)
        for a, b in zip(first, second, strict=True)
        for name, x, y in zip(PROPERTIES, a[1:], b[1:], strict=True)
        if x != y
    ]


@each_scene
def test_the_inliner_keeps_every_computed_style(chromium: Browser, name: str) -> None:
    assert len(PROPERTIES) == 26
    assert differences(chromium, source(name), bare(sent(name))) == []


@each_scene
def test_a_second_inliner_is_of_the_same_opinion(chromium: Browser, name: str) -> None:
    second = css_inline.CSSInliner(keep_style_tags=False).inline(source(name))
    assert differences(chromium, bare(second), bare(sent(name))) == []


def test_a_style_that_got_lost_would_be_seen(chromium: Browser) -> None:
    name = min(SCENES)
    lost = sent(name).replace("font-weight:bold", "", 1)
    assert differences(chromium, source(name), bare(lost)) != []


def violations(page: Page) -> list[str]:
    """Run axe over the page: the rules it breaks, with the elements that do."""
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for v in found["violations"]
        if v["id"] not in ALLOWED
        for node in v["nodes"]
    ]


@each_scene
@pytest.mark.parametrize(("width", "dark"), [(640, False), (640, True), (360, False), (360, True)])
def test_everybody_can_read_it(chromium: Browser, name: str, width: int, dark: bool) -> None:
    with opened(chromium, sent(name), width=width, dark=dark) as page:
        assert violations(page) == []
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0


@each_scene
def test_everybody_can_read_it_without_the_head(chromium: Browser, name: str) -> None:
    with opened(chromium, bare(sent(name)), width=360) as page:
        assert violations(page) == []
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0


@each_scene
def test_the_first_words_are_the_preheader(chromium: Browser, name: str) -> None:
    setting, audience = SCENES[name]
    script = """() => { const w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (w.nextNode()) { const t = w.currentNode.data.trim(); if (t) return t; } return ''; }"""
    with opened(chromium, sent(name)) as page:
        first = re.sub("[\u2007\u034f]", "", page.evaluate(script)).strip()
    assert first == preheader_of(gated(setting, audience))


def test_dark_mode_repaints_every_colour(chromium: Browser) -> None:
    """No element keeps a light ground or a dark ink by night."""
    light = setting_colours("light")
    script = """() => [...document.body.querySelectorAll('*')].flatMap((e) => { const s = getComputedStyle(e);
        return [s.color, s.backgroundColor, s.borderTopWidth !== '0px' ? s.borderTopColor : '',
                s.borderLeftWidth !== '0px' ? s.borderLeftColor : '']; })"""
    for name in SCENES:
        with opened(chromium, sent(name), dark=True) as page:
            seen = set(page.evaluate(script))
        assert seen & light == set(), name


def setting_colours(mode: str) -> set[str]:
    """The colours of one mode as the browser writes them."""
    palette = getattr(next(iter(SCENES.values()))[0].publication.theme, mode)
    names = ("paper", "ink", "soft", "tint", "accent", "rule")
    colours = [getattr(palette, name) for name in names]
    return {f"rgb({int(c[1:3], 16)}, {int(c[3:5], 16)}, {int(c[5:7], 16)})" for c in colours}
