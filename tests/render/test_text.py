"""The text part: for people who read it, by display columns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.body import (
    Body,
    CodeBlock,
    Heading,
    Link,
    List,
    Node,
    Table,
)
from publisher.model.episode import Audience
from publisher.render import Renderer
from publisher.render.columns import WIDTH, columns, framed, padded, wrapped
from publisher.render.gate import gated
from publisher.render.text import Scribe
from publisher.render.theme import Templates
from tests.render.stage import AUDIENCES, block, everything, p, publication, setting, t


def scribe() -> Scribe:
    return Scribe(setting(), Audience.MEMBERS, Templates())


def text(*nodes: Node) -> str:
    return scribe().nodes(nodes)


def test_hangul_is_two_columns_wide_and_a_mark_none() -> None:
    assert [columns(w) for w in ("가나", "ab", "가b", "각", "é", "漢字", "！")] == [
        4,
        2,
        3,
        2,
        1,
        4,
        2,
    ]


def test_lines_break_at_spaces_and_never_inside_a_word() -> None:
    assert wrapped("가나다 라마바 사아자 차카타", 14) == "가나다 라마바\n사아자 차카타"


def test_an_address_is_never_torn() -> None:
    address = "https://a.example/" + "x" * 100
    assert wrapped(f"보라 {address} 고", 20).split("\n") == ["보라", address, "고"]


@given(st.text(st.sampled_from("가나 다라abc é漢\n"), max_size=300))
def test_no_line_is_wider_than_the_column(words: str) -> None:
    assert max(map(columns, wrapped(words).split("\n"))) <= WIDTH
    assert wrapped(words).split() == "".join(wrapped(words)).split()


def test_frames_and_columns_come_out_even() -> None:
    assert columns(framed("변화와 징후")) == columns(framed("")) == WIDTH
    assert padded("가", 4) + "|" == "가  |"
    assert padded("가", 4, "right") == "  가"


def test_links_are_numbered_once_and_listed() -> None:
    one = scribe()
    link = Link("https://a.example/", t("보도"))
    assert one.nodes([p(link, "와 ", link)]) == "보도[1]와 보도[1]"
    assert one.addresses() == "[1] https://a.example/"


@pytest.mark.parametrize("href", ["https://a.example/x", "mailto:a@b.example"])
def test_a_link_that_is_its_own_address_needs_no_number(href: str) -> None:
    assert text(p(Link(href, t(href.removeprefix("mailto:"))))) == href.removeprefix("mailto:")


def test_a_link_that_must_not_be_followed_is_only_its_words() -> None:
    assert text(p(Link("javascript:x", t("말")))) == "말"


def test_headings_lists_and_quotations() -> None:
    assert text(Heading(2, t("큰 제목"), "a")) == "큰 제목\n======="
    items = List(((p("하나"), List(((p("안"),),))), (p("둘"),)), ordered=True, start=9)
    assert text(items) == "9. 하나\n   - 안\n10. 둘"
    assert text(block("quote", p("말"), by="누구")) == "> 말\n— 누구"


def test_code_keeps_its_lines() -> None:
    assert text(CodeBlock("a\n  b\n")) == "    a\n      b"


def test_a_table_stands_in_columns_or_in_records() -> None:
    table = Table((t("해"), t("수")), ((t("2021년"), t("1")),), ("", "right"))
    assert text(table) == "해     | 수\n-------+---\n2021년 |  1"
    wide = Table((t("해"), t("말")), ((t("2021년"), t("가 " * 40)),), ("", ""))
    assert text(wide).startswith("  해: 2021년\n  말: 가 가")
    assert max(map(columns, text(wide).split("\n"))) <= WIDTH


def test_footnotes_of_intro_and_body_share_one_count() -> None:
    one = scribe()
    one.body(Body((p("가"),), everything().footnotes[:1]))
    assert "[주2]" in one.body(everything())
    assert one.endnotes().split("\n")[0] == "[주1] 첫 각주, 근거[3]."


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_letter_is_tidy(audience: Audience) -> None:
    letter = Renderer(publication()).letter(setting(), audience)
    lines = letter.text.split("\n")
    long = [line for line in lines if columns(line) > WIDTH + 4 and "://" not in line]
    assert long == []
    assert re.findall(r"[ \t]\n|\n{3}", letter.text) == []
    assert "<" not in letter.text.replace("<기생충>", "").replace("a < b", "")


def test_the_free_letter_has_a_wall_where_the_members_part_was() -> None:
    seen = gated(setting(), Audience.FREE)
    written = Scribe(seen, Audience.FREE, Templates()).body(seen.episode.body)
    assert "이 뒤로 소제목 1개, 24자가 더 이어집니다." in written
    assert "회원만" not in written
