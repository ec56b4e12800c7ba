"""How words end when they are read aloud in Korean: what a particle after them depends on."""

from __future__ import annotations

import re
from enum import Enum


class Ending(Enum):
    """The last sound of a word: a vowel, ㄹ, another consonant."""

    VOWEL = "vowel"
    RIEUL = "ㄹ"
    CONSONANT = "consonant"


_V, _R, _C = Ending.VOWEL, Ending.RIEUL, Ending.CONSONANT
#: Digits in Sino-Korean reading: 영 일 이 삼 사 오 육 칠 팔 구.
_DIGITS = (_C, _R, _V, _C, _V, _V, _C, _R, _R, _V)
#: Digits that end alike in Sino-Korean and in English reading, as after a Latin name.
_SURE_DIGITS = {"2": _V, "4": _V, "5": _V}
#: Names of Latin letters: 엘 and 알 end in ㄹ, 엠 and 엔 in a consonant, all others in a vowel.
_LETTERS = {"L": _R, "R": _R, "M": _C, "N": _C}
_SIGNS = {"%": _V, "％": _V, "℃": _V, "$": _V, "€": _V, "+": _V, "㎞": _V, "㎏": _C}
_WORDS = {
    **dict.fromkeys(
        [
            "openai",
            "chatgpt",
            "claude",
            "gemini",
            "deepseek",
            "nvidia",
            "meta",
            "tesla",
            "microsoft",
            "llama",
            "alibaba",
            "huawei",
            "netflix",
            "reddit",
            "spotify",
            "wikipedia",
            "perplexity",
            "sora",
            "siri",
            "kakao",
            "naver",
            "facebook",
            "twitter",
            "youtube",
            "baidu",
            "adobe",
            "substack",
        ],
        _V,
    ),
    **dict.fromkeys(["google", "apple", "oracle", "intel", "excel", "mistral", "signal"], _R),
    **dict.fromkeys(
        [
            "amazon",
            "qualcomm",
            "anthropic",
            "markdown",
            "zoom",
            "instagram",
            "telegram",
            "python",
            "linkedin",
            "samsung",
            "pentagon",
        ],
        _C,
    ),
}
_WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*$")
_NUMBER = re.compile(r"\d[\d,.]*$")
_TAIL = re.compile(r"[\s’”」』》〉\]\"'*_]+$")


def ending(text: str) -> Ending | None:
    """Say how a text ends when read aloud; None where people read it differently or nobody knows."""
    text = _TAIL.sub("", text)
    if not text:
        return None
    last = text[-1]
    if "가" <= last <= "힣":
        return _of_syllable(last)
    if last in _SIGNS:
        return _SIGNS[last]
    if number := _NUMBER.search(text):
        return _of_number(text, number)
    if word := _WORD.search(text):
        return _of_latin(word.group())
    return None


def _of_syllable(syllable: str) -> Ending:
    final = (ord(syllable) - 0xAC00) % 28
    if final == 0:
        return _V
    return _R if final == 8 else _C


def _of_number(text: str, number: re.Match[str]) -> Ending | None:
    before = text[: number.start()]
    digit = number.group().rstrip(",.")[-1:]
    if re.search(r"[A-Za-z][- ]?$", before):
        return _SURE_DIGITS.get(digit)
    if before.endswith("."):
        return None
    return _DIGITS[int(digit)] if digit.isdecimal() and digit.isascii() else None


def _of_latin(word: str) -> Ending | None:
    known = _WORDS.get(word.casefold())
    if known:
        return known
    # Longer ones may be read as a word (NATO, METR), so only three letters are spelt for sure.
    capitals = re.search(r"(?:^|(?<=[a-z]))[A-Z]{1,3}$", word)
    return _LETTERS.get(word[-1], _V) if capitals else None
