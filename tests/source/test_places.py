"""Every node knows the line and column it was written at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.model.body import (
    Block,
    Body,
    Code,
    Emphasis,
    Figure,
    FootnoteReference,
    Heading,
    Inline,
    Link,
    Node,
    Strong,
    Text,
    inlines,
    runs,
    walk,
)
from publisher.source.markdown import tree
from tests.source.html import sheet

SAMPLE = """\
머리 **굵게(가)**는 *기울임*과 `코드`, [링크 **안**](episode:ai/01 "제목")와[^1]
  둘째 줄 \\*별\\* &amp; 셋 ~~지움~~ <https://a.example/가>
셋째\\
넷째

## 제목 *하나* ##

   제목 **둘**
======

> 인용 **안에** 하나
> > 둘 [가](나)
게으른 줄 *넷*

1. 하나 **둘**

   > 셋 *넷*
   > - 다섯 ***여섯***
2. 일곱

   ::: note {title="제목"}
   여덟 **아홉**
   :::

::: signs
변화 *하나*
: 당국이 **자국(自國)**을
  둘째 줄 *셋*
징후
: 미래는 `넷`

  다섯 **여섯**
:::

| 가 | 나 \\| **다** | 라 |
|:--|--|--:|
| 가 | `가` | *가* |
가 | 가 \\| 나 \\| *가* | 다

![그림 *대체*](chart.png "설명"){source="블룸버그"}

각주^[안에 **쓴** 것]와 ![작은 그림](a.png) 뒤

[^1]: 각주 **글**

    둘째 [문단](x)
"""


def nodes(body: Body) -> Iterator[Node]:
    yield from walk(body.nodes)
    for note in body.footnotes:
        yield from walk(note.children)


def every_inline(body: Body) -> Iterator[Inline]:
    for node in nodes(body):
        for run in runs(node):
            yield from inlines(run)


def at(text: str, node: Node | Inline) -> str:
    return text.split("\n")[node.line - 1][node.column - 1 :]


def misplaced(markdown: str) -> list[tuple[str, str]]:
    """List the texts that do not stand where they say; an entity stands for another character."""
    body = tree.read(sheet(markdown))
    return [
        (node.text, at(markdown, node))
        for node in every_inline(body)
        if isinstance(node, Text) and not stands(node.text, at(markdown, node))
    ]


def stands(text: str, written: str) -> bool:
    line = text.split("\n", maxsplit=1)[0]
    return (written + "\n").startswith(line) or written.startswith("&") or "\0" in written


@pytest.mark.parametrize("before", ["", "앞\n\n", "---\n\n", "- 가\n\n"])
def test_every_text_of_the_sample_stands_where_it_says(before: str) -> None:
    body = tree.read(sheet(before + SAMPLE))

    assert misplaced(before + SAMPLE) == []
    assert sum(isinstance(node, Text) for node in every_inline(body)) > 60


def test_marks_begin_where_they_are_written() -> None:
    body = tree.read(sheet(SAMPLE))
    starts: tuple[tuple[type[Inline], tuple[str, ...]], ...] = (
        (Strong, ("**",)),
        (Emphasis, ("*", "_")),
        (Code, ("`",)),
        (Link, ("[", "<")),
        (FootnoteReference, ("[^", "^[")),
    )

    wrong = [
        (node, at(SAMPLE, node))
        for node in every_inline(body)
        for kind, start in starts
        if isinstance(node, kind) and not at(SAMPLE, node).startswith(start)
    ]

    assert wrong == []


def test_blocks_begin_where_they_are_written() -> None:
    body = tree.read(sheet(SAMPLE))

    blocks = {
        node.name: (node.line, node.column) for node in nodes(body) if isinstance(node, Block)
    }
    figures = [(node.line, node.column) for node in nodes(body) if isinstance(node, Figure)]
    headings = [(node.line, node.column) for node in nodes(body) if isinstance(node, Heading)]

    assert blocks == {"note": (21, 4), "signs": (25, 1)}
    assert figures == [(40, 1)]
    assert headings == [(6, 1), (8, 4)]


def test_a_text_never_runs_over_a_line_end() -> None:
    body = tree.read(sheet(SAMPLE))

    assert [n.text for n in every_inline(body) if isinstance(n, Text) and "\n" in n.text[:-1]] == []


PIECES = st.sampled_from(
    ["가나", "**", "*", "_", "~~", "`", "[", "](x)", "](y \"z\")", "![", "^[", "]", "[^1]", "\\", "\\*",
     "&amp;", " ", "  \n", "\n", "\n\n", "> ", "- ", "1. ", "    ", "\t", "| ", "\n|--|--|\n", ": ", ":::",
     "::: note\n", "::::", "# ", "===", "---", "<b>", "<https://a.kr>", "{source=\"a\"}", "\n[^1]: ", "(漢字)", "“인용”", "a.b", "\u3000", "😀"]
)  # fmt: skip


@settings(
    max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mixture_keeps_its_places(markdown: str) -> None:
    assert misplaced(markdown) == []
