"""The inliner: our shortcuts through premailer may not change a byte of what it makes."""

from __future__ import annotations

import logging

import pytest
from lxml.cssselect import CSSSelector
from premailer import Premailer, premailer
from premailer.merge_style import merge_styles

from publisher.model.episode import Audience
from publisher.render.address import Channel
from publisher.render.gate import gated
from publisher.render.html import Walker
from publisher.render.mail.inline import inlined
from publisher.render.mail.letter import drawn
from publisher.render.theme import Templates
from tests.render.stage import AUDIENCES, setting


def letter(audience: Audience) -> str:
    return drawn(
        Walker(Channel.MAIL, gated(setting(), audience), audience, Templates()), "제목", "미리보기"
    )


def plainly(html: str) -> str:
    """What premailer makes of it by itself, with the same options and its own selectors."""
    ours = premailer._create_cssselector, premailer.merge_styles
    premailer._create_cssselector, premailer.merge_styles = CSSSelector, merge_styles
    try:
        return alone(html)
    finally:
        premailer._create_cssselector, premailer.merge_styles = ours


def alone(html: str) -> str:
    return str(
        Premailer(
            html,
            disable_validation=True,
            allow_network=False,
            align_floating_images=False,
            disable_basic_attributes=["width", "height"],
            cssutils_logging_level=logging.CRITICAL,
        ).transform(pretty_print=False)
    )


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_shortcuts_change_no_byte(audience: Audience) -> None:
    source = letter(audience)
    assert inlined(source) == plainly(source)
    assert inlined(source) == plainly(source)


@pytest.mark.parametrize(
    "sheet",
    [
        "p{color:red}",
        ".a p.b{color:red}",
        "h1.b,.a .c{margin:0}",
        "p:hover{color:red}",
        "p>b{top:0}",
        "div div{top:0}",
        ".a .a{top:0}",
        "div b{top:0}.b b{left:0}b{top:1px}",
        "body b{top:0}",
        ".b{top:0}p{top:1px}",
        "b,.b,i{top:0}",
        "p:first-child{top:0}",
    ],
)
def test_any_sheet_of_a_publication_is_inlined_as_premailer_does(sheet: str) -> None:
    source = (
        f"<html><head><style>{sheet}</style></head><body><div class='a'><div class='a x'>"
        "<p class='b'>가<b>나</b></p></div></div><p class='c b b'>다</p><h1 class='b'>라</h1>"
        "</body></html>"
    )
    assert inlined(source) == plainly(source)


@pytest.mark.parametrize("sheet", ["head{color:red}", "body{color:red}p{width:3px}", ".b{top:0}"])
def test_a_letter_without_a_head_is_inlined_as_premailer_does(sheet: str) -> None:
    source = f"<body><style>{sheet}</style><p class='b' style='left:0'>가</p></body>"
    assert inlined(source) == plainly(source)


def test_styles_and_attributes_known_from_one_letter_are_right_in_the_next() -> None:
    for value in ("center", "right", "center"):
        source = (
            f"<html><head><style>td{{text-align:{value};background-color:#abc}}"
            "td:hover{top:0}</style></head>"
            "<body><table><tr><td>가</td><td style='text-align:left'>나</td></tr></table></body></html>"
        )
        assert inlined(source) == plainly(source)


def test_the_sheets_for_dark_and_narrow_pass_byte_for_byte() -> None:
    source = letter(Audience.FREE)
    kept = source.split('<style data-premailer="ignore">')[1:]
    for sheet in kept:
        assert f"<style>{sheet.partition('</style>')[0]}</style>" in inlined(source)
    assert len(kept) == 2
    assert "!important" in kept[0]


def test_pixel_sizes_stay_what_the_template_wrote() -> None:
    assert ' height="auto"' not in inlined(letter(Audience.FREE))
    assert 'width="544" height="363"' in inlined(letter(Audience.FREE))


@pytest.mark.parametrize("html", ["", "\n", "<!-- nothing -->", "글만"])
def test_a_template_without_an_element_is_no_crash(html: str) -> None:
    assert inlined(html) == html
