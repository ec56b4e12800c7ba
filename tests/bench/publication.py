"""A publication of any size, the same bytes every time: food for benchmarks and load tests."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

WORDS = (
    "편집자",
    "독자",
    "기계",
    "문장",
    "질문",
    "대답",
    "신호",
    "소음",
    "도시",
    "학교",
    "병원",
    "법원",
    "의회",
    "시장",
    "공장",
    "전력",
    "반도체",
    "모델",
    "자료",
    "번역",
    "검색",
    "기억",
    "침묵",
    "약속",
    "책임",
    "설명",
    "기준",
    "합의",
    "논쟁",
    "증거",
    "숫자",
    "지도",
    "경계",
    "노동",
    "임금",
    "계약",
    "권리",
    "얼굴",
    "목소리",
    "이름",
    "어제",
    "내일",
    "아침",
    "저녁",
    "여름",
    "겨울",
    "골목",
    "광장",
    "종이",
    "화면",
    "손글씨",
    "편지",
    "봉투",
    "우표",
    "활자",
    "여백",
    "제목",
    "단락",
    "각주",
    "인용",
)
ENDINGS = (
    "이다",
    "라고 말했다",
    "는 뜻이다",
    "지 않았다",
    "기 시작했다",
    "을까",
    "었다",
    "는 중이다",
)
#: Each after a consonant and after a vowel, so that the check has as little to say as in life.
PARTICLES = (("은", "는"), ("이", "가"), ("을", "를"), ("에", "에"), ("에서", "에서"), ("의", "의"))
TAGS = ("AI", "노동", "교육", "법", "전력", "반도체", "언어", "의료")

SERIES = """\
title = "느린 연재"
description = "길이를 재기 위한 연재"
intro = "매주 한 편씩, **천천히** 읽습니다."
language = "ko"
byline = "편집부"
tags = ["느린 연재"]
footer = "읽어 주셔서 고맙습니다."

[cadence]
weekday = "fri"
at = "17:00"
timezone = "Asia/Seoul"
start = {start}
"""


def with_particle(word: str, chance: random.Random) -> str:
    """Put a particle behind a word, the form that its last sound asks for."""
    after_consonant, after_vowel = chance.choice(PARTICLES)
    return word + (after_consonant if (ord(word[-1]) - 0xAC00) % 28 else after_vowel)


def sentence(chance: random.Random) -> str:
    """Make one sentence of eight to sixteen words."""
    words = [with_particle(chance.choice(WORDS), chance) for _ in range(chance.randint(7, 15))]
    return " ".join([*words, chance.choice(WORDS) + chance.choice(ENDINGS)]) + "."


def paragraph(chance: random.Random, characters: int) -> str:
    """Make a paragraph of at least so many characters, with a word in bold."""
    text = sentence(chance)
    while len(text) < characters:
        text += " " + sentence(chance)
    bold = chance.choice(WORDS)
    return text.replace(bold, f"**{bold}**", 1)


def episode(number: int, characters: int, *, gated: bool, published: date | None = None) -> str:
    """Write one episode of about so many characters: sections, a list, a quote, a footnote."""
    chance = random.Random(number)
    title = f"{chance.choice(WORDS)}의 {chance.choice(WORDS)}, {number}번째"
    head = [
        "---",
        f"title: {title}",
        f"deck: {sentence(chance)[:60]}",
        "status: ready",
        f"tags: [{', '.join(chance.sample(TAGS, 3))}]",
        f"teaser: {sentence(chance)[:80]}",
    ]
    if published:
        head.append(f"publish_at: {published} 17:00")
    parts = [*head, "---", ""]
    written = 0
    section = 0
    while written < characters:
        section += 1
        block = [f"## {section}. {chance.choice(WORDS)}과 {chance.choice(WORDS)}", ""]
        block += [paragraph(chance, 320), "", paragraph(chance, 320), ""]
        if section == 1:
            block += [
                "::: signs",
                "변화",
                f": {sentence(chance)}",
                "징후",
                f": {sentence(chance)}",
                ":::",
                "",
            ]
        if section == 2:
            block += [f"- {sentence(chance)}" for _ in range(3)] + [""]
        if section == 3:
            block += [f"> {sentence(chance)}", "", f"각주가 붙은 문장이다[^{section}].", ""]
            block += [f"[^{section}]: {sentence(chance)}", ""]
        parts += block
        written += sum(len(line) for line in block)
    if gated:
        parts += ["::: members", "## 회원에게", "", paragraph(chance, 300), ":::", ""]
    parts += ["::: thought", sentence(chance), ":::", ""]
    return "\n".join(parts)


def write(
    root: Path, episodes: int, characters: int = 6_000, *, first: date = date(2005, 1, 7)
) -> Path:
    """Write a whole publication: one series of so many episodes, every tenth partly gated."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "config.toml").write_text(
        '[publication]\nname = "느린 신호"\nurl = "https://slow-signal.example"\n'
        '[sender]\naddress = "letter@slow-signal.example"\n'
        '[law]\ncontact = "editor@slow-signal.example"\npostal_address = "서울"\n',
        encoding="utf-8",
    )
    folder = root / "episodes" / "slow"
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("series.toml").write_text(SERIES.format(start=first), encoding="utf-8")
    for number in range(1, episodes + 1):
        day = first + timedelta(weeks=number - 1)
        name = folder / f"{number:04d}-{WORDS[number % len(WORDS)]}.md"
        text = episode(number, characters, gated=number % 10 == 0, published=day)
        name.write_text(text, encoding="utf-8")
    return root
