"""Headings that skip a level or claim the place of the title."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

TOP = Fault(
    "lint/heading-top",
    Severity.WARNING,
    "A heading with one # stands beside the title of the episode.",
    "Begin the sections of an episode with ##; the title is the only heading above them.",
)
SKIP = Fault(
    "lint/heading-skip",
    Severity.WARNING,
    "The heading jumps from level {before} to level {level}.",
    "Use {wanted} here: who listens finds the way by the levels.",
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    before = 1
    for heading in manuscript.headings:
        if heading.level == 1:
            yield TOP.at(manuscript.place(heading))
        elif heading.level > before + 1:
            yield SKIP.at(
                manuscript.place(heading),
                before=before,
                level=heading.level,
                wanted="#" * (before + 1),
            )
        before = heading.level


RULE = LintRule(
    "Screen readers jump from heading to heading. A level left out sounds like a missing chapter, and two top "
    "headings like two letters in one.",
    (TOP, SKIP),
    episode=check,
)
