"""No members' sentence in anything the free audience can get, whatever it is wrapped in."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import random
import re
import time
import unicodedata
from collections.abc import Callable
from email.header import Header
from urllib.parse import quote

import pytest

from publisher.lint.bare import letters
from publisher.lint.gate import prove
from publisher.lint.secret import _GATES, open_words, secrets
from publisher.lint.unwrap import Artefact
from publisher.model.body import (
    Block,
    Body,
    Figure,
    Footnote,
    FootnoteReference,
    Link,
    Node,
    Paragraph,
    Picture,
    Strong,
    Text,
)
from publisher.model.episode import Audience, Episode, Status
from publisher.model.problem import Problem
from publisher.source.blocks import ALIASES

LONG = "당국은 석 달 뒤에야 그 계약서를 국회에 냈고, 위약금 조항은 까맣게 지워져 있었다."
SHORT = "돈은 어디로 갔나."
LATIN = "The contract was signed in the back room of a noodle shop in Shenzhen."
FREE = "중국산 칩을 쓰라는 권고가 처음 나온 것은 지난해 여름의 일이다."


def paragraph(text: str, line: int) -> Paragraph:
    return Paragraph((Text(text, line, 1),), line, 1)


def episode(*gated: Node, free: str = FREE, **more: object) -> Episode:
    """An episode whose first paragraph is free and whose members' part holds some nodes."""
    gate = Block("members", (), gated, 12, 1)
    body = Body((paragraph(free, 10), gate))
    lines = [""] * 9 + [free, "", "::: members"]
    for node in gated:
        if isinstance(node, Paragraph) and isinstance(node.children[0], Text):
            lines += [""] * (node.line - len(lines) - 1) + [node.children[0].text]
    settings: dict[str, object] = {
        "series": "ai",
        "number": 1,
        "slug": "one",
        "path": "episodes/ai/01-one.md",
        "title": "중국에도 AI가 있다",
        "status": Status.READY,
        "body": body,
        "text": "\n".join(lines),
        "digest": "sha256:0",
    }
    return Episode(**(settings | more))  # type: ignore[arg-type]  # a table of fields


GATED = episode(paragraph(LONG, 13), paragraph(SHORT, 15), paragraph(LATIN, 17))


def problems(data: str | bytes, name: str = "page.html", kind: str = "") -> tuple[Problem, ...]:
    data = data.encode() if isinstance(data, str) else data
    return prove(secrets(GATED), [Artefact(name, data, kind)], [open_words(GATED)])


def escaped_by_number(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def mail(body: bytes, head: str) -> bytes:
    return (
        b'From: a@b.kr\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="=x"'
        b"\r\n\r\n--=x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n--=x\r\n"
        + head.encode()
        + b"\r\n\r\n"
        + body
        + b"\r\n--=x--\r\n"
    )


WRAPPINGS: dict[str, Callable[[str], tuple[str, bytes, str]]] = {
    "paragraph": lambda s: ("a.html", f"<p>앞. {s} 뒤.</p>".encode(), "text/html"),
    "inline tags": lambda s: (
        "a.html",
        f"<h2>제목</h2><p>{s[:4]}<strong>{s[4:6]}</strong><a href='#x'>{s[6:]}</a></p>".encode(),
        "text/html",
    ),
    "line wrapped": lambda s: (
        "a.txt",
        ("앞 문장이다.\n\n" + s.replace(" ", "\n  ") + "\n\n뒤").encode(),
        "text/plain",
    ),
    "decimal references": lambda s: ("a.html", escaped_by_number(s).encode(), "text/html"),
    "alt": lambda s: ("a.html", f'<img src="a.png" alt="{s}">'.encode(), "text/html"),
    "meta": lambda s: (
        "a.html",
        f'<meta property="og:description" content="{html.escape(s)}">'.encode(),
        "text/html",
    ),
    "comment": lambda s: ("a.html", f"<!-- <p>숨김</p> {s} -->".encode(), "text/html"),
    "json-ld": lambda s: (
        "a.html",
        f'<script type="application/ld+json">{json.dumps({"articleBody": s})}</script>'.encode(),
        "text/html",
    ),
    "percent": lambda s: (
        "a.html",
        f'<a href="mailto:?body={quote(s)}">알리기</a>'.encode(),
        "text/html",
    ),
    "feed, escaped twice": lambda s: (
        "feed.xml",
        f"<rss><content:encoded>{html.escape(html.escape(f'<p>{s}</p>'))}</content:encoded></rss>".encode(),
        "application/rss+xml",
    ),
    "feed, cdata": lambda s: (
        "feed.xml",
        f"<rss><content:encoded><![CDATA[<p>{s}</p>]]></content:encoded></rss>".encode(),
        "application/rss+xml",
    ),
    "json escapes": lambda s: (
        "search.json",
        json.dumps([{"t": f"<p>{s}</p>"}]).encode(),
        "application/json",
    ),
    "json words": lambda s: (
        "search.json",
        json.dumps({"words": [s]}, ensure_ascii=False).encode(),
        "application/json",
    ),
    "gzip": lambda s: (
        "page.html.gz",
        gzip.compress(f"<p>{s}</p>".encode(), mtime=0),
        "text/html",
    ),
    "nfd": lambda s: ("a.html", unicodedata.normalize("NFD", s).encode(), "text/html"),
    "full width and zero width": lambda s: ("a.html", "\u200b".join(s).encode(), "text/html"),
    "mail, base64": lambda s: (
        "mail.eml",
        mail(
            base64.encodebytes(f"<p>{s}</p>".encode()),
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64",
        ),
        "message/rfc822",
    ),
    "mail, quoted-printable": lambda s: (
        "mail.eml",
        mail(
            quopri.encodestring(f"<p>{s}</p>".encode()),
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
        ),
        "message/rfc822",
    ),
    "mail, another charset": lambda s: (
        "mail.eml",
        mail(
            base64.encodebytes(s.encode("euc-kr")),
            "Content-Type: text/plain; charset=euc-kr\r\nContent-Transfer-Encoding: base64",
        ),
        "message/rfc822",
    ),
    "mail, subject": lambda s: (
        "mail.eml",
        f"Subject: {Header(s, 'utf-8').encode()}\r\n\r\nhello\r\n".replace("\r\n", "\n").encode(),
        "message/rfc822",
    ),
    "mail, subject in Q": lambda s: (
        "mail.eml",
        b"Subject: =?utf-8?q?"
        + quopri.encodestring(s.encode(), header=True).replace(b"=\n", b"")
        + b"?=\r\n\r\nhello\r\n",
        "message/rfc822",
    ),
    "mail, epilogue": lambda s: (
        "mail.eml",
        mail(b"x", "Content-Type: text/plain") + s.encode(),
        "message/rfc822",
    ),
}


@pytest.mark.parametrize("sentence", [LONG, SHORT, LATIN], ids=["long", "short", "latin"])
@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=str)
def test_a_members_sentence_is_found_in_every_wrapping(wrapping: str, sentence: str) -> None:
    name, data, kind = WRAPPINGS[wrapping](sentence)

    found = problems(data, name, kind)

    assert [str(p.place) for p in found] == [
        f"episodes/ai/01-one.md:{ {LONG: 13, SHORT: 15, LATIN: 17}[sentence] }:1"
    ]
    assert [p.code for p in found] == ["gate/leak"]
    assert name in dict(found[0].details)["artefact"]


@pytest.mark.parametrize("start", range(12))
def test_a_piece_of_a_sentence_is_found_wherever_it_was_cut(start: int) -> None:
    """Truncated excerpts are the classic leak: any twenty letters in a row give it away."""
    letters = LONG.replace(" ", "").replace(",", "").replace(".", "")

    assert problems(f"<p>{letters[start : start + 20]}…</p>")
    assert not problems(f"<p>{letters[start : start + 19]}…</p>")


def test_a_run_over_the_end_of_a_paragraph_is_found_though_no_sentence_is_whole() -> None:
    two = episode(paragraph("그는 웃었다. 아무도 그에게 이유를 묻지 않았다. 밤이 깊었다.", 13))
    page = "<meta content='웃었다. 아무도 그에게 이유를 묻지 않았다. 밤이…'>"

    found = prove(secrets(two), [Artefact("p.html", page.encode())])

    assert [dict(p.details)["sentence"] for p in found] == ["아무도 그에게 이유를 묻지 않았다."]


def test_what_stands_in_the_free_part_is_no_secret() -> None:
    same = episode(paragraph(FREE, 13))

    assert not prove(
        secrets(same), [Artefact("p.html", f"<p>{FREE}</p>".encode())], [open_words(same)]
    )


def test_a_free_sentence_that_begins_like_a_secret_is_no_leak() -> None:
    near = episode(paragraph(FREE[:-6] + "꿈같은 이야기였다.", 13))

    assert not prove(
        secrets(near), [Artefact("p.html", f"<p>{FREE}</p>".encode())], [open_words(near)]
    )


def test_a_members_episode_is_secret_from_its_first_word_but_its_title_is_not() -> None:
    closed = episode(access=Audience.MEMBERS)
    page = Artefact("p.html", f"<h1>{closed.title}</h1><p>{FREE}</p>".encode())

    found = prove(secrets(closed), [page], [open_words(closed)])

    assert [(p.place.line, dict(p.details)["sentence"]) for p in found] == [(10, FREE)]


def test_footnotes_alt_texts_captions_attributes_and_addresses_behind_the_gate_are_secret() -> None:
    quote_block = Block(
        "quote", (("by", "익명을 요구한 전직 조달 담당 고위 관료의 증언"),), (), 13, 1
    )
    figure = Figure(
        Picture("a.png"),
        "붉은 도장이 세 번 찍힌 비공개 계약서 첫 장의 사진",
        "출처를 밝힐 수 없는 문서 가운데 가장 먼저 나온 것",
        "내부 고발자가 사흘에 걸쳐 나누어 보낸 사진 파일",
        15,
        1,
    )
    noted = Paragraph(
        (
            Text("본문", 17, 1),
            FootnoteReference(1, 1, 17, 3),
            Link(
                "https://example.kr/secret-document-0717",
                (Strong((Text("문서", 17, 9),)),),
                "",
                17,
                8,
            ),
        ),
        17,
        1,
    )
    gated = episode(quote_block, figure, noted)
    note = Footnote(
        1, "a", (paragraph("각주에만 적어 둔 이름은 아무에게도 알려지지 않았다", 30),), 1, 30, 1
    )
    gated = episode(body=Body(gated.body.nodes, (note,)))
    page = (
        "<p>익명을 요구한 전직 조달 담당 고위 관료의 증언</p>"
        "<img alt='붉은 도장이 세 번 찍힌 비공개 계약서 첫 장의 사진'>"
        "<figcaption>출처를 밝힐 수 없는 문서 가운데 가장 먼저 나온 것</figcaption>"
        "<p>내부 고발자가 사흘에 걸쳐 나누어 보낸 사진 파일</p>"
        "<p>각주에만 적어 둔 이름은 아무에게도 알려지지 않았다</p>"
        "<a href='https://example.kr/secret-document-0717'>문서</a>"
        "<a href='https://example.kr/secret-document-0718'>다른 문서</a>"
    )

    found = prove(secrets(gated), [Artefact("p.html", page.encode())], [open_words(gated)])

    assert [p.place.line for p in found] == [13, 15, 15, 15, 17, 30]


def test_a_footnote_that_the_free_part_points_at_is_free() -> None:
    open_note = Footnote(1, "a", (paragraph(LONG, 30),), 2, 30, 1)
    free = Paragraph((Text(FREE, 10, 1), FootnoteReference(1, 1, 10, 40)), 10, 1)
    gate = Block("members", (), (Paragraph((FootnoteReference(1, 2, 13, 1),), 13, 1),), 12, 1)

    assert secrets(episode(body=Body((free, gate), (open_note,)))) == ()


@pytest.mark.parametrize("at", [8, 12, 16])
def test_a_sentence_is_found_that_comes_together_only_in_a_later_round(at: int) -> None:
    """Half of it is plain, half wrapped twice, and pages of other words stand on both sides."""
    half = "".join(f"&amp;#{ord(letter)};" for letter in LONG[at:34])
    others = "".join(f"<p>{number}번째 다른 문단이다.</p>" for number in range(200))

    assert problems(f"{others}<p>{LONG[:at]}</p><p>{half}</p>{others}")
    assert problems(f"{others}<p>{LONG[:at]}</p><p></p><p>-</p><p>{half}</p>{others}")


def test_one_leak_does_not_hide_another() -> None:
    found = problems(f"<p>{LONG}</p><p>{SHORT}</p><p>{LATIN}</p>")

    assert [p.place.line for p in found] == [13, 15, 17]


def test_hostile_artefacts_are_read_and_not_choked_on() -> None:
    bomb = gzip.compress(b"0" * 1000)[:-9]
    for data in (b"", b"\xff\xfe\x00", bomb, b"<" * 5000, b"--\r\n--", b'{"a":' * 50, b"%" * 99):
        assert not problems(data)
        assert not problems(data, "m.eml", "message/rfc822")
        assert not problems(data, "m.json", "application/json")


def test_json_that_was_cut_off_is_read_to_its_end_and_not_for_ever() -> None:
    """Once for each quotation mark in a string that nobody closed would be half a minute here."""
    for end in ('"}', '"', "", "\\"):
        data = f'"a":"{LONG}{end}'.encode()
        assert problems(data, "search.json", "application/json"), end

    begun = time.process_time()
    assert not problems(b'"' + b'\\"' * 30_000, "search.json", "application/json")
    assert time.process_time() - begun < 3


@pytest.mark.slow
def test_hundreds_of_gated_episodes_are_proved_within_seconds() -> None:
    """A budget in CPU time, generous against the machine: about 1 ms a page is measured."""

    chance = random.Random(7)
    syllables = [chr(c) for c in range(0xAC00, 0xAC00 + 900)]

    def sentence() -> str:
        return " ".join("".join(chance.choices(syllables, k=3)) for _ in range(12)) + "."

    texts = [" ".join(sentence() for _ in range(75)) for _ in range(300)]
    episodes = [
        episode(
            *(paragraph(" ".join(sentence() for _ in range(5)), 13 + n) for n in range(15)),
            free=text,
        )
        for text in texts
    ]
    pages = [Artefact("p.html", f"<p class='x'>{text}</p>".encode()) for text in texts]

    begin = time.process_time()
    found = prove((s for e in episodes for s in secrets(e)), pages * 4, map(open_words, episodes))
    spent = time.process_time() - begin

    assert not found
    assert spent < 6, f"{spent:.1f} s"


def test_words_are_reduced_one_by_one_to_what_the_whole_text_comes_to() -> None:
    chance = random.Random(8)
    marks = "aZ ﬁ가각㎏ＡΣς ゙́̈が각=/\0\n…\N{NO-BREAK SPACE}\N{FIGURE SPACE}≠_1٣"
    for _ in range(3000):
        text = "".join(chance.choice(marks) for _ in range(chance.randrange(1, 12)))
        whole = unicodedata.normalize("NFKC", text.replace("…", " ")).casefold()
        assert letters(text) == "".join(re.findall(r"[^\W_]+", whole))


@pytest.mark.parametrize("address", ["https://t.me/abc", "https://bit.ly/3xYz", "http://x.kr/"])
@pytest.mark.parametrize("others", [0, 60])
def test_a_short_address_behind_the_gate_is_found_and_a_longer_one_is_another(
    address: str, others: int
) -> None:
    """Shortened links are shorter than any piece of words that is looked for."""
    link = Paragraph((Link(address, (Text("여기", 13, 1),), line=13, column=1),), 13, 1)
    many = (
        paragraph(f"{LONG} {number}번째로 다른 문장이 이어진다.", 20) for number in range(others)
    )
    behind = secrets(episode(link, *many))

    def found(words: str) -> bool:
        return bool(prove(behind, [Artefact("p.html", words.encode())]))

    bare = address.rstrip("/")
    for words in (f'<a href="{address}">x</a>', f"(보기: {bare}).", f"{bare.upper()}/", bare):
        assert found(words), words
    for words in (f'<a href="{bare}2">x</a>', f"{bare}/other", f"{bare}?a=1", f"{bare}.kr"):
        assert not found(words), words


def test_a_sentence_like_an_open_one_but_for_a_number_is_found_when_all_of_it_is_there() -> None:
    """The number is what members pay for; less than the whole sentence may be chance."""
    free = "이 회사의 지난해 하반기 영업이익은 아무도 모르는 숫자라고들 말했다."
    said = "이 회사의 지난해 하반기 영업이익은 312억 원이었다."
    behind = episode(paragraph(f"앞 문장이 있다. {said} 뒤 문장도 있다.", 13), free=free)

    def found(words: str) -> tuple[Problem, ...]:
        return prove(secrets(behind), [Artefact("p.html", words.encode())], [open_words(behind)])

    (problem,) = found(f"소개하자면 {said} 더 읽어 보세요")
    assert dict(problem.details)["sentence"] == said
    assert not found(free)
    assert not found("소개하자면 이 회사의 지난해 하반기 영업이익은 12조 원이었다.")


@pytest.mark.parametrize(
    "wrapping", ["<p {}>", "</p {}>", "<?x {}?>", "<!ENTITY x {}>", '<a href="data:,{}">']
)
def test_words_in_any_tag_are_read(wrapping: str) -> None:
    """Also where no attribute has a value: nobody sees it, and everybody gets it."""
    assert problems(wrapping.format(LONG))


def test_words_that_an_address_holds_in_base64_are_read() -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        held = encode(f"<p>{LONG}</p>".encode()).decode()
        assert problems(f'<iframe src="data:text/html;charset=utf-8;base64,{held}">')
        assert problems(f'<iframe src="data:text/html;base64,{held.rstrip("=")}">')
    assert not problems('<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA+/==">')


def test_every_name_of_the_members_block_is_known_to_the_proof() -> None:
    """A text without any of them has no gate, and is not looked through."""
    named = {alias for alias, name in ALIASES.items() if name == "members"} | {"members"}
    assert named == set(_GATES)
