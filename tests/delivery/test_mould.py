"""A mail cut once and filled for a reader reads exactly as if it had been made for that reader."""

from __future__ import annotations

import base64
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.delivery.mould import Filling, Mould, MouldError
from publisher.model.edition import Placeholder as Word

READER = Filling(b"reader@naver.example", b"m" * 26, b"L_-l" * 12, b"P_-p" * 12, b"2026-11-21")


def letter(text: str, html: str, encoding: str = "base64") -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = "letter@slow.example"
    mail["To"] = Word.ADDRESS.value
    mail["Message-ID"] = f"<s-1.{Word.MAIL.value}@slow.example>"
    mail["X-Leave"] = f"<https://slow.example/u/{Word.LEAVE.value}>"
    mail.set_content(text, cte=encoding)
    mail.add_alternative(html, subtype="html", cte=encoding)
    return mail.as_bytes()


def words(text: str) -> str:
    for word in Word:
        text = text.replace(word.value, READER.of(word).decode())
    return text


def parts(raw: bytes) -> list[str]:
    parsed = BytesParser(policy=policy.SMTP).parsebytes(raw)
    texts = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
    return [str(text).replace("\r\n", "\n").strip("\r\n") for text in texts]


pieces = st.lists(
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c"), max_size=120),
        st.sampled_from(
            [Word.MAIL.value, Word.LEAVE.value, Word.PREFERENCES.value, Word.SINCE.value]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=40, deadline=None)
@given(text=pieces, html=pieces)
def test_every_part_reads_as_the_frozen_one_with_the_readers_own_bytes(
    text: str, html: str
) -> None:
    filled = b"".join(Mould(letter(text, html)).fill(READER, stuffed=False))

    plain, rich = parts(filled)
    assert plain == words(text).strip("\r\n")
    assert rich == words(html).strip("\r\n")
    assert filled.startswith(b"From: letter@slow.example\r\nTo: reader@naver.example\r\n")


@settings(max_examples=30, deadline=None)
@given(text=pieces)
def test_no_line_of_a_base64_part_ever_moves(text: str) -> None:
    frozen = letter(text, text)
    filled = b"".join(Mould(frozen).fill(READER, stuffed=False))

    body = frozen.partition(b"\r\n\r\n")[2]
    assert [len(line) for line in filled.partition(b"\r\n\r\n")[2].split(b"\r\n")] == [
        len(line) for line in body.split(b"\r\n")
    ]


def test_leading_dots_are_doubled_once_for_smtp_and_never_for_a_file() -> None:
    frozen = letter(".dot\n..two\nplain.\n", "x", encoding="7bit")
    mould = Mould(frozen)

    stuffed = b"".join(mould.fill(READER, stuffed=True))
    plain = b"".join(mould.fill(READER, stuffed=False))

    assert b"\r\n..dot\r\n...two\r\nplain.\r\n" in stuffed
    assert b"\r\n.dot\r\n..two\r\nplain.\r\n" in plain


def test_an_address_in_the_body_is_refused() -> None:
    with pytest.raises(MouldError, match="headers only"):
        Mould(letter(Word.ADDRESS.value, "x"))


def test_bare_line_ends_are_refused() -> None:
    with pytest.raises(MouldError, match="CRLF"):
        Mould(letter("x", "y").replace(b"\r\n", b"\n"))


def test_a_placeholder_torn_by_folding_is_refused() -> None:
    token = Word.LEAVE.value.encode()
    torn = letter("x", "y").replace(token, token[:20] + b"\r\n " + token[20:])

    with pytest.raises(MouldError, match="torn"):
        Mould(torn)


def test_a_placeholder_hidden_in_quoted_printable_is_refused() -> None:
    frozen = letter("한글 " + Word.LEAVE.value * 2, "x", encoding="quoted-printable")

    with pytest.raises(MouldError, match="cannot be replaced"):
        Mould(frozen)


@pytest.mark.parametrize("address", [b"a@b\r\nBcc: all@x", b"a@b\n", b"\r", b""])
def test_an_address_never_writes_a_header(address: bytes) -> None:
    mould = Mould(letter("x", "y"))
    evil = Filling(address, READER.mail, READER.leave, READER.preferences, READER.since)

    with pytest.raises(MouldError, match="line end"):
        mould.fill(evil, stuffed=True)


def test_a_token_of_another_length_is_refused() -> None:
    short = Filling(READER.address, READER.mail, b"short", READER.preferences, READER.since)

    with pytest.raises(MouldError, match="LEAVE must have 48"):
        Mould(letter("x", "y")).fill(short, stuffed=True)


def test_base64_without_any_placeholder_is_left_alone() -> None:
    frozen = letter("가나다" * 100, "x")

    assert base64.b64encode("가나다".encode()) in b"".join(Mould(frozen).fill(READER, stuffed=True))
