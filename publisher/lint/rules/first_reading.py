"""Hanja and acronyms that are not read out where they first occur."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript, Spot
from publisher.lint.passages import Part
from publisher.lint.rule import LintRule
from publisher.model.body import Block
from publisher.model.problem import Fault, Problem, Severity

HANJA = Fault(
    "lint/hanja-reading",
    Severity.HINT,
    "“{word}” is written in Hanja without its reading.",
    "Put the Hangul beside it at the first use: 말(言) or 言(언).",
)
ACRONYM = Fault(
    "lint/acronym",
    Severity.HINT,
    "“{word}” is used without saying what it stands for.",
    "Say it at the first use, as in 국제원자력기구(IAEA) or IAEA(국제원자력기구).",
)

_HANJA = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_ACRONYM = re.compile(r"[A-Z]{2,6}")
#: What makes capital letters a part of something longer: a word, an address, a model’s name.
_BEFORE = re.compile(r"[A-Za-z0-9&/.@_#-]")
_AFTER = re.compile(r"[A-Za-z0-9&/@_]|-[A-Za-z0-9]|\.[A-Za-z]")
_HANGUL = re.compile(r"[가-힣]")
#: A word right before that says what sort of thing it is: “연구 기관 METR”, “칩 H100”.
_KIND = re.compile(
    r"(?:기관|단체|회사|기업|업체|연구소|대학|모델|제품|칩|서비스|학회|학술대회|기구|정당|프로그램|규격|형식|방식|기술|언어|"
    r"라이선스|연구진|그룹|위원회|재단|협회|매체|방송|신문|잡지|상표|앱|사이트|도구|시험|지표|상|인|의)[\s‘“]+$"
)
#: What a number follows is a model, an edition or a year of something: RTX 4090, ACL 2024.
_NUMBERED = re.compile(r"[ -]?(?:[가-힣]{1,4} )?\d")
#: What every reader of a Korean newspaper knows.
_KNOWN = (
    "AI IT TV PC CEO CFO CTO COO SNS USB DVD CD DNA RNA GDP GNP EU UN US USA UK IMF WHO FBI CIA NASA NATO OECD "
    "FIFA IOC WTO UFO VIP DJ MC PD FM AM PM BC AD OK NO QR PDF URL HTML CSS API APP GPS LED LCD ATM OTT KBS MBC "
    "SBS JTBC YTN EBS BBC CNN NYT FT WSJ AP AFP LG SK KT KTX SRT CCTV MBTI PR HR ID SF RPG PPT ESG BTS DMZ MIT "
    "MBA JPEG JPG PNG GIF MP ZIP GPU CPU GPT RSS FAQ DIY CG VR AR MZ VS II III IV VI VII VIII IX XI XII ABC XYZ "
    "TODO FIXME TBD TK XXX TOP NEW THE AND FOR NOT"
)
#: Signs that headlines use for countries and parties.
_HEADLINES = "美 中 日 英 佛 獨 露 北 南 韓 與 野 前 現 新 故 女 男"
KNOWN = frozenset((*_KNOWN.split(), *_HEADLINES.split()))


def check(manuscript: Manuscript) -> Iterator[Problem]:
    if manuscript.is_at_home:
        return
    foreign = _foreign_lines(manuscript)
    for pattern, fault in ((_HANJA, HANJA), (_ACRONYM, ACRONYM)):
        met: set[str] = set()
        for spot in manuscript.search(pattern):
            if spot.text in met or spot.text in KNOWN or _is_within(spot, manuscript.words):
                continue
            if _is_foreign(spot, foreign):
                continue
            met.add(spot.text)
            if not _is_read(spot.passage.text, spot):
                yield fault.at(spot.place, word=spot.text)


def _is_within(spot: Spot, words: str) -> bool:
    if not spot.text.isascii():
        return False
    before = words[spot.at - 1 : spot.at] if spot.at else ""
    return bool(_BEFORE.match(before) or _AFTER.match(words, spot.at + len(spot.text)))


def _is_read(text: str, spot: Spot) -> bool:
    """Say whether a bracket explains the word, before it, after it or around it."""
    start, end = spot.offset, spot.offset + len(spot.text)
    after = re.match(r"[’”」』》〉]?\s?[(\[（:=,·-]\s?", text[end:])
    if _KIND.search(text[max(start - 12, 0) : start]) or _NUMBERED.match(text, end):
        return True
    inside = text.rfind("(", 0, start)
    if inside >= 0 and text.find(")", inside) >= end:
        return True
    if after and "(" in after.group():
        return True
    # 言, 말: a heading that gives sign and reading side by side
    return bool(after and _HANGUL.match(text[end + after.end() :])) and bool(
        _HANJA.match(spot.text)
    )


def _foreign_lines(manuscript: Manuscript) -> list[tuple[int, int]]:
    """Give the lines of originals in other languages, which are what they are."""
    blocks = [block for block in manuscript.blocks if block.name == "original"]
    return [(block.line, _last_line(block)) for block in blocks]


def _last_line(block: Block) -> int:
    lines = [child.line for child in block.children]
    return max(lines, default=block.line) + 40 if lines else block.line


def _is_foreign(spot: Spot, lines: list[tuple[int, int]]) -> bool:
    passage = spot.passage
    if passage.part in (Part.ATTRIBUTE, Part.SOURCE):
        return True
    if not _HANGUL.search(passage.text) and len(passage.text) > 12:
        return True
    return any(first <= passage.line <= last for first, last in lines) and not _HANGUL.search(
        passage.text
    )


RULE = LintRule(
    "Not every reader knows every sign or abbreviation, and who listens hears nothing at all where a sign stands "
    "alone. Once read out, it may be used freely.",
    (HANJA, ACRONYM),
    episode=check,
)
