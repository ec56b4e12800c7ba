"""What is read at once must come to what the parser's own rules make of it."""

from __future__ import annotations

import random
from itertools import chain

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from publisher.model.body import Picture
from publisher.source.blocks import known
from publisher.source.markdown import parser, plain, strong
from publisher.source.markdown.sheet import Sheet

_LINES = [
    *("가나다 마바사", "# 제목", "## 제목 #", "#해시", "", "", "  ", "    들여쓴 줄", "   가나", "- 가나", "- ", "1. 하나"),
    *("> 인용", "> ", "가나 | 다", "--- | ---", "---", "===", ": 설명", "~ 설명", "용어", "::: signs", ":::", "```"),
    *('::: note {title="x"}', "[^1]: 각주 글", "[가]: /x", "<div>", "*강조*", "각주[^1] 있음", "\t탭", "  : 들여쓴 설명"),
]  # fmt: skip
_PIECES = [
    *("**", "**", "**", "가나", "다 ", "라", "(", ")", "“", "”", ".", ",", "a b", "-", "*", "1", "$", "+", "#", ">", " "),
    *("é", "漢", "😀", "ﾊ", ":", "\u200b", "\ufe01", "’"),
]  # fmt: skip


def _sheet(text: str) -> Sheet:
    return Sheet("a.md", text.split("\n"), 1, known(), lambda src, _: Picture(src))


@pytest.fixture(scope="module")
def slow() -> MarkdownIt:
    """The parser without the rule that comes first."""
    md = parser.parser.__wrapped__()
    md.block.ruler.disable("plain")
    return md


@pytest.mark.parametrize("seed", range(20))
def test_plain_blocks_are_what_the_other_rules_make_of_them(seed: int, slow: MarkdownIt) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        text = "\n".join(chance.choices(_LINES, k=chance.randint(1, 14)))
        quick, whole = _sheet(text), _sheet(text)
        read = parser.tokens(quick, {})
        assert [t.as_dict() for t in read] == [
            t.as_dict() for t in slow.parse(text, {"sheet": whole})
        ], text
        assert quick.problems == whole.problems


def test_the_first_rule_is_asked_first() -> None:
    assert parser.parser().block.ruler.__rules__[0].fn is plain._plain


def _told(tokens: list[Token]) -> list[tuple[object, ...]]:
    """Give every character of a text, and every mark, with its place."""
    return list(
        chain.from_iterable(
            [(letter, at) for at, letter in enumerate(token.content, (token.map or [0])[0])]
            if token.type == "text"
            else [(token.type, token.tag, token.nesting, token.markup, (token.map or [0])[0])]
            for token in tokens
        )
    )


@pytest.mark.parametrize("seed", range(20))
def test_strong_words_are_what_the_parser_makes_of_them(seed: int) -> None:
    chance, met, md = random.Random(seed), 0, parser.parser()
    for _ in range(500):
        text = "".join(chance.choices(_PIECES, k=chance.randint(3, 14))).strip()
        quick = strong.tokens(text)
        if quick is not None:
            met += 1
            whole: list[Token] = []
            md.inline.parse(text, md, {"sheet": _sheet(text)}, whole)
            assert _told(quick) == _told(whole), text
    assert met > 50
