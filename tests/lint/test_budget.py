"""What a mail may weigh, decoded and as it travels."""

from __future__ import annotations

import base64

import pytest

from publisher.lint.letter.budget import HEAVY, TRAVELLING, is_heavy, travelling


@pytest.mark.parametrize("octets", [0, 1, 56, 57, 58, 1000, 76_499])
def test_octets_on_the_wire_are_counted_without_encoding(octets: int) -> None:
    made = base64.encodebytes(b"x" * octets).replace(b"\n", b"\r\n")
    assert travelling(octets) == len(made)


def test_what_is_heavy_on_the_wire_is_heavy() -> None:
    most = next(n for n in range(HEAVY) if travelling(n + 1) > TRAVELLING)

    assert [is_heavy(n) for n in (most, most + 1, HEAVY)] == [False, True, True]
    assert most > 74_000
