"""Characters that nobody sees and every program treats differently."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from publisher.lint.manuscript import MOST, Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Place, Problem, Severity

INVISIBLE = Fault(
    "lint/invisible-character",
    Severity.WARNING,
    "An invisible character ({name}) stands here.",
    "Delete it and type the words around it anew if need be; it often comes along when text is pasted.",
)
REPLACED = Fault(
    "lint/lost-character",
    Severity.ERROR,
    "A character was lost here (�) when the text was converted.",
    "Type the lost character again.",
)
PRIVATE = Fault(
    "lint/private-character",
    Severity.ERROR,
    "The character here ({name}) exists only in one program’s own font; readers see an empty box.",
    "Replace it with an ordinary character; word processors leave such ones for bullets.",
)
JAMO = Fault(
    "lint/loose-jamo",
    Severity.WARNING,
    "Loose Hangul letters (“{letters}”) stand here that form no syllable.",
    "Type the syllable again: this is what a broken file name or a half-finished input leaves.",
)

_ALONE = "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\u3164\uffa0\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd"
_STRANGE = re.compile(f"[{_ALONE}]|[\u1100-\u11ff]+")
#: Whether there is any; a search for one of a set is many times as fast.
_ANY = re.compile(f"[{_ALONE}\u1100-\u11ff]")
#: What a zero-width joiner may hold together.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def check(manuscript: Manuscript) -> Iterator[Problem]:
    text = manuscript.text
    if not _ANY.search(text.text):
        return
    for found in islice(_STRANGE.finditer(text.text), MOST):
        place = Place(manuscript.episode.path, *text.spot(found.start()))
        character = found.group()[0]
        if character == "\u200d" and _EMOJI.match(text.text[found.start() - 1 : found.start()]):
            continue
        if character == "\ufffd":
            yield REPLACED.at(place)
        elif unicodedata.category(character) == "Co":
            yield PRIVATE.at(place, name=f"U+{ord(character):04X}")
        elif "\u1100" <= character <= "\u11ff" and character not in "\u115f\u1160":
            yield JAMO.at(place, letters=found.group())
        else:
            yield INVISIBLE.at(place, name=f"U+{ord(character):04X}")


RULE = LintRule(
    "What is pasted from a word processor, a web page or a chat brings along characters without a shape. They break "
    "words in odd places, hide from search, and show as boxes in some inboxes.",
    (INVISIBLE, REPLACED, PRIVATE, JAMO),
    episode=check,
)
