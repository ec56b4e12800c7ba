"""Emphasis in Korean, equal to the npm packages markdown-it and markdown-it-cjk-friendly.

``emphasis.json`` was written by those packages; their versions stand in it.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.source.html import html

FIXTURE = json.loads(Path(__file__).with_name("emphasis.json").read_text("utf-8"))


def test_every_case_of_the_corpus_gives_the_same_html() -> None:
    cases = FIXTURE["cases"]

    wrong = [
        (text, expected, got)
        for text, expected in cases
        if (got := html(text).removesuffix("\n")) != expected
    ]

    assert len(cases) > 2000
    assert wrong == []


def test_the_two_examples_of_the_format_are_strong() -> None:
    assert html("**마크다운(Markdown)**을") == "<p><strong>마크다운(Markdown)</strong>을</p>\n"
    assert html("**“공개 문서”**는") == "<p><strong>“공개 문서”</strong>는</p>\n"
