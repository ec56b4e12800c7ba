"""Tags written twice, or the same tag in several spellings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.episode import Episode
from publisher.model.problem import Fault, Place, Problem, Severity

TWICE = Fault(
    "lint/tag-twice",
    Severity.WARNING,
    "The tag “{tag}” stands here twice.",
    "Keep one.",
)
SPELLING = Fault(
    "lint/tag-spelling",
    Severity.WARNING,
    "The tag “{tag}” is written “{usual}” in other episodes.",
    "Write “{usual}”, so that both are found on one page.",
)


def check(reading: Reading) -> Iterator[Problem]:
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for episode in reading.episodes:
        for tag in episode.tags:
            spellings[_sound(tag)][tag] += 1
    usual = {
        sound: min(counted, key=lambda tag: (-counted[tag], tag))
        for sound, counted in spellings.items()
        if len(counted) > 1
    }
    for episode in reading.episodes:
        met: set[str] = set()
        for tag in episode.tags:
            sound = _sound(tag)
            if sound in met:
                yield TWICE.at(_place(episode, tag), tag=tag)
            elif usual.get(sound, tag) != tag:
                yield SPELLING.at(_place(episode, tag), tag=tag, usual=usual[sound])
            met.add(sound)


def _sound(tag: str) -> str:
    return re.sub(r"[\s_·-]+", "", tag).casefold()


def _place(episode: Episode, tag: str) -> Place:
    """Find a tag in the front matter; one that the series adds stands nowhere in the file."""
    start = episode.place("tags")
    lines = episode.text.split("\n")
    for number in range(start.line, len(lines) + 1):
        line = lines[number - 1]
        if number > start.line and (line.strip() == "---" or re.match(r"\w", line)):
            break
        if found := re.search(rf"(?<![\w]){re.escape(tag)}(?!\w)", line):
            return Place(episode.path, number, found.start() + 1)
    return start


RULE = LintRule(
    "A tag is an address: “AI 윤리” and “AI윤리” make two pages and two feeds, and a reader of one never sees the other.",
    (TWICE, SPELLING),
    reading=check,
)
