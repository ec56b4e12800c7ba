"""Paragraphs without marks, which are not led through every rule of the parser."""

from __future__ import annotations

from random import Random

from publisher.source.markdown import bounds
from publisher.source.markdown.parser import parser

LETTERS = [chr(code) for code in range(0x20, 0x7F)] + list("가나다 “”‘’·…\u3000é\t\U0001f600")
ODD = ["www.a.kr", "https://a.kr", "a@b.kr", "(c)", "--", ":::", "  ", "$x$", "==", "++", "^1]"]


def test_a_paragraph_without_marks_is_one_text_to_the_parser_too() -> None:
    chance, seen = Random(4), 0
    for _ in range(4000):
        written = "".join(chance.choice(LETTERS + ODD) for _ in range(chance.randrange(1, 25)))
        content = bounds._MARKED.sub("", written)
        if not content:
            continue
        seen += 1
        (token,) = parser().inline.parse(content, parser(), {}, [])
        assert (token.type, token.content, token.map) == ("text", content, [0, -1])
        assert (token.level, token.markup, token.info, token.meta) == (0, "", "", {})
    assert seen > 3000
