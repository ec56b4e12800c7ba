"""The name that somebody meant who wrote another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_ENOUGH = 0.6


def nearest(word: str, names: Iterable[str]) -> str:
    """Find the known name nearest to a word, or nothing if none is near.

    Hangul is compared letter by letter (자모), because a typing slip changes one letter of a
    syllable and not the whole of it.
    """
    wanted = _letters(word)[:64]
    best, score = "", _ENOUGH
    for name in names:
        likeness = SequenceMatcher(None, wanted, _letters(name), autojunk=False).ratio()
        if likeness > score:
            best, score = name, likeness
    return best


def _letters(word: str) -> str:
    return unicodedata.normalize("NFD", word[:64]).casefold().replace("-", "_")
