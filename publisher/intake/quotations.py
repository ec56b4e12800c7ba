"""A person's words: in Korean, in the language they were said in, and who said them where."""

from __future__ import annotations

import re

from publisher.intake.doubt import GUESSED_QUOTE
from publisher.intake.draft import Draft
from publisher.intake.passage import Passage, Shape, attribute, plain

_OPEN, _SHUT = '“"「『«', '”"」』»'
_WHOLE = re.compile(
    rf"^[{_OPEN}](?P<said>[^{_OPEN}{_SHUT}]+(?:[‘'][^’']*[’'][^{_OPEN}{_SHUT}]*)*)[{_SHUT}]$",
    re.DOTALL,
)
_WITH_ORIGINAL = re.compile(
    r"^(?P<said>.+?)[ \\\n]*\((?P<original>[^()]*(?:\([^()]*\)[^()]*)*)\)$", re.DOTALL
)
_ATTRIBUTION = re.compile(r"^(?:[—–―ㅡ]|--?)\s*(?P<who>\S.*)$")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:\s*[.\-/년]\s*\d{1,2}(?:\s*[.\-/월]\s*\d{1,2})?)?\s*[일월년]?\.?$"
)


def take_quote(passages: list[Passage], index: int, draft: Draft) -> tuple[int, str] | None:
    """Read a quotation with its original or its attribution; None where neither stands."""
    passage = passages[index]
    pieces = _pieces(passage)
    if not pieces:
        return None
    taken = 1
    who = ""
    if len(pieces) > 1 and _ATTRIBUTION.match(plain(pieces[-1])):
        who = pieces.pop()
    said, original = _original(pieces)
    if not original and _follows(passages, index + taken, _is_original):
        original = _unbracketed(passages[index + taken].text)
        taken += 1
    if not who and _follows(passages, index + taken, _is_attribution):
        who = passages[index + taken].text
        taken += 1
    if not original and not who:
        return None
    draft.took(*passages[index : index + taken])
    if not who:
        draft.doubt(GUESSED_QUOTE, plain(said)[:60])
    return taken, _block(said, original, attribution(plain(who)))


def _pieces(passage: Passage) -> list[str]:
    """Give the paragraphs of something that can be a quotation, else none."""
    if passage.shape is Shape.QUOTE:
        text = re.sub(r"\\?\n(?=\s*(?:\\?[—–―-]{1,2}|ㅡ)\s*\S)", "\n\n", passage.text)
        return [piece.strip() for piece in re.split(r"\n\s*\n", text) if piece.strip()]
    if passage.shape is not Shape.PARAGRAPH or passage.plain[:1] not in _OPEN:
        return []
    lines = re.split(r"\\?\n", passage.text)
    said = _WITH_ORIGINAL.match(passage.text)
    whole = _WHOLE.match(plain(lines[0] if len(lines) > 1 else passage.text))
    if whole or (said and _is_foreign(said["original"]) and _WHOLE.match(plain(said["said"]))):
        return [line.strip() for line in lines if line.strip()]
    return []


def _original(pieces: list[str]) -> tuple[str, str]:
    """Part the Korean from its original in brackets."""
    if len(pieces) > 1 and _is_foreign(_unbracketed(pieces[-1])):
        return _unquoted("\n\n".join(pieces[:-1])), _unquoted(_unbracketed(pieces[-1]))
    whole = "\n\n".join(pieces)
    found = _WITH_ORIGINAL.match(whole)
    if found and _is_foreign(found["original"]):
        return _unquoted(found["said"]), _unquoted(found["original"])
    return _unquoted(whole), ""


def _unbracketed(text: str) -> str:
    text = text.strip()
    if text.startswith(("(", "\\(")) and text.endswith(")"):
        text = text.removeprefix("\\").removeprefix("(").removesuffix(")").removesuffix("\\")
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] in _OPEN and text[-1] in _SHUT:
        inner = text[1:-1]
        if not any(mark in inner for mark in _OPEN + _SHUT):
            return inner.strip()
    return text


def _is_foreign(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    hangul = sum("가" <= c <= "힣" for c in letters)
    return len(letters) >= 8 and hangul * 4 < len(letters)


def _follows(passages: list[Passage], index: int, is_it: object) -> bool:
    return index < len(passages) and callable(is_it) and bool(is_it(passages[index]))


def _is_original(passage: Passage) -> bool:
    text = passage.text.strip()
    return (
        passage.shape is Shape.PARAGRAPH
        and text.startswith(("(", "\\("))
        and text.endswith(")")
        and _is_foreign(_unbracketed(text))
    )


def _is_attribution(passage: Passage) -> bool:
    line = passage.plain
    return (
        passage.shape is Shape.PARAGRAPH
        and len(line) <= 120
        and _ATTRIBUTION.match(line) is not None
    )


def attribution(line: str) -> dict[str, str]:
    """Read ``— name, role (source, date)`` into its parts."""
    found = _ATTRIBUTION.match(line)
    if not found:
        return {}
    who, inside = found["who"].strip(), ""
    bracket = re.match(r"^(?P<who>.*?)\s*\((?P<inside>[^()]*)\)\s*$", who)
    if bracket and bracket["who"]:
        who, inside = bracket["who"], bracket["inside"]
    parts = [part.strip() for part in re.split(r"\s*[,·|]\s*", inside) if part.strip()]
    date = next((part for part in parts if _DATE.fullmatch(part)), "")
    source = ", ".join(part for part in parts if part is not date)
    name, _, role = who.partition(",")
    return {"by": name.strip(), "role": role.strip(), "source": source, "date": date}


def language_of(text: str) -> str:
    """Name the language of an original by its script: good for a screen reader, not for more."""
    if re.search(r"[\u3040-\u30ff]", text):
        return "ja"
    if re.search(r"[\u4e00-\u9fff]", text):
        return "zh"
    if re.search(r"[\u0400-\u04ff]", text):
        return "ru"
    return "en"


def _block(said: str, original: str, who: dict[str, str]) -> str:
    inside = " ".join(f"{key}={attribute(value)}" for key, value in who.items() if value)
    opening = f"인용 {{{inside}}}" if inside else "인용"
    if not original:
        return f"::: {opening}\n{said}\n:::"
    return f":::: {opening}\n{said}\n\n::: 원문 {{lang={language_of(original)}}}\n{original}\n:::\n::::"
