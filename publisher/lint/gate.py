"""The proof that the gate holds: no members' sentence in anything the free audience can get.

It is led over final bytes, never over templates. Words are compared as bare letters and digits,
so that tags, line breaks, quotation marks, entities or a change of case hide nothing:

- a run of ``RUN_HANGUL`` letters (``RUN_LATIN`` where the run is Latin) that a members' passage
  and an artefact share is a leak, also when it is only a piece of a sentence, as a truncated
  excerpt is;
- a shorter sentence, of ``LEAST_HANGUL`` letters and two words or more, is one when it stands whole
  and by itself. What is shorter still cannot be told from chance.

What everybody may read anyway, in the free part of any episode, is no secret.

The search is sound and quick: of every shared run of ``RUN_HANGUL`` letters at least one piece
of ``GRAM`` letters starts at ``a`` in the secret and ``b`` in the artefact with a mod 9 in
{0, 1, 2} and b mod 9 in {0, 3, 6}, since the differences of these make every remainder. So a
third of the pieces is remembered, a third is looked up, and none is missed.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import accumulate
from re import Pattern

from publisher.lint.bare import letters
from publisher.lint.secret import RUN_HANGUL, Secret, enough, sentences_of, tells
from publisher.lint.unwrap import WALL, Artefact, readings
from publisher.model.problem import Fault, Problem, Severity, in_order

LEAK = Fault(
    "gate/leak",
    Severity.ERROR,
    "“{sentence}” is for members only, but the free audience can read it in {artefact}.",
    "Take the sentence out of the free text, or move it out of the members’ part.",
)

GRAM = 12
_STEP = RUN_HANGUL - GRAM + 1
#: Shared letters of which one piece is always both remembered and looked up.
_SURE = GRAM + 2
#: Letters of a shared run that nobody may read elsewhere before it counts as a leak.
_FRESH = 8

#: Secrets whose pieces are remembered: those of an episode are looked for in its neighbours too.
_KNOWN = 2048

#: So many pieces are sooner looked for one by one than every piece of an artefact in a table.
_FEW = 400

#: How far a shared run is followed; longer ones are found piece by piece.
_FAR = 4000

#: Where one sentence, block or attribute ends and another may begin.
#: The marks that may begin one are looked for first, which is quick.
_SEGMENT = re.compile(
    r"[.!?…。？！\"\0=&|\n](?:(?<=[\"\0=&|])"
    r"|(?<=[.!?…。？！])[.!?…。？！]*[”’\"'」』)]*\s"
    r"|(?<=\n)(?:[ \t\r]*\n|[ \t]*(?:[-*•–—>#]|\d+[.)])\s))"
)
#: Where ``_SEGMENT`` takes a number with it; all else it takes is no letter.
_NUMBERED = re.compile(r"\n[ \t]*\d+[.)]\s")
#: A letter that no text uses, so that ends of sentences survive ``letters``.
_END = "ꙮ"


class Gate:
    """All that is behind the gate of a publication, ready to be looked for.

    ``public`` is what everybody may read: ``open_words`` of every episode and series. It is gone
    through once, and only when something is found: a generator costs nothing while the gate holds.
    """

    def __init__(self, behind: Iterable[Secret], public: Iterable[str]) -> None:
        self._secrets = tuple(behind)
        self._public = public
        self._excused: dict[str, bool] = {}
        #: How often something was found, and it was asked whether everybody may read it anyway.
        self.asked = 0

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to look for: then no artefact need be taken apart."""
        return not self._secrets

    @cached_property
    def name(self) -> bytes:
        """Name all that is looked for: equal names find the same in equal words."""
        said = repr([(secret.words, secret.whole) for secret in self._secrets])
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(accumulate((len(s.bare) + 1 for s in self._secrets), initial=0))

    @cached_property
    def _all(self) -> str:
        return "".join(s.bare + WALL for s in self._secrets)

    @cached_property
    def _open(self) -> tuple[str, ...]:
        return tuple(letters(words) for words in self._public)

    @cached_property
    def _grams(self) -> dict[str, int]:
        """Remember where each piece of the secrets begins, a third of all."""
        grams: dict[str, int] = {}
        for start, secret in zip(self._starts, self._secrets, strict=False):
            bare = secret.bare
            for first in (0, 1, 2):
                for at in range(first, len(bare) - GRAM + 1, _STEP):
                    grams.setdefault(bare[at : at + GRAM], start + at)
        return grams

    @cached_property
    def _short(self) -> dict[str, tuple[Secret, str]]:
        """Remember the sentences too short for a run of their own."""
        short: dict[str, tuple[Secret, str]] = {}
        for secret in self._secrets:
            for bare, sentence in () if secret.whole else _short_sentences(secret.words):
                short.setdefault(bare, (secret, sentence))
        return short

    def is_clear(self, several: Iterable[str]) -> bool:
        """Say quickly, and only where it is sure, that there is nothing to be found in some words.

        Whatever ``leaks`` finds holds one of the ``_few`` pieces, one of the ``_short`` sentences or
        one of the short ``_addresses``.
        """
        if self._few is None:
            return False
        bare = "".join(self._marked(words).replace(_END, "") for words in several)
        addresses = (secret.bare for secret, _ in self._addresses)
        return not any(piece in bare for piece in (*self._few, *self._short, *addresses))

    def _marked(self, words: str) -> str:
        """Reduce words to letters, the ends of sentences marked if only because they take some away."""
        if self._short and (_END in words or _NUMBERED.search(words)):
            return letters(_SEGMENT.sub(_END, words))
        return letters(words)

    def leaks(self, words: str) -> Iterator[tuple[Secret, str]]:
        """Find what members alone may read in words that everybody gets."""
        if not self._secrets:
            return
        marked = letters(_SEGMENT.sub(_END, words) if self._short else words)
        told: set[tuple[int, str]] = set()
        found = (*self._runs(marked.replace(_END, "")), *self._whole(marked), *self._led(words))
        for secret, sentence in found:
            if secret.whole and _goes_on(secret.words, words):
                continue
            if (id(secret), sentence) not in told:
                told.add((id(secret), sentence))
                yield secret, sentence

    def _whole(self, marked: str) -> Iterator[tuple[Secret, str]]:
        for bare in marked.split(_END) if self._short else ():
            if bare in self._short and not self._is_open(bare):
                yield self._short[bare]

    @cached_property
    def _addresses(self) -> tuple[tuple[Secret, Pattern[str]], ...]:
        """Remember the addresses that are too short to be found by their pieces."""
        short = (s for s in self._secrets if s.whole and len(s.bare) < _SURE)
        return tuple((s, _address(s.words)) for s in short)

    def _led(self, words: str) -> Iterator[tuple[Secret, str]]:
        """Find where a short address stands, and not only begins as another does."""
        for secret, address in self._addresses:
            if address.search(words) and not self._is_open(secret.bare):
                yield secret, secret.words

    @cached_property
    def _few(self) -> tuple[str, ...] | None:
        """Give pieces of the secrets of which every run that counts holds one whole; None if many."""
        pieces = tuple(
            piece for secret in self._secrets for piece in _pieces(secret.bare, secret.whole)
        )
        return pieces if len(pieces) <= _FEW else None

    def _runs(self, bare: str) -> Iterator[tuple[Secret, str]]:
        if self._few is not None and not any(piece in bare for piece in self._few):
            return
        grams = self._grams
        hits = [
            at
            for first in (0, 3, 6)
            for at in range(first, len(bare) - GRAM + 1, _STEP)
            if bare[at : at + GRAM] in grams
        ]
        passed: dict[int, int] = {}
        told = 0
        for at in sorted(hits):
            if at + GRAM <= told:
                continue  # within a run that was told already
            for secret, first, length, begin in self._matches(bare, at):
                if passed.get(id(secret), -1) >= begin + length:
                    continue
                passed[id(secret)] = begin + length
                run = secret.bare[first : first + length]
                if self._counts(secret, run) and (sentence := self._said(secret, first, run)):
                    told = max(told, begin + length)
                    yield secret, sentence

    def _matches(self, bare: str, at: int) -> Iterator[tuple[Secret, int, int, int]]:
        """Give the longest runs around a hit: secret, start in it, length, start in the text."""
        gram = bare[at : at + GRAM]
        position = self._grams[gram]
        for _ in range(16):
            index = bisect_right(self._starts, position) - 1
            other = self._secrets[index].bare
            a, b = position - self._starts[index], at
            while a > 0 and b > 0 and at - b < _FAR and other[a - 1] == bare[b - 1]:
                a, b = a - 1, b - 1
            end, stop = position - self._starts[index] + GRAM, at + GRAM
            most = min(len(bare), at + _FAR, stop + len(other) - end)
            while stop < most and other[end] == bare[stop]:
                end, stop = end + 1, stop + 1
            yield self._secrets[index], a, end - a, b
            position = self._all.find(gram, position + 1)
            if position < 0:
                return

    @staticmethod
    def _counts(secret: Secret, run: str) -> bool:
        if secret.whole:
            return len(run) == len(secret.bare)
        return len(run) >= enough(run)

    def _said(self, secret: Secret, first: int, run: str) -> str:
        """Give the sentence that a run gives away; none where it says what everybody may read.

        A sentence like an open one but for a number is given away if all of it is there.
        """
        fresh = self._fresh(run)
        if fresh is not None:
            return secret.sentence_at(first + fresh)
        within = secret.sentences_within(first, len(run))
        return next((each for each in within if not self._is_open(letters(each))), "")

    def _fresh(self, run: str) -> int | None:
        """Say at which letter a run says what nobody may read elsewhere; None where none does.

        Of many such letters the one in the middle names the sentence best.
        """
        if self._is_open(run):
            return None
        covered = bytearray(len(run))
        for at in range(len(run) - GRAM + 1):
            if self._is_open(run[at : at + GRAM]):
                covered[at : at + GRAM] = b"\1" * GRAM
        if covered.count(0) < _FRESH:
            return None
        fresh = [at for at, known in enumerate(covered) if not known]
        return fresh[len(fresh) // 2]

    def _is_open(self, bare: str) -> bool:
        self.asked += 1
        known = self._excused.get(bare)
        if known is None:
            known = self._excused[bare] = any(bare in words for words in self._open)
        return known


@lru_cache(maxsize=_KNOWN)
def _pieces(bare: str, whole: bool) -> tuple[str, ...]:
    """Cut a secret into pieces of which every run of it that counts holds one whole."""
    if len(bare) < (GRAM if whole else RUN_HANGUL):
        return ()
    return tuple(bare[at : at + GRAM] for at in range(0, len(bare) - GRAM + 1, _STEP))


@lru_cache(maxsize=_KNOWN)
def _short_sentences(words: str) -> tuple[tuple[str, str], ...]:
    """Give the letters of the sentences too short for a run of their own, and these sentences."""
    found = [(letters(sentence), sentence) for sentence, _ in sentences_of(words)]
    return tuple(
        (bare, sentence)
        for bare, sentence in found
        if len(bare) < enough(bare) and tells(sentence, bare)
    )


def _address(words: str) -> Pattern[str]:
    """Make what finds an address by itself, with or without its last slash."""
    written = re.escape(words.rstrip("/"))
    return re.compile(rf"{written}/?(?![\w/?&=%#-])(?!\.\w)", re.IGNORECASE)


def _goes_on(address: str, words: str) -> bool:
    """Say whether an address is there only as the beginning of others."""
    written = re.compile(re.escape(address.rstrip("/")), re.IGNORECASE)
    return bool(written.search(words)) and not _address(address).search(words)


def prove(
    behind: Iterable[Secret], artefacts: Iterable[Artefact], public: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """Search everything that the free audience can get for what only members may read.

    Each problem stands at the sentence in its episode and names the artefact. None means
    that the gate holds.
    """
    gate = Gate(behind, public)
    return in_order(problem for artefact in artefacts for problem in searched(gate, artefact))


def searched(gate: Gate, artefact: Artefact) -> Iterator[Problem]:
    """Search one artefact, every wrapping of it undone."""
    if gate.is_empty:
        return
    found = tuple(readings(artefact))
    if gate.is_clear(reading.words for reading in found):
        return
    for reading in found:
        for secret, sentence in gate.leaks(reading.words):
            where = f"{artefact.name} ({reading.spot})" if reading.spot else artefact.name
            yield LEAK.at(secret.place(sentence), sentence=shortened(sentence), artefact=where)


def shortened(sentence: str, most: int = 40) -> str:
    """Cut a sentence to what fits a line of a report."""
    sentence = " ".join(sentence.split())
    return sentence if len(sentence) <= most else sentence[: most - 1].rstrip() + "…"
