"""Spaces too many."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

DOUBLE = Fault(
    "lint/double-space",
    Severity.HINT,
    "Two or more spaces stand here in a row.",
    "Leave one.",
)
BEFORE = Fault(
    "lint/space-before-mark",
    Severity.HINT,
    "A space stands before “{mark}”.",
    "Take it out: the mark belongs to the word before it.",
)

_DOUBLE = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_BEFORE = re.compile(r"(?<=[가-힣A-Za-z0-9’”)]) +([,.!?])(?=[\s\0]|$)")


def check(manuscript: Manuscript) -> Iterator[Problem]:
    words = manuscript.words
    for spot in manuscript.search(_DOUBLE) if "  " in words or "\u00a0" in words else ():
        place = spot.place
        # Spaces on both sides of an empty link or a mark are not doubled in the file.
        if manuscript.text.stands(spot.text, place.line, place.column):
            yield DOUBLE.at(place)
    has_any = any(f" {mark}" in words for mark in ",.!?")
    for spot in manuscript.search(_BEFORE) if has_any else ():
        yield BEFORE.at(spot.place, mark=spot.text.strip())
    for key, value in manuscript.fields:
        if found := _DOUBLE.search(value):
            yield DOUBLE.at(manuscript.place_in(key, found.group()))


RULE = LintRule(
    "A doubled space is what is left of a word that was cut. In mail it may show as a hole, since not every program "
    "folds it into one.",
    (DOUBLE, BEFORE),
    episode=check,
)
