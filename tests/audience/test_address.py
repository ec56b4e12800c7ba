"""What is taken in as a mail address, and what is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience.address import Address, mailbox_of, masked, parse
from publisher.model.problem import Place, Problem


def good(text: str) -> Address:
    address = parse(text)
    assert isinstance(address, Address)
    return address


def code(text: str) -> str:
    problem = parse(text, Place("list.csv", 3, 1))
    assert isinstance(problem, Problem)
    assert problem.place == Place("list.csv", 3, 1)
    assert problem.message
    assert problem.remedy
    return problem.code


def test_two_spellings_of_one_mailbox_share_one_key() -> None:
    assert good("Kim.Reader@Naver.COM").key == good(" kim.reader@naver.com\u200b").key


def test_the_local_part_stays_as_written_in_the_envelope() -> None:
    address = good("Kim@Naver.COM")
    assert (address.written, address.mailbox) == ("Kim@naver.com", "Kim@naver.com")


def test_a_hangul_domain_travels_as_a_labels_and_shows_as_hangul() -> None:
    address = good(unicodedata.normalize("NFD", "reader@한글메일.한국"))
    assert address == Address(
        "reader@한글메일.한국",
        "reader@xn--bj0bv7uyik4pn.xn--3e0b707e",
        "reader@xn--bj0bv7uyik4pn.xn--3e0b707e",
    )
    assert good(address.mailbox) == address
    assert mailbox_of(address.written, address.key) == address.mailbox


def test_idna_2008_keeps_the_sharp_s() -> None:
    assert good("x@faß.de").mailbox == "x@xn--fa-hia.de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "address/empty"),
        (" \ufeff ", "address/empty"),
        ("reader", "address/no-domain"),
        ("a@b@c.kr", "address/no-domain"),
        ("Kim <kim@c.kr>", "address/no-domain"),
        ("@c.kr", "address/no-domain"),
        ("독자@naver.com", "address/local-part-not-ascii"),
        (".kim@c.kr", "address/local-part"),
        ("kim..a@c.kr", "address/local-part"),
        ('"kim"@c.kr', "address/local-part"),
        ("<kim@c.kr", "address/local-part"),
        ("kim@localhost", "address/domain"),
        ("kim@127.0.0.1", "address/domain"),
        ("kim@[127.0.0.1]", "address/domain"),
        ("kim@-a.kr", "address/domain"),
        ("kim@a_b.kr", "address/domain"),
        ("kim@a.kr.", "address/domain"),
        ("kim@" + "a" * 64 + ".kr", "address/domain"),
        ("kim@xn--zzzzzzzz999.kr", "address/domain"),
        ("k" * 65 + "@c.kr", "address/too-long"),
        ("k" * 60 + "@" + ".".join(["a" * 60] * 3) + ".kr" * 10, "address/too-long"),
        ("k" * 70_000, "address/too-long"),
        ("kim@c.kr\r\nBcc: all@c.kr", "address/control-character"),
        ("kim\x00@c.kr", "address/control-character"),
        ("kim\u202e@c.kr", "address/control-character"),
        ("kim\ud800@c.kr", "address/control-character"),
    ],
)
def test_what_cannot_be_delivered_is_refused_with_a_remedy(text: str, expected: str) -> None:
    assert code(text) == expected


@given(st.text(max_size=80) | st.from_regex(r"[^@]{1,20}@[^@]{1,20}\.[a-z]{2,3}"))
def test_nothing_accepted_can_add_a_header_or_a_command(text: str) -> None:
    address = parse(text)
    if isinstance(address, Address):
        assert address.mailbox.isascii()
        assert address.mailbox.isprintable()
        assert not set(address.mailbox) & set(' <>()[]\\,;:"')
        assert address.key == address.mailbox.lower()
        assert len(address.mailbox) <= 254
        assert good(address.mailbox).key == address.key
        assert good(address.written).key == address.key


def test_a_mask_shows_the_first_letter_and_the_domain_only() -> None:
    assert masked("reader@example.kr") == "r•••@example.kr"
