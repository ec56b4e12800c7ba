"""The walker: what each node becomes in mail, page and feed."""

from __future__ import annotations

import re

import pytest

from publisher.model.body import (
    Body,
    CodeBlock,
    Figure,
    FootnoteReference,
    Heading,
    Link,
    Node,
    Picture,
)
from publisher.model.episode import Audience
from publisher.render.address import Channel
from publisher.render.gate import gated
from publisher.render.html import Walker, body_html, fitted, outline
from publisher.render.theme import Templates
from tests.render.stage import SECRET, block, everything, p, setting, t

TEMPLATES = Templates()


def walker(channel: Channel = Channel.PAGE) -> Walker:
    return Walker(channel, setting(), Audience.MEMBERS, TEMPLATES)


def html(*nodes: Node, channel: Channel = Channel.PAGE) -> str:
    return str(walker(channel).nodes(nodes))


def href(address: str, channel: Channel = Channel.PAGE) -> str:
    """What the walker makes of one link, bare text when it refuses."""
    return str(walker(channel).run((Link(address, t("말")),)))


def test_text_is_escaped_and_never_becomes_markup() -> None:
    assert html(p("<기생충> & \"따옴표\" '작은'")) == (
        "<p>&lt;기생충&gt; &amp; &#34;따옴표&#34; &#39;작은&#39;</p>"
    )


@pytest.mark.parametrize("mark", ["\x00", "\x85", "\x1b", "\u202e", "\u2066", "\ufeff", "\x7f"])
def test_controls_and_overrides_cannot_leave(mark: str) -> None:
    assert html(p(f"가{mark}나")) == "<p>가나</p>"


def test_half_a_character_becomes_a_replacement_character() -> None:
    assert html(p("가\ud800나")) == "<p>가\ufffd나</p>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example/",
        "/\\evil.example/",
        "http://localhost/x",
        "http://127.0.0.1:8000/",
        "https://[::1]/",
        "https://192.168.0.1/",
        "http://2130706433/",
        "https://printer.local/",
        "https://user:pw@bank.example/",
        "https://exa mple.org/",
        "http://[broken/",
        "episode:s/99",
        "episode:nowhere/1",
        "episode:s",
        "relative/page",
        "mailto:",
    ],
)
def test_an_address_that_must_not_be_followed_is_not_linked(address: str) -> None:
    assert [href(address, channel) for channel in (Channel.PAGE, Channel.MAIL)] == ["말", "말"]


@pytest.mark.parametrize(
    ("address", "page", "mail"),
    [
        ("/join/", "/join/", "https://slow-signal.example/join/"),
        ("episode:s/02", "/s/2/", "https://slow-signal.example/s/2/"),
        ("episode:s/2-slug#머리", "/s/2/#%EB%A8%B8%EB%A6%AC", "https://slow-signal.example/s/2/#%EB%A8%B8%EB%A6%AC"),
        ("#머리", "#%EB%A8%B8%EB%A6%AC", "https://slow-signal.example/s/1/#%EB%A8%B8%EB%A6%AC"),
        ("https://a.example/%ED%95%9C글", "https://a.example/%ED%95%9C%EA%B8%80", "https://a.example/%ED%95%9C%EA%B8%80"),
        ("mailto:a@b.example", "mailto:a@b.example", "mailto:a@b.example"),
    ],
)  # fmt: skip
def test_an_address_is_resolved_for_its_channel(address: str, page: str, mail: str) -> None:
    assert href(address) == f'<a href="{page}">말</a>'
    assert href(address, Channel.MAIL) == f'<a href="{mail}">말</a>'


def test_headings_begin_at_two_and_never_skip() -> None:
    levels = (3, 5, 4, 2, 6, 1)
    body = Body(tuple(Heading(level, t(f"{at}"), f"h{at}") for at, level in enumerate(levels)))
    assert list(outline(body).values()) == [2, 3, 3, 2, 3, 2]


def test_a_picture_in_a_mail_is_absolute_and_fits_the_column() -> None:
    node = Figure(
        Picture("c.jpg", "e/c.jpg", 1200, 801, 1, "jpeg", digest="0f" * 32),
        "설명",
        "캡션",
        "출처원",
    )
    assert html(node, channel=Channel.MAIL) == (
        '<div class="figure">\n'
        '<img src="https://slow-signal.example/s/1/0f0f0f0f0f0f0f0f.jpg" alt="설명" width="544" height="363" style="max-width:544px">\n'
        '<p class="caption">캡션 · <span class="source">출처: 출처원</span></p>\n</div>'
    )  # fmt: skip


def test_a_picture_that_is_not_there_leaves_its_description() -> None:
    assert html(Figure(Picture("gone.png"), "설명")) == "<figure>\n<em>설명</em>\n</figure>"


@pytest.mark.parametrize("src", ["http://a.example/x.png", "javascript:1", "file:///x.png"])
def test_a_picture_from_elsewhere_is_https_or_nothing(src: str) -> None:
    assert "<img" not in html(Figure(Picture(src), "설명"))


def test_sizes_are_whole_pixels_within_the_column() -> None:
    assert [fitted(1088, 100), fitted(300, 7), fitted(9000, 1)] == [
        (544, 50),
        (300, 7),
        (544, 1),
    ]


def test_code_keeps_its_spaces_and_is_escaped() -> None:
    assert html(CodeBlock("a <\n  b\n")) == "<pre><code>a &lt;\n  b\n</code></pre>"


def test_footnotes_of_the_feed_lead_to_the_page() -> None:
    mark = html(p("말", FootnoteReference(1)), channel=Channel.FEED)
    assert mark == (
        '<p>말<sup><a href="https://slow-signal.example/s/1/#fn-1">1</a></sup></p>'
    )  # fmt: skip


def test_every_footnote_mark_and_way_back_meet() -> None:
    page = body_html(everything(), Channel.PAGE, setting(), Audience.MEMBERS, TEMPLATES)
    ids = re.findall(r' id="([^"]+)"', page)
    targets = [m for m in re.findall(r'href="#([^"]+)"', page) if m.startswith("fn")]
    assert len(ids) == len(set(ids))
    assert sorted(set(targets)) == sorted(i for i in ids if i.startswith("fn"))


@pytest.mark.parametrize("audience", list(Audience))
def test_the_feed_is_plain_semantic_html(audience: Audience) -> None:
    seen = gated(setting(), audience)
    feed = body_html(seen.episode.body, Channel.FEED, seen, audience, TEMPLATES)
    assert re.findall(r'<(?:div|span|b|i)\b|\b(?:class|style|id|role)="', feed) == []
    assert re.findall(r'(?:href|src)="(?!https://|mailto:)', feed) == []


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.PAGE, Channel.FEED])
def test_the_free_audience_sees_a_wall_and_no_word_behind_it(channel: Channel) -> None:
    seen = gated(setting(), Audience.FREE)
    shown = body_html(seen.episode.body, channel, seen, Audience.FREE, TEMPLATES)
    assert SECRET not in shown
    assert "회원만" not in shown
    assert "소제목 1개, 24자가" in shown


def test_a_block_of_ones_own_needs_two_files_and_no_python(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "blocks").mkdir()
    (folder / "blocks" / "poem.html.j2").write_text(
        '<p class="poem">{{ attributes.by }}</p>{{ content }}'
    )
    (folder / "blocks" / "poem.txt.j2").write_text("{{ content }}")
    templates = Templates([folder])
    walk = Walker(Channel.PAGE, setting(), Audience.FREE, templates)
    assert "poem" in templates.blocks
    assert walk.node(block("poem", p("시"), by="<윤>")) == '<p class="poem">&lt;윤&gt;</p><p>시</p>'
