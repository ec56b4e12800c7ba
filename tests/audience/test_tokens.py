"""The links in a reader's mail."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience.tokens import LENGTH, Purpose, Token, Tokens, fingerprint, tombstone
from publisher.model.edition import Placeholder

OLD, NEW = b"o" * 32, b"n" * 32
TOKENS = Tokens([NEW])
numbers = st.integers(0, 2**63 - 1)
epochs = st.integers(0, 2**32 - 1)


@given(st.sampled_from(Purpose), numbers, epochs)
def test_a_token_says_what_it_was_made_for(purpose: Purpose, number: int, epoch: int) -> None:
    token = TOKENS.make(purpose, number, epoch)
    assert len(token) == LENGTH == len(Placeholder.LEAVE) == len(Placeholder.PREFERENCES)
    assert TOKENS.read(token, purpose) == Token(purpose, number, epoch)


def test_a_token_opens_no_other_door() -> None:
    for made, asked in product(Purpose, Purpose):
        if made is not asked:
            assert TOKENS.read(TOKENS.make(made, 7), asked) is None


def test_every_changed_character_breaks_a_token() -> None:
    token = TOKENS.make(Purpose.LEAVE, 7)
    for place in range(LENGTH):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert TOKENS.read(changed, Purpose.LEAVE) is None


@pytest.mark.parametrize("text", ["", "A" * 47, "A" * 48, "A" * 49, "한" * 48, "=" * 48, "\n" * 48])
def test_noise_is_no_token(text: str) -> None:
    assert TOKENS.read(text, Purpose.LEAVE) is None


def test_a_new_secret_signs_while_the_old_one_still_opens() -> None:
    before = Tokens([OLD]).make(Purpose.LEAVE, 7)
    both = Tokens([NEW, OLD])
    assert both.read(before, Purpose.LEAVE) == Token(Purpose.LEAVE, 7, 0)
    assert TOKENS.read(before, Purpose.LEAVE) is None
    assert both.make(Purpose.LEAVE, 7) == TOKENS.make(Purpose.LEAVE, 7)


def test_the_signature_is_hmac_sha256_cut_to_22_octets() -> None:
    data = urlsafe_b64decode(TOKENS.make(Purpose.LEAVE, 7, 3))
    key = hmac.digest(NEW, b"publisher link 1", "sha256")
    assert data[14:] == hmac.digest(key, data[:14], "sha256")[:22]


def test_a_token_holds_nothing_but_numbers() -> None:
    data = urlsafe_b64decode(TOKENS.make(Purpose.LEAVE, 7, 3))
    assert data[:14] == bytes([1, 1]) + (7).to_bytes(8, "big") + (3).to_bytes(4, "big")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Tokens([b"short"])


def test_many_tokens_are_the_same_as_one_by_one() -> None:
    many = list(TOKENS.make_all(Purpose.LEAVE, [(1, 0), (2, 5)]))
    assert many == [TOKENS.make(Purpose.LEAVE, 1), TOKENS.make(Purpose.LEAVE, 2, 5)]


def test_fingerprints_and_tombstones_never_meet() -> None:
    assert fingerprint("a") != tombstone("a").removeprefix("erased:")
    assert tombstone("a@b.kr") == tombstone("a@b.kr") != tombstone("b@b.kr")
