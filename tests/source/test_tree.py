"""Markdown becomes the tree of the model: every kind of node, footnotes in order, anchors."""

from __future__ import annotations

import pytest

from publisher.model.body import (
    BlockQuote,
    Body,
    Break,
    Code,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    FootnoteReference,
    Heading,
    Image,
    Link,
    List,
    Paragraph,
    Picture,
    Rule,
    Strikethrough,
    Table,
    Text,
    inlines,
    plain,
    runs,
    walk,
)
from publisher.source.markdown import tree
from tests.source.html import html, sheet


def read(markdown: str) -> Body:
    return tree.read(sheet(markdown))


def told(markdown: str) -> list[str]:
    page = sheet(markdown)
    tree.read(page)
    return [f"{p.place.line}:{p.place.column} {p.code}" for p in page.problems]


def test_footnotes_are_numbered_in_the_order_of_first_mention() -> None:
    body = read(
        "가[^둘] 나[^하나] 다[^둘]\n\n[^하나]: 하나 글\n[^둘]: 둘 글[^셋]\n\n    둘째 문단\n\n[^셋]: 셋 글[^하나]\n"
    )

    marks = [
        (mark.number, mark.occurrence)
        for node in body.nodes
        for run in runs(node)
        for mark in inlines(run)
        if isinstance(mark, FootnoteReference)
    ]
    assert marks == [(1, 1), (2, 1), (1, 2)]
    assert [(n.number, n.label, n.references) for n in body.footnotes] == [
        (1, "둘", 2),
        (2, "하나", 2),
        (3, "셋", 1),
    ]
    assert len(body.footnotes[0].children) == 2
    assert [(n.line, n.column) for n in body.footnotes] == [(4, 1), (3, 1), (8, 1)]


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("가[^없음]\n", "1:2 source/footnote-missing"),
        ("가\n\n[^1]: 나\n", "3:1 source/footnote-unused"),
        ("가[^1]\n\n[^1]: 나\n\n[^1]: 다\n", "5:1 source/footnote-twice"),
        ("가 <b>나\n", "1:3 source/html"),
        ("<!-- 메모 -->\n", "1:1 source/html-comment"),
        ("가 <!-- 메모 -->\n", "1:3 source/html-comment"),
        ("가\n\n  <div>\n", "3:3 source/html"),
        ("[가](javascript:x)\n", "1:1 source/link-scheme"),
        ("[가](JavaScript&colon;x)\n", "1:1 source/link-scheme"),
        ("[가](java\\\nscript:x)\n", ""),
        ("[가](data:text/html,x)\n", "1:1 source/link-scheme"),
        ("<vbscript:x>\n", "1:1 source/link-scheme"),
        ("글 ![가](a.png){source=나} 글\n", "1:3 source/image-attributes"),
        ("![가](a.png){sauce=나}\n", "1:13 source/image-attribute"),
        ("![가](a.png){나}\n", "1:13 source/attributes"),
    ],
)
def test_what_no_reader_should_meet_is_told_at_its_place(markdown: str, problem: str) -> None:
    assert told(markdown) == ([problem] if problem else [])


def test_refused_html_stays_as_text() -> None:
    assert html("가 <b>나</b>\n") == "<p>가 &lt;b&gt;나&lt;/b&gt;</p>\n"


def test_an_unsafe_link_keeps_its_words_only() -> None:
    assert read("[가](javascript:x)").nodes == (Paragraph((Text("가", 1, 2),), 1, 1),)


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("episode:ai-wont-save-us/01", "episode:ai-wont-save-us/01"),
        ("episode:연재/01", "episode:연재/01"),
        ("../다른", "../%EB%8B%A4%EB%A5%B8"),
        ("/join/", "/join/"),
        ("#각주", "#%EA%B0%81%EC%A3%BC"),
        (
            "https://한글.example/가?나=다",
            "https://xn--bj0bj06e.example/%EA%B0%80?%EB%82%98=%EB%8B%A4",
        ),
        ("mailto:a@b.kr", "mailto:a@b.kr"),
        ("tel:02-000-0000", "tel:02-000-0000"),
    ],
)
def test_addresses_stay_what_they_are(written: str, href: str) -> None:
    (paragraph,) = read(f'[가]({written} "제목")').nodes

    assert isinstance(paragraph, Paragraph)
    (link,) = paragraph.children
    assert isinstance(link, Link)
    assert (link.href, link.title, plain(link.children)) == (href, "제목", "가")


def test_an_image_alone_is_a_figure_and_several_are_several() -> None:
    body = read('![가 *나*](a.png "설명"){source="출처 ‘하나’"}\n![다](b.png)\n')

    assert body.nodes == (
        Figure(Picture("a.png"), "가 나", "설명", "출처 ‘하나’", 1, 1),
        Figure(Picture("b.png"), "다", "", "", 2, 1),
    )


def test_an_image_among_words_is_inline() -> None:
    (paragraph,) = read("글 ![가](a%20b.png) 글").nodes

    assert isinstance(paragraph, Paragraph)
    assert paragraph.children[1] == Image(Picture("a b.png"), "가", "", 1, 3)


def test_anchors_are_readable_and_one_of_a_kind() -> None:
    body = read("# 제목: 하나!\n## 제목 하나\n## 제목 하나-2\n## 漢字 Title\n## **!?**\n## ?!\n")

    anchors = [node.anchor for node in body.nodes if isinstance(node, Heading)]
    assert anchors == [
        "제목-하나",
        "제목-하나-2",
        "제목-하나-2-2",
        "漢字-title",
        "section",
        "section-2",
    ]


def test_tables_have_heads_rows_and_alignment() -> None:
    (table,) = read("|가|나|다|\n|:-|:-:|-:|\n|1|**2**|\n").nodes

    assert isinstance(table, Table)
    assert [plain(cell) for cell in table.head] == ["가", "나", "다"]
    assert [[plain(cell) for cell in row] for row in table.rows] == [["1", "2", ""]]
    assert table.align == ("left", "center", "right")


def test_lists_know_their_start_and_their_tightness() -> None:
    body = read("3. 가\n4. 나\n   - 다\n\n<!-- -->\n\n- 라\n\n- 마\n")

    first, _, second = body.nodes
    assert isinstance(first, List)
    assert (first.ordered, first.start, first.tight, len(first.items)) == (True, 3, True, 2)
    inner = first.items[1][1]
    assert isinstance(inner, List)
    assert (inner.ordered, inner.line, inner.column) == (False, 3, 4)
    assert isinstance(second, List)
    assert second.tight is False


def test_definition_lists_may_stand_close_or_wide() -> None:
    close = read("가\n: 하나\n: 둘\n나\n: 셋\n").nodes
    wide = read("가\n\n: 하나\n: 둘\n\n나\n\n: 셋\n").nodes

    for nodes in (close, wide):
        (listing,) = nodes
        assert isinstance(listing, DefinitionList)
        assert [(plain(e.term), len(e.details)) for e in listing.entries] == [("가", 2), ("나", 1)]
        assert all(isinstance(entry, Definition) for entry in listing.entries)


def test_the_rest_of_commonmark() -> None:
    body = read("> 가\n\n---\n\n```py\nx = 1\n```\n\n~~나~~ `다`  \n라\n")

    quote, rule, code, paragraph = body.nodes
    assert isinstance(quote, BlockQuote)
    assert rule == Rule(3, 1)
    assert code == CodeBlock("x = 1\n", "py", 5, 1)
    assert isinstance(paragraph, Paragraph)
    assert [type(node) for node in paragraph.children] == [Strikethrough, Text, Code, Break, Text]


def test_walking_the_tree_meets_every_node() -> None:
    body = read(":::: quote\n> - 가\n\n::: original\n나\n: 다\n:::\n::::\n")

    assert [type(node).__name__ for node in walk(body.nodes)] == [
        "Block",
        "BlockQuote",
        "List",
        "Paragraph",
        "Block",
        "DefinitionList",
        "Paragraph",
    ]
