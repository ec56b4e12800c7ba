"""Subject and preheader: the line by which a mail is opened or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.columns import columns
from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

LONG_TITLE = Fault(
    "lint/title-long",
    Severity.WARNING,
    "The title takes {columns} columns; a phone’s inbox shows about 40 (20 Hangul).",
    "Say it in at most {most} columns, or give the mail a shorter subject.",
)
LONG_SUBJECT = Fault(
    "lint/subject-long",
    Severity.WARNING,
    "The subject takes {columns} columns; a phone’s inbox shows about 40 (20 Hangul).",
    "Put the words that matter first and stay within {most} columns.",
)
LABEL = Fault(
    "lint/ad-label",
    Severity.ERROR,
    "“{label}” is no lawful label.",
    "Leave it out and write “kind: ad”: the exact label (광고) is then put at the start of the subject.",
)
LABEL_BY_HAND = Fault(
    "lint/ad-label-by-hand",
    Severity.WARNING,
    "The subject begins with (광고), which is put there by itself.",
    "Leave it out here and write “kind: ad”.",
)
SAME = Fault(
    "lint/preheader-same",
    Severity.WARNING,
    "The preheader repeats the {key}: the inbox shows the same words twice.",
    "Write what the subject leaves open.",
)
LONG_PREHEADER = Fault(
    "lint/preheader-long",
    Severity.HINT,
    "The preheader takes {columns} columns; no inbox shows more than about {most}.",
    "Put the words that matter first, or cut the rest.",
)
NO_PREHEADER = Fault(
    "lint/preheader-missing",
    Severity.HINT,
    "Neither a preheader nor a deck is written: the inbox fills the line by chance.",
    "Write “deck:” or “preheader:”, one sentence that makes the reader open the mail.",
)

_SUBJECT, _TITLE, _PREHEADER = 80, 80, 180
_LABEL = re.compile(
    r"[(\[（［【<〈{]\s*(?:광\s*[^\w\s]?\s*고|AD|ADS?|Advertisement|홍\s*보|廣\s*告)\s*[)\]）］】>〉}]"
    r"|^\s*광고\s*[:：)\]]",
    re.IGNORECASE,
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    episode = manuscript.episode
    key = "subject" if episode.subject else "title"
    subject = episode.subject or episode.title
    wide = columns(subject)
    if key == "subject" and wide > _SUBJECT:
        yield LONG_SUBJECT.at(episode.place(key), columns=wide, most=_SUBJECT)
    if columns(episode.title) > _TITLE and key == "title":
        yield LONG_TITLE.at(episode.place(key), columns=wide, most=_TITLE)
    yield from _labels(manuscript, key, subject)
    yield from _preheader(manuscript, key, subject)


def _labels(manuscript: Manuscript, key: str, subject: str) -> Iterator[Problem]:
    if subject.startswith("(광고)"):
        yield LABEL_BY_HAND.at(manuscript.place_in(key, "(광고)"))
    for found in _LABEL.finditer(subject):
        label = found.group().strip()
        if label != "(광고)" or found.start() > 0:
            yield LABEL.at(manuscript.place_in(key, label), label=label)


def _preheader(manuscript: Manuscript, key: str, subject: str) -> Iterator[Problem]:
    episode = manuscript.episode
    mine = "preheader" if episode.preheader else "deck"
    preheader = episode.preheader or episode.deck
    if not preheader.strip():
        yield NO_PREHEADER.at(episode.place("title"))
        return
    for other, value in ((key, subject), ("title", episode.title)):
        if _bare(preheader) == _bare(value):
            yield SAME.at(episode.place(mine), key=other)
            return
    if (wide := columns(preheader)) > _PREHEADER:
        yield LONG_PREHEADER.at(episode.place(mine), columns=wide, most=_PREHEADER)


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


RULE = LintRule(
    "Sender, subject and preheader are all that a reader sees before choosing. The law wants the label (광고) at the start "
    "of the subject in exactly this form (정보통신망법 시행령 제61조), so it is set by the pipeline and never by hand.",
    (
        LONG_TITLE,
        LONG_SUBJECT,
        LABEL,
        LABEL_BY_HAND,
        SAME,
        LONG_PREHEADER,
        NO_PREHEADER,
    ),
    episode=check,
)
