"""Texts too long for one mail."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

LONG = Fault(
    "lint/length",
    Severity.WARNING,
    "The text alone takes {kilobytes} KB; Gmail cuts a mail at about 100 KB with everything in it.",
    "Consider two episodes, or put a part on the web page only.",
)
TOO_LONG = Fault(
    "lint/too-long",
    Severity.ERROR,
    "The text alone takes {kilobytes} KB: Gmail would cut the mail before its end.",
    "Split it into two episodes.",
)

_WARN, _REFUSE = 60_000, 95_000


def check(manuscript: Manuscript) -> Iterator[Problem]:
    size = len(manuscript.words.encode())
    if size >= _WARN:
        fault = TOO_LONG if size >= _REFUSE else LONG
        yield fault.at(manuscript.episode.place("title"), kilobytes=size // 1000)


RULE = LintRule(
    "Gmail shows about the first 100 KB of a mail and hides the rest behind a link, with the next episode and the link "
    "to unsubscribe. A Hangul syllable takes three bytes.",
    (LONG, TOO_LONG),
    episode=check,
)
