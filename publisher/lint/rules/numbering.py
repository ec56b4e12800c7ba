"""Numbers of episodes: holes, and titles that count otherwise than their file.

A number given twice is reported where files are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.episode import Episode
from publisher.model.problem import Fault, Place, Problem, Severity

HOLE = Fault(
    "lint/number-hole",
    Severity.WARNING,
    "Number {missing} is missing before this episode.",
    "Write episode {missing}, or give this one its number by renaming the file.",
)
TITLE = Fault(
    "lint/number-title",
    Severity.WARNING,
    "The title says {said}, but the file’s name says {number}.",
    "Take the number out of the title (it is set by itself), or rename the file.",
)

#: Only what counts this episode: at the start, or in brackets. “제3회 영화제” counts something else.
_NUMBER = re.compile(
    r"^\W?(?:제\s?)?(\d{1,4})\s?화(?=[\s.,:)\]>]|$)|[(\[<](?:제\s?)?(\d{1,4})\s?[화회편][)\]>]"
    r"|^(?:EP|Ep|No)\.?\s?(\d{1,4})\b|^#(\d{1,4})\b|^(\d{1,3})[.)]\s"
)


def check(reading: Reading) -> Iterator[Problem]:
    for shelf in reading.by_series.values():
        yield from _count(shelf)
        for episode in shelf:
            yield from _title(episode)


def _count(shelf: tuple[Episode, ...]) -> Iterator[Problem]:
    before: Episode | None = None
    for episode in shelf:
        if before is not None and episode.number > before.number + 1:
            missing = _span(before.number + 1, episode.number - 1)
            yield HOLE.at(Place(episode.path), missing=missing)
        before = episode


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _title(episode: Episode) -> Iterator[Problem]:
    if found := _NUMBER.search(episode.title):
        said = next(group for group in found.groups() if group)
        if int(said) != episode.number:
            yield TITLE.at(episode.place("title"), said=said, number=episode.number)


RULE = LintRule(
    "Readers of a serial notice at once when 7화 follows 5화, and ask for what they think they missed.",
    (HOLE, TITLE),
    reading=check,
)
