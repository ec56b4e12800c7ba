"""Lists with a single entry."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.body import List
from publisher.model.problem import Fault, Place, Problem, Severity

ONE = Fault(
    "lint/list-of-one",
    Severity.HINT,
    "This list has only one entry.",
    "Write it as a sentence. Where a number at the start of a line was taken for a list, put a backslash before its full stop.",
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    return (ONE.at(_place(manuscript, one)) for one in manuscript.lists if len(one.items) == 1)


def _place(manuscript: Manuscript, one: List) -> Place:
    """Begin at the number of a numbered list, not at the mark behind it."""
    line = manuscript.text.line(one.line)[: max(one.column - 1, 0)]
    digits = len(line) - len(line.rstrip("0123456789"))
    return Place(manuscript.episode.path, one.line, one.column - digits)


RULE = LintRule(
    "A bullet that stands alone looks like the rest was lost, and often it is a line such as “2024. 겨울” that Markdown "
    "took for a numbered list.",
    (ONE,),
    episode=check,
)
