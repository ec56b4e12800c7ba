"""Links that say nothing of where they lead."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.body import Image, Link, inlines
from publisher.model.problem import Fault, Problem, Severity

EMPTY = Fault(
    "lint/link-empty",
    Severity.ERROR,
    "This link has no words: nobody can see or choose it.",
    "Write between the square brackets what the reader finds there.",
)
VAGUE = Fault(
    "lint/link-text",
    Severity.WARNING,
    "The link says only “{text}”.",
    "Name the thing behind it, as in [2024년 통계청 보고서](…): readers who skim or listen hear links alone.",
)

_VAGUE = frozenset(
    [
        "여기",
        "이곳",
        "여기서",
        "여기에서",
        "여기를클릭",
        "여기클릭",
        "클릭",
        "링크",
        "이링크",
        "바로가기",
        "더보기",
        "자세히",
        "자세히보기",
        "here",
        "clickhere",
        "link",
        "more",
        "readmore",
        "this",
    ]
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    for link in manuscript.links:
        text = manuscript.says(link)
        if not text and not _shows(link):
            yield EMPTY.at(manuscript.place(link))
        elif text.replace(" ", "").strip(".,!→›»()[]").casefold() in _VAGUE:
            yield VAGUE.at(manuscript.place(link), text=text)


def _shows(link: Link) -> bool:
    return any(isinstance(piece, Image) for piece in inlines(link.children))


RULE = LintRule(
    "Screen readers list the links of a mail by their words alone, and skimming eyes do the same. "
    "“여기” ten times over tells them nothing.",
    (EMPTY, VAGUE),
    episode=check,
)
