"""Markdown that was not read as such and would be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

MARKS = Fault(
    "lint/leftover-marks",
    Severity.WARNING,
    "“{marks}” would be printed as it stands.",
    "Close the emphasis, take out the space inside it, or put a backslash before each mark that is meant.",
)
IN_FIELD = Fault(
    "lint/marks-in-field",
    Severity.WARNING,
    "“{marks}” in “{key}” would be printed as it stands: this line is plain text.",
    "Leave the marks out.",
)

_MARKS = re.compile(r"\*\*+|(?<!\w)__+(?=\w)|(?<=\w)__+(?!\w)|~~+|\]\(|(?<!\w)\[\^[^\]\s]+\]")
_IN_FIELD = re.compile(r"\*\*|~~|\]\(|(?<!\w)__(?=\w)")


def check(manuscript: Manuscript) -> Iterator[Problem]:
    words = manuscript.words
    has_any = any(mark in words for mark in ("**", "__", "~~", "](", "[^"))
    for spot in manuscript.search(_MARKS) if has_any else ():
        yield MARKS.at(spot.place, marks=spot.text)
    for key, value in manuscript.fields:
        for found in _IN_FIELD.finditer(value):
            marks = found.group()
            ordinal = value.count(marks, 0, found.start()) + 1
            place = manuscript.place_in(key, marks, ordinal)
            yield IN_FIELD.at(place, marks=marks, key=key)


RULE = LintRule(
    "Asterisks in the middle of a sentence are the best known mark of a letter that nobody proofread. They stay when "
    "the emphasis is not closed or a space stands on its inner side.",
    (MARKS, IN_FIELD),
    episode=check,
)
