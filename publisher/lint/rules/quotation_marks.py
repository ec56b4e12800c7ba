"""Quotation marks and brackets that are opened and not closed, or closed and never opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from publisher.lint.manuscript import MOST, Manuscript, Spot
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

OPEN = Fault(
    "lint/quote-open",
    Severity.WARNING,
    "“{mark}” is opened here and not closed in this paragraph.",
    "Put “{partner}” where it ends.",
)
CLOSE = Fault(
    "lint/quote-close",
    Severity.WARNING,
    "“{mark}” closes something that was never opened.",
    "Put “{partner}” where it begins, or take this one out.",
)

_PAIRS = {
    "‘": "’",
    "“": "”",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "(": ")",
    "[": "]",
}
_PARTNER = {close: opening for opening, close in _PAIRS.items()}
_MARK = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_PARTNER)) + "\\0]")
#: Marks one inside another; what is deeper is not language.
_DEEPEST = 20
#: ’ as an apostrophe: won’t, editors’ house, ’24, rock ’n’ roll.
_LETTER = re.compile(r"[A-Za-zÀ-ÿ0-9]")


def check(manuscript: Manuscript) -> Iterator[Problem]:
    return islice(_check(manuscript), MOST)


def _check(manuscript: Manuscript) -> Iterator[Problem]:
    waiting: list[Spot] = []
    words = manuscript.words
    for found in _MARK.finditer(words):
        mark, at = found.group(), found.start()
        if mark == "\0":
            yield from _never_closed([spot for spot in waiting if not _goes_on(spot, words, at)])
            waiting = []
        elif mark in _PAIRS:
            if len(waiting) == _DEEPEST:
                yield from _never_closed([waiting.pop(0)])
            waiting.append(Spot(manuscript, at, mark))
        elif waiting and waiting[-1].text == _PARTNER[mark]:
            waiting.pop()
        elif _is_something_else(mark, words, at):
            continue
        elif any(spot.text == _PARTNER[mark] for spot in waiting):
            while waiting[-1].text != _PARTNER[mark]:
                yield from _never_closed([waiting.pop()])
            waiting.pop()
        else:
            yield CLOSE.at(manuscript.place_at(at, mark), mark=mark, partner=_PARTNER[mark])
    yield from _never_closed(waiting)


def _never_closed(waiting: list[Spot]) -> Iterator[Problem]:
    for spot in waiting:
        yield OPEN.at(spot.place, mark=spot.text, partner=_PAIRS[spot.text])


def _goes_on(spot: Spot, words: str, at: int) -> bool:
    """Say whether the next paragraph takes a speech up: it opens anew, and the last one closes."""
    return spot.text in "“‘" and words[at : at + 8].lstrip("\0 \n")[:1] == spot.text


def _is_something_else(mark: str, words: str, at: int) -> bool:
    return (mark == "’" and _is_apostrophe(words, at)) or (
        mark in ")]" and _is_numbering(words, at)
    )


def _is_apostrophe(words: str, at: int) -> bool:
    before, after = words[at - 1 : at], words[at + 1 : at + 2]
    return bool(_LETTER.match(before) or _LETTER.match(after))


def _is_numbering(words: str, at: int) -> bool:
    """``1)``, ``가)`` and ``a)`` at the start of a line or after a space count things."""
    return bool(re.search(r"(?:^|[\s\0])(?:\d{1,3}|[가-힣A-Za-z])$", words[max(at - 4, 0) : at]))


RULE = LintRule(
    "A quotation that does not end leaves the reader unsure who speaks. Korean text keeps ‘ ’ for emphasis, “ ” for "
    "speech, 「 」 and 《 》 for works: each needs its partner in the same paragraph. A speech of several paragraphs opens each and closes the last.",
    (OPEN, CLOSE),
    episode=check,
)
