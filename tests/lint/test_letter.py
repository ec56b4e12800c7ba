"""The checker over final messages: one seeded fault, one code; none on a good letter."""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from publisher.lint import letter, wire
from publisher.lint.letter import Expected, copy, inbox, octets, parts
from publisher.model.edition import Placeholder
from publisher.translation import message_of, remedy_of
from tests.lint.letters import HEADERS, PREHEADER, SIGNED, SUBJECT, TEXT, Letter, word

GOOD = Letter()
LETTER = Expected(subject=SUBJECT, preheader=PREHEADER, advertising=False)
OWED = ("느린 신호", "hello@slow.kr", "서울 종로구 1")
AD = Expected(subject=f"(광고) {SUBJECT}", preheader=PREHEADER, advertising=True, owed=OWED)


def ad() -> Letter:
    return GOOD.header("Subject", f"{word('(광고) ' + SUBJECT[:9])}\r\n {word(SUBJECT[9:])}")


def raw(change: Callable[[bytes], bytes]) -> Callable[[Letter], bytes]:
    return lambda good: change(good.octets)


def swapped(old: bytes, new: bytes) -> Callable[[Letter], bytes]:
    def change(octets: bytes) -> bytes:
        assert old in octets
        return octets.replace(old, new)

    return raw(change)


@pytest.mark.parametrize("signer", ["slow.kr", "SLOW.KR", "mail.slow.kr"])
def test_a_signature_of_the_senders_organisation_is_aligned(signer: str) -> None:
    tags = f"a=rsa-sha256; c=relaxed/relaxed; d={signer}; h={SIGNED}; b=B"

    assert letter.check(GOOD.header("DKIM-Signature", tags).octets, expected=LETTER) == ()


def test_two_firms_under_one_suffix_are_not_one_organisation() -> None:
    tags = f"a=rsa-sha256; c=relaxed/relaxed; d=one.co.kr; h={SIGNED}; b=B"
    other = GOOD.header("DKIM-Signature", tags).header("From", "<a@two.co.kr>")

    assert [p.code for p in letter.check(other.octets)] == ["letter/dkim-align"]


def test_a_letter_from_elsewhere_that_is_too_large_says_what_its_octets_go_to() -> None:
    heavy = GOOD.swap("<h2>", f"<p>{LONG * 7000}</p><h2>").octets

    (found,) = (p for p in letter.check(heavy) if p.code == "letter/html-too-large")

    assert dict(found.details)["most"].startswith("text (105.")
    for language in ("ko", "en"):
        assert " KB" in message_of(found, language)
        assert "102 KB" in message_of(found, language)
        assert "100 KB" in remedy_of(found, language)


@dataclass(frozen=True)
class Seed:
    """A fault, how it is put into a good letter, and what it brings along."""

    code: str
    spoil: Callable[[Letter], Letter | bytes]
    also: tuple[str, ...] = ()
    expected: Expected = LETTER
    good: Letter = GOOD


def dkim(tags: str) -> Callable[[Letter], Letter]:
    return lambda good: good.header("DKIM-Signature", tags)


def eightbit(data: bytes) -> tuple[str, bytes]:
    return "8bit", data.replace(b"\n", b"\r\n")


def quoted(data: bytes) -> tuple[str, bytes]:
    return "quoted-printable", quopri.encodestring(data).replace(b"\n", b"\r\n")


#: Fifteen octets each.
LONG = "긴 글이다. "
SEEDS = (
    # 1: List-Unsubscribe
    Seed(
        "letter/unsubscribe-encoded",
        lambda g: g.header("List-Unsubscribe", word("<https://slow.kr/u/A>")),
    ),
    Seed("letter/unsubscribe-missing", lambda g: g.header("List-Unsubscribe", None)),
    Seed("letter/unsubscribe-form", lambda g: g.header("List-Unsubscribe", "https://slow.kr/u/A")),
    Seed(
        "letter/unsubscribe-form",
        lambda g: g.header("List-Unsubscribe", "<https://slow.kr/\r\n u/A>"),
    ),
    Seed(
        "letter/unsubscribe-form", lambda g: g.header("List-Unsubscribe", "<mailto:leave@slow.kr>")
    ),
    Seed("letter/one-click", lambda g: g.header("List-Unsubscribe-Post", "One-Click")),
    # 4: DKIM
    Seed(
        "letter/dkim-cover",
        dkim(
            f"a=rsa-sha256; c=relaxed/relaxed; h={SIGNED.replace('list-unsubscribe-post:', '')}; b=B"
        ),
    ),
    Seed(
        "letter/dkim-oversign",
        dkim(
            f"a=rsa-sha256; c=relaxed/relaxed; h={SIGNED.replace('subject:subject', 'subject')}; b=B"
        ),
    ),
    Seed("letter/dkim-form", dkim(f"a=rsa-sha256; c=relaxed/relaxed; l=120; h={SIGNED}; b=B")),
    Seed("letter/dkim-form", dkim(f"a=rsa-sha256; c=simple/simple; h={SIGNED}; b=B")),
    Seed(
        "letter/dkim-align",
        dkim(f"a=rsa-sha256; c=relaxed/relaxed; d=relay.example; h={SIGNED}; b=B"),
    ),
    # 5: lines
    Seed(
        "letter/line-too-long",
        lambda g: replace(g, encode=eightbit).say("문장이었습니다.", "문장" * 200),
        also=("letter/encoding",),
    ),
    Seed("letter/line-end", swapped(b"Precedence: bulk\r\n", b"Precedence: bulk\n")),
    Seed("letter/line-end", swapped(b"Precedence: bulk\r\n", b"Precedence: bulk\r")),
    Seed(
        "letter/base64-line",
        lambda g: replace(g, encode=lambda d: ("base64", _on_lines(d, 120))),
    ),
    Seed(
        "letter/base64-broken",
        lambda g: replace(g, encode=lambda d: ("base64", _on_lines(d, 76)[:-5] + b"\r\n")),
    ),
    # 6: the subject
    Seed("letter/subject-differs", lambda g: g.header("Subject", word(SUBJECT.replace(" ", "")))),
    Seed(
        "letter/word-glued",
        lambda g: g.header("Subject", word(SUBJECT[:14]) + word(SUBJECT[14:])),
    ),
    Seed("letter/word-too-long", lambda g: g.header("Subject", word(SUBJECT))),
    Seed("letter/word-split", lambda g: g.header("Subject", _cut_inside_a_letter())),
    Seed("letter/header-not-ascii", lambda g: g.header("Subject", SUBJECT)),
    Seed(
        "letter/header-control",
        lambda g: g.header("List-Id", f"{word('느린' + chr(0x85))} <weekly.slow.kr>"),
    ),
    # 7: single headers
    *(
        Seed("letter/header-twice", lambda g, n=name, v=value: g.more(n, v))  # type: ignore[misc]  # bound per loop
        for name, value in HEADERS
        if name in ("From", "Reply-To", "Date", "Subject", "To", "Message-ID", "List-Unsubscribe")
    ),
    *(
        Seed("letter/header-missing", lambda g, n=name: g.header(n, None))  # type: ignore[misc]  # bound per loop
        for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")
    ),
    Seed(
        "letter/header-form",
        lambda g: g.header("Feedback-ID", "ep87:free:weekly:slowletters\r\nBroken"),
    ),
    Seed("letter/date", lambda g: g.header("Date", "2026-11-27 17:00")),
    Seed("letter/message-id", lambda g: g.header("Message-ID", "<ep87 free@slow.kr>")),
    Seed("letter/address", lambda g: g.header("From", "<hello@=?utf-8?b?7ZWc6riA?=.kr>")),
    Seed("letter/list-id", lambda g: g.header("List-Id", "weekly")),
    Seed("letter/list-post", lambda g: g.more("List-Post", "<mailto:list@slow.kr>")),
    Seed("letter/feedback-id", lambda g: g.header("Feedback-ID", "a:b:c:abc")),
    Seed("letter/feedback-id", lambda g: g.header("Feedback-ID", None)),
    # 8: clipping
    Seed("letter/html-large", lambda g: g.swap("<h2>", f"<p>{LONG * 5600}</p><h2>")),
    Seed("letter/html-too-large", lambda g: g.swap("<h2>", f"<p>{LONG * 7000}</p><h2>")),
    Seed("letter/wire-large", lambda g: g.swap("<h2>", f"<p>{LONG * 5150}</p><h2>"), expected=LETTER),
    Seed(
        "letter/numeric-references",
        lambda g: g.swap("문장이었습니다", "".join(f"&#{ord(c)};" for c in "문장이었습니다" * 10)),
    ),
    # 10: images
    Seed("letter/image-size", lambda g: g.swap('width="544" height="306"', 'width="100%" height="auto"')),
    Seed("letter/image-size", lambda g: g.swap('width="544"', 'width="1200"')),
    Seed("letter/image-alt", lambda g: g.swap(' alt="두 탑"', "")),
    Seed("letter/image-source", lambda g: g.swap("https://slow.kr/87/chart.png", "chart.png")),
    Seed("letter/image-source", lambda g: g.swap("https://slow.kr/87/chart.png", "http://slow.kr/c.png")),
    Seed("letter/image-format", lambda g: g.swap("chart.png", "chart.webp")),
    # 11, 12, 13: style sheets
    Seed("letter/style-large", lambda g: replace(g, style=g.style + ".x { margin: 0 }\n" * 1000)),
    Seed("letter/style-braces", lambda g: g.dress("} }", "}"), ),
    Seed(
        "letter/style-nested",
        lambda g: g.dress("@media (max-width: 599px) {", "@media screen { @media (max-width: 599px) {").dress("16px !important; text-wrap: balance; } }", "16px !important; } } }"),
    ),
    Seed("letter/style-important", lambda g: g.dress("#171614 !important", "#171614")),
    Seed("letter/style-important", lambda g: g.dress("16px !important", "16px")),
    Seed("letter/dark-missing", lambda g: g.swap('<meta name="color-scheme" content="light dark">', "")),
    Seed("letter/dark-missing", lambda g: g.dress("prefers-color-scheme: dark", "min-width: 1px")),
    Seed("letter/dark-twin", lambda g: g.swap("<h2>", '<h2 class="x" style="color:#5c574f">')),
    Seed("letter/dark-twin", lambda g: g.swap("<h2>", '<h2 class="x" style="background-color:#f2efe7">')),
    Seed("letter/pure-colour", lambda g: g.swap("#fbfaf6;color:#1f1d1a", "#ffffff;color:#1f1d1a")),
    Seed("letter/remote-style", lambda g: replace(g, style="@import url(https://x.kr/a.css);\n" + g.style)),
    Seed("letter/remote-style", lambda g: g.swap("<title>", '<link rel="stylesheet" href="https://x.kr/a.css"><title>')),
    # 14: placeholders
    *(
        Seed("letter/placeholder", lambda g, t=left: g.swap("<h2>숫자", f"<h2>{t}"))  # type: ignore[misc]  # bound per loop
        for left in ("{{ name }}", "{% if x %}", "%%NAME%%", "*|FNAME|*", "None", "undefined")
    ),
    Seed("letter/placeholder", lambda g: g.swap("kosis.kr/report", "kosis.kr/%7B%7Btoken%7D%7D")),
    Seed("letter/placeholder", lambda g: g.swap("kosis.kr/report", "kosis.kr/None/report")),
    Seed("letter/placeholder", lambda g: g.say("87화", "{{ number }}화")),
    Seed("letter/placeholder", lambda g: g.swap("Abc_-123", Placeholder.LEAVE)),
    Seed("letter/placeholder", lambda g: g.header("To", Placeholder.ADDRESS)),
    # 16: preheader
    Seed("letter/preheader", lambda g: g.swap("하루에 사라진 것은 무엇이었을까요.", "웹에서 보기")),
    Seed("letter/preheader", lambda g: g.swap("하루에 사라진 것은 무엇이었을까요.", "https://slow.kr/87"), expected=Expected()),
    # 19: answers of machines
    *(
        Seed("letter/auto-submitted", lambda g, n=name: g.header(n, None))  # type: ignore[misc]  # bound per loop
        for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence")
    ),
    # 20: law and access
    Seed("letter/ad-label", lambda g: g, expected=replace(AD, subject=None)),
    Seed("letter/ad-form", lambda g: g.header("Subject", f"{word('[광고] ' + SUBJECT[:9])}\r\n {word(SUBJECT[9:])}"), also=("letter/ad-label",), expected=replace(AD, subject=None)),
    Seed("letter/ad-unasked", lambda g: ad(), expected=replace(LETTER, subject=None)),
    Seed("letter/ad-footer", lambda g: g.swap("서울 종로구 1", ""), expected=AD, good=ad()),
    Seed("letter/ad-footer", lambda g: g.say("수신거부(Unsubscribe)", "수신거부"), expected=AD, good=ad()),
    Seed("letter/leave-link", lambda g: g.swap('<a href="https://slow.kr/u/Abc_-123">수신거부(Unsubscribe)</a>', "")),
    Seed("letter/leave-link", lambda g: replace(g, text=TEXT.replace("https://slow.kr/u/Abc_-123", "누리집에서"))),
    Seed("letter/lang", lambda g: g.swap('<html lang="ko" dir="ltr">', "<html>")),
    Seed("letter/lang", lambda g: g.swap(' lang="ko" dir="ltr">\n<table', ' lang="ko">\n<table')),
    Seed("letter/title", lambda g: g.swap("<title>느린 신호</title>", "")),
    Seed("letter/headings", lambda g: g.swap("<h2>숫자</h2>", "<h1>숫자</h1>")),
    Seed("letter/headings", lambda g: g.swap("<h2>숫자</h2>", "<h4>숫자</h4>")),
    Seed("letter/table-role", lambda g: g.swap('<table role="presentation" width="100%">', "<table>").swap('<th scope="col">해</th>', "<td>해</td>").swap("<table><tr><td>해", '<table role="presentation"><tr><td>해')),
    Seed("letter/link-text", lambda g: g.swap("2024년 통계청 보고서", "여기")),
    Seed("letter/small-text", lambda g: g.swap("<h2>숫자", '<p style="font-size:9px">작은 글</p><h2>숫자')),
    # further
    Seed("letter/link-address", lambda g: g.swap("https://kosis.kr/report", "javascript:alert(1)")),
    Seed("letter/link-address", lambda g: g.swap("https://kosis.kr/report", "/report")),
    Seed("letter/link-address", lambda g: g.swap("https://kosis.kr/report", "https://localhost:8000/a")),
    Seed("letter/link-idn", lambda g: g.swap("https://kosis.kr/report", "https://통계청.kr/보고서")),
    Seed("letter/link-disguise", lambda g: g.swap("2024년 통계청 보고서", "www.kbank.com")),
    Seed("letter/active-content", lambda g: g.swap("<h2>", "<form></form><h2>")),
    Seed("letter/active-content", lambda g: g.swap("<h2>", '<h2 onclick="x()">')),
    Seed("letter/control-character", lambda g: g.swap("숫자", "숫\x92자")),
    Seed("letter/control-character", lambda g: g.say("87화", "87\u202e화")),
    Seed("letter/nfd", lambda g: g.say("87화", "87\u1112\u116a")),
    Seed("letter/parts", lambda g: replace(g, parts=("html", "text"))),
    Seed("letter/parts", lambda g: replace(g, parts=("html",))),
    Seed("letter/part-empty", lambda g: replace(g, text="\n")),
    Seed("letter/charset", swapped(b"text/plain; charset=utf-8", b"text/plain; charset=us-ascii")),
    Seed("letter/encoding", lambda g: replace(g, encode=quoted)),
)  # fmt: skip


def _on_lines(data: bytes, length: int) -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[at : at + length] + b"\r\n" for at in range(0, len(text), length))


def _cut_inside_a_letter() -> str:
    octets = SUBJECT.encode()
    halves = (octets[:18], octets[18:])
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(half).decode()}?=" for half in halves)


def found(seed: Seed) -> list[str]:
    spoilt = seed.spoil(seed.good)
    octets = spoilt if isinstance(spoilt, bytes) else spoilt.octets
    return sorted({p.code for p in letter.check(octets, expected=seed.expected)})


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.code)
def test_a_seeded_fault_is_found_under_its_code_and_no_other(seed: Seed) -> None:
    assert found(seed) == sorted({seed.code, *seed.also})


def test_every_fault_of_the_checker_is_seeded() -> None:
    assert sorted({seed.code for seed in SEEDS}) == [fault.code for fault in letter.faults()]


@pytest.mark.parametrize(("good", "expected"), [(GOOD, LETTER), (ad(), AD), (GOOD, Expected())])
def test_a_good_letter_has_no_finding(good: Letter, expected: Expected) -> None:
    assert [str(p) for p in letter.check(good.octets, expected=expected)] == []


def test_a_frozen_letter_may_hold_what_each_reader_will_replace() -> None:
    frozen = GOOD.swap("Abc_-123", Placeholder.LEAVE).header("To", Placeholder.ADDRESS)

    assert letter.check(frozen.octets, expected=replace(LETTER, frozen=True)) == ()


def test_places_name_the_raw_line_or_the_line_of_the_part() -> None:
    twice = GOOD.more("Subject", "again")
    left = GOOD.swap("<h2>숫자", "<h2>{{ x }}")

    assert [str(p.place) for p in letter.check(twice.octets, name="a.eml")] == ["a.eml:21:1"]
    assert [str(p.place) for p in letter.check(left.octets, name="a.eml")] == ["a.eml#html:20:1"]


def test_hostile_octets_are_judged_and_not_choked_on() -> None:
    chance = random.Random(5)
    good = GOOD.octets
    for _ in range(150):
        at = chance.randrange(len(good))
        spoilt = (
            good[:at] + chance.randbytes(chance.randrange(40)) + good[at + chance.randrange(90) :]
        )
        assert isinstance(letter.check(spoilt), tuple)
    for raw_octets in (
        b"",
        b"\r\n",
        b"\n\n",
        b"Subject",
        b"\xff" * 2000,
        b"Content-Type: multipart/mixed\r\n\r\n",
    ):
        assert letter.check(raw_octets)


@pytest.mark.parametrize(
    "first",
    [
        GOOD,
        GOOD.swap("<h2>숫자</h2>", "<h4>숫자 {{ x }}</h4>"),
        GOOD.say("느린 신호, 서울", "느린 신호\x85 None, 서울"),
        GOOD.header("Content-Type", 'multipart/alternative; boundary="=_y"'),
        replace(GOOD, encode=lambda data: ("base64", base64.b64encode(data)[:-1] + b"\n\r\n")),
    ],
)
@pytest.mark.parametrize("more", ["", "X-More: 1\r\n", "X-More: =?utf-8?b?7ZWc?=\r\n \x7f\r\n"])
def test_a_letter_is_judged_alike_whoever_had_its_body_before(first: Letter, more: str) -> None:
    second = more.encode() + first.octets.replace(b":free:", b":members:")
    letter.check(first.octets, name="first.eml")
    after = letter.check(second, name="second.eml")

    letter.check(b"X: 1\r\n\r\nanother")
    for module in (letter, copy, octets, parts, inbox, wire):
        for cached in vars(module).values():
            if hasattr(cached, "cache_clear"):
                cached.cache_clear()
    assert letter.check(second, name="second.eml") == after
