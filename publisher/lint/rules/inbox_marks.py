"""Marks in the lines an inbox shows that not every program prints as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

EMOJI = Fault(
    "lint/subject-emoji",
    Severity.HINT,
    "The subject holds an emoji ({emoji}): older Outlook and some Korean inboxes draw an empty box.",
    "See that the line says all without it, and never put it last, where it is cut off first.",
)
BRACKETS = Fault(
    "lint/subject-brackets",
    Severity.WARNING,
    "“{words}” in “{key}” looks like an HTML tag: some previews and feed readers leave it out.",
    "Write 〈{inner}〉 for a single work, 《{inner}》 for a book or a newspaper.",
)
QUOTES = Fault(
    "lint/subject-quotes",
    Severity.HINT,
    "{words} in “{key}” has typewriter quotation marks; some inboxes print &quot; or &#39; for them.",
    "Write {better}.",
)

_LINES = ("title", "subject", "deck", "preheader")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u203c\u2049]"
    "(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\U0001f000-\U0001faff\u2600-\u27bf])*"
)
_BRACKETS = re.compile(r"<([^<>]{1,60})>")
#: An apostrophe inside a word and inches behind a number are no quotation.
_QUOTES = re.compile(r"(?<![\w])([\"'])(?=\S)([^\"']{1,80}?)(?<=\S)\1")
_CURLY = {'"': "“{}”", "'": "‘{}’"}


def check(manuscript: Manuscript) -> Iterator[Problem]:
    episode = manuscript.episode
    key = "subject" if episode.subject else "title"
    if found := _EMOJI.search(episode.subject or episode.title):
        yield EMOJI.at(manuscript.place_in(key, found.group()), emoji=found.group())
    for name, value in manuscript.fields:
        if name in _LINES:
            yield from _marks(manuscript, name, value)


def _marks(manuscript: Manuscript, key: str, value: str) -> Iterator[Problem]:
    for found in _BRACKETS.finditer(value):
        words, inner = found.group(), found.group(1).strip()
        place = manuscript.place_in(key, words)
        yield BRACKETS.at(place, key=key, words=words, inner=inner)
    for found in _QUOTES.finditer(value):
        words, better = found.group(), _CURLY[found.group(1)].format(found.group(2))
        yield QUOTES.at(manuscript.place_in(key, words), key=key, words=words, better=better)


RULE = LintRule(
    "A title travels through mail programs, previews, notifications and feed readers that each escape it once more or "
    "once less. Curly quotation marks, 〈 〉 and 《 》 are letters like any other and arrive everywhere.",
    (EMOJI, BRACKETS, QUOTES),
    episode=check,
)
