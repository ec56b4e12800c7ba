"""Which blocks of a mail cost most, and colours that can be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publisher.model.body import Body, Heading
from publisher.model.episode import Audience
from publisher.model.publication import DARK, LIGHT, Theme
from publisher.render import Renderer
from publisher.render.contrast import contrast, problems
from tests.render.stage import block, p, publication, setting, t

RENDERER = Renderer(publication())


def test_the_heaviest_blocks_are_named_with_their_lines() -> None:
    nodes = (
        replace(Heading(2, t("제목"), "a"), line=3),
        replace(p("가" * 9000), line=5),
        replace(block("note", p("나" * 20000)), line=9),
        replace(p("다" * 5000), line=30),
    )
    first, second, third = RENDERER.heaviest(setting(Body(nodes)), Audience.FREE)

    assert first.startswith("note (9: ")
    assert second == "Paragraph “가가가가가가가가가가가가가가가가가가가가…” (5: 27.0 KB)"
    assert third.startswith("Paragraph “다")


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
