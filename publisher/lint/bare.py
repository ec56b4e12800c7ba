"""Words reduced to what a leak cannot change: their letters and digits, in one case and form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from publisher.lint.unwrap import WALL

_LETTERS = re.compile(r"[^\W_]+")
#: What stands between words in the tags of markup, beside spaces.
_MARKS = ("=", "/")
#: Words remembered, and how long such a word may be.
_VOCABULARY, _LONG = 20_000, 50


class _Bare(dict[str, str]):
    """Words reduced to their letters: what a reader can get says the same words over and over."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _VOCABULARY:
            self.clear()
        found = "".join(_LETTERS.findall(unicodedata.normalize("NFKC", word).casefold()))
        if len(word) < _LONG:
            self[word] = found
        return found


_bare = _Bare()


def letters(text: str) -> str:
    """Reduce words to what a leak cannot change: letters and digits, in one case and form."""
    return "".join(map(_block, text.split(WALL)) if WALL in text else (_letters(text),))


def _letters(text: str) -> str:
    for mark in _MARKS:
        text = text.replace(mark, " ")
    # No form of a letter depends on what stands beyond a space.
    return "".join(map(_bare.__getitem__, text.split()))


#: Mail, page and feed say the same, block by block.
_block = lru_cache(maxsize=1024)(_letters)
