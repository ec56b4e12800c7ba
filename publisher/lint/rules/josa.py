"""Particles (조사) that do not fit the word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from publisher.lint.manuscript import MOST, Manuscript
from publisher.lint.rule import LintRule
from publisher.lint.sounds import Ending, ending
from publisher.model.problem import Fault, Problem, Severity

WRONG = Fault(
    "lint/josa",
    Severity.WARNING,
    "After “{word}” comes “{right}”, not “{particle}”.",
    "Write “{right}”. What stands in brackets does not count; the word before them is read.",
)
BOTH = Fault(
    "lint/josa-both",
    Severity.HINT,
    "“{particle}” leaves the choice to the reader.",
    "Choose the particle that fits the word before it.",
)

#: Each pair: after a consonant, after a vowel.
_PAIRS = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"))
_AFTER = {particle: pair for pair in _PAIRS for particle in pair}
_MORE = r"(?:도|만|서|써|의|부터|까지|라는|라고|는|커녕)?"
_END = r"(?=[\s\0.,!?…·:;’”」』》〉)\]]|$)"
#: A particle after a bracket, a quotation mark, a digit, a sign or a Latin letter.
_PARTICLE = re.compile(
    r"[)\]’”」』》〉A-Za-z0-9%]((?:으로|로)"
    + _MORE
    + r"|(?:과|와)(?:의|는|도)?|은|는|이|가|을|를)"
    + _END
)
#: Every 28th syllable ends in its vowel; after the others 를 is wrong, whatever they mean.
_OPEN = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))
_AFTER_ALL = re.compile(f"를(?<=[가-힣]를)(?<![{_OPEN}]를)" + _END)
_BOTH = re.compile(
    r"[은는이가을를과와]\((?:은|는|이|가|을|를|과|와)\)|\((?:은|는|이|가|을|를|과|와)\)[은는이가을를과와]|(?<=\S)\(으\)로|은/는|이/가|을/를|와/과"
)
#: One of these stands in whatever ``_BOTH`` finds; most texts have neither mark.
_TRACES = {
    "(": ("(은)", "(는)", "(이)", "(가)", "(을)", "(를)", "(과)", "(와)", "(으)"),
    "/": ("은/는", "이/가", "을/를", "와/과"),
}


def check(manuscript: Manuscript) -> Iterator[Problem]:
    yield from islice(_wrong(manuscript), MOST)
    words = manuscript.words
    if any(mark in words and any(map(words.__contains__, _TRACES[mark])) for mark in _TRACES):
        for spot in manuscript.search(_BOTH):
            yield BOTH.at(spot.place, particle=spot.text)


def _wrong(manuscript: Manuscript) -> Iterator[Problem]:
    words = manuscript.words
    for at, found in sorted(_particles(words)):
        word = _word_before(words, at)
        particle = re.sub(r"(으로|로|과|와)" + _MORE + "$", r"\1", found)
        right = _right(particle, ending(word)) if word else particle
        if right != particle and not _is_part_of_word(word, found):
            yield WRONG.at(
                manuscript.place_at(at, found),
                word=word.split()[-1][-20:],
                right=right,
                particle=particle,
            )


def _particles(words: str) -> Iterator[tuple[int, str]]:
    """Give the particles worth a look, and where each begins."""
    for found in _PARTICLE.finditer(words):
        yield found.start(1), found.group(1)
    for found in _AFTER_ALL.finditer(words):
        before = words[found.start() - 1 : found.start()]
        if "가" <= before <= "힣" and not _is_open(before):
            yield found.start(), found.group()


def _is_open(syllable: str) -> bool:
    """Say whether a syllable ends in its vowel: nearly every 를 stands behind such a one."""
    return (ord(syllable) - 0xAC00) % 28 == 0


def _word_before(words: str, at: int) -> str:
    """Give what is read before a particle: what brackets enclose is passed over."""
    start = max(words.rfind("\0", 0, at) + 1, at - 120)
    before = words[start:at]
    while before.endswith((")", "]")):
        opening = _opening(before)
        if opening < 0:
            return ""
        before = before[:opening].rstrip()
    before = before.rstrip("’”」』》〉")
    # A sentence quoted with its full stop ends in whatever it ends in.
    return before.rstrip(".!?…")[-40:]


def _opening(before: str) -> int:
    depth = 0
    for at in range(len(before) - 1, -1, -1):
        if before[at] in ")]":
            depth += 1
        elif before[at] in "([":
            depth -= 1
            if not depth:
                return at
    return -1


def _right(particle: str, sound: Ending | None) -> str:
    if sound is None:
        return particle
    consonant, vowel = _AFTER[particle]
    if particle in ("으로", "로"):
        return consonant if sound is Ending.CONSONANT else vowel
    return vowel if sound is Ending.VOWEL else consonant


def _is_part_of_word(word: str, particle: str) -> bool:
    """``3가``, ``2로`` are street names, ``가`` and ``이`` after a list mark are not particles."""
    return bool(re.search(r"\d$", word)) and particle in ("가", "로", "이")


RULE = LintRule(
    "을 or 를 is chosen by the sound of the word before, and a bracket hides that word from the writer’s eye: "
    "“마크다운(Markdown)를” is read “마크다운를”.",
    (WRONG, BOTH),
    episode=check,
)
