"""The byte budget: what a mail may weigh, and which blocks are to blame."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from publisher.model.body import Body, Heading
from publisher.model.episode import Audience
from publisher.model.publication import DARK, LIGHT, Theme
from publisher.render import Renderer
from publisher.render.contrast import contrast, problems
from publisher.render.mail.weight import travelling
from tests.render.stage import block, p, publication, setting, t

RENDERER = Renderer(publication())


def codes(paragraphs: int) -> list[str]:
    body = Body(tuple(p("가" * 1000) for _ in range(paragraphs)))
    return [problem.code for problem in RENDERER.weigh(setting(body), Audience.FREE)]


def test_an_ordinary_letter_is_light() -> None:
    assert codes(3) == []


def test_weight_is_said_before_it_harms_and_stops_when_it_does() -> None:
    # 14 KB of letter around paragraphs of 3 KB each.
    assert codes(21) == ["render/heavy-part"]
    assert codes(25) == ["render/heavy-mail", "render/heavy-part"]
    assert codes(31) == ["render/clipped-mail", "render/heavy-part"]


def test_the_heaviest_blocks_are_named_with_their_lines() -> None:
    nodes = (
        replace(Heading(2, t("제목"), "a"), line=3),
        replace(p("가" * 9000), line=5),
        replace(block("note", p("나" * 20000)), line=9),
        replace(p("다" * 5000), line=30),
    )
    found = RENDERER.weigh(setting(Body(nodes)), Audience.FREE)
    blocks = dict(found[0].details)["blocks"]
    assert blocks.startswith("note (9: ")
    assert "(5: 27,007)" in blocks
    assert "제목" not in blocks


@pytest.mark.parametrize("octets", [0, 1, 56, 57, 58, 1000, 76_499])
def test_octets_on_the_wire_are_counted_without_encoding(octets: int) -> None:
    made = base64.encodebytes(b"x" * octets).replace(b"\n", b"\r\n")
    assert travelling(octets) == len(made)


def test_the_default_colours_can_be_read_in_both_modes() -> None:
    assert problems(Theme()) == ()
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


def test_a_pale_colour_is_a_problem_in_the_mode_where_it_is() -> None:
    found = problems(Theme(dark=replace(DARK, soft="#444444"), light=LIGHT))
    assert [(p.code, dict(p.details)["mode"], dict(p.details)["ground"]) for p in found] == [
        ("render/pale-colours", "dark", "paper"),
        ("render/pale-colours", "dark", "tint"),
    ]


@pytest.mark.parametrize("fonts", ["x;} body{display:none", "</style><b>", "url(x)", ""])
def test_a_font_list_that_is_none_is_a_problem(fonts: str) -> None:
    assert [p.code for p in problems(Theme(fonts=fonts))] == ["render/bad-fonts"]
