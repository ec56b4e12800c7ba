"""The mark on every mail: which release to which subscriber, sealed so that only we can read it.

It names the mail in Message-ID, so that a mail sent twice is the same mail to a mail store, and
in the envelope (VERP), so that a bounce finds its delivery without any table. The seal is a
synthetic IV: deterministic, hides the numbers, and a forged one opens with a chance of 2**-48.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
#: From the value of a group of five bits to its letter.
_TABLE = _ALPHABET.encode("ascii").ljust(256, b"?")
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
#: 26 letters of base32 carry 130 bits: 48 of tag, 32 of release, 48 of subscriber, two of rest.
LENGTH = 26
_TAG, _BODY = 6, 10
_NO_TAG = bytes(_TAG)
#: Octets of a lane, and those before a mark in it.
_LANE = 32
_GAP = bytes(_LANE - _TAG - _BODY)


class Postmark:
    """Seals and opens marks with the publication's secret."""

    def __init__(self, secret: bytes) -> None:
        # Primed with its key once: each mark goes on from a copy.
        tag, mask = (
            hmac.digest(secret, f"publisher postmark {what}".encode(), "sha256")
            for what in ("tag", "mask")
        )
        self._tags = blake2b(digest_size=_TAG, key=tag)
        self._masks = blake2b(digest_size=_BODY, key=mask)

    def _tag(self, body: bytes) -> bytes:
        """BLAKE2b with a key (RFC 7693): a MAC in one short step."""
        hashed = self._tags.copy()
        hashed.update(body)
        return hashed.digest()

    def seal(self, release: int, subscriber: int) -> str:
        """Make the mark of a delivery: 26 characters of lower-case base32 (RFC 4648)."""
        (mark,) = self.seal_all(release, (subscriber,))
        return mark

    def seal_all(self, release: int, subscribers: Sequence[int]) -> list[str]:
        """Make the marks of many deliveries at once: what is not a hash is done for all in one go."""
        first = release.to_bytes(4, "big")
        shared = self._tags.copy()
        shared.update(first)
        masks = self._masks
        plain: list[bytes] = []
        sealed: list[bytes] = []
        for subscriber in subscribers:
            second = subscriber.to_bytes(6, "big")
            hashed = shared.copy()
            hashed.update(second)
            tag = hashed.digest()
            mask = masks.copy()
            mask.update(tag)
            plain += (_NO_TAG, first, second)
            sealed += (tag, mask.digest())
        bodies = int.from_bytes(b"".join(plain), "big")
        both = int.from_bytes(b"".join(sealed), "big") ^ bodies
        return _letters(both, len(subscribers))

    def open(self, mark: str) -> tuple[int, int] | None:
        """Read (release, subscriber) from a mark in any case, or None if it is not ours."""
        mark = mark.lower()
        if len(mark) != LENGTH or not set(mark) <= _VALUES.keys():
            return None
        bits = 0
        for letter in mark:
            bits = bits << 5 | _VALUES[letter]
        if bits & 3:
            return None
        sealed = (bits >> 2).to_bytes(_TAG + _BODY, "big")
        tag = sealed[:_TAG]
        body = self._masked(tag, sealed[_TAG:])
        if not hmac.compare_digest(tag, self._tag(body)):
            return None
        return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:], "big")

    def _masked(self, tag: bytes, body: bytes) -> bytes:
        mask = self._masks.copy()
        mask.update(tag)
        both = int.from_bytes(mask.digest(), "big") ^ int.from_bytes(body, "big")
        return both.to_bytes(_BODY, "big")


def _letters(numbers: int, count: int) -> list[str]:
    """Write numbers of 128 bits, one behind the other, with two bits of rest each, in 26 letters.

    Every number has a lane of 256 bits. Its 26 groups of five bits are moved apart, half of them
    at a time and in all lanes at once, until each has an octet of its own.
    """
    if not count:
        return []
    packed = numbers.to_bytes(16 * count, "big")
    lanes = b"".join([_GAP + packed[at : at + 16] for at in range(0, len(packed), 16)])
    bits = int.from_bytes(lanes, "big") << 2
    for stay, move, far in _apart(count):
        bits = bits & stay | (bits & move) << far
    text = bits.to_bytes(_LANE * count, "big").translate(_TABLE).decode("ascii")
    return [text[at - LENGTH : at] for at in range(_LANE, len(text) + 1, _LANE)]


@lru_cache(maxsize=8)
def _apart(count: int) -> tuple[tuple[int, int, int], ...]:
    """Say for each step which bits of so many lanes stay, which move, and how far."""
    steps = []
    for groups in (16, 8, 4, 2, 1):
        stay = move = 0
        for start in range(0, 8 * _LANE, 16 * groups):
            stay |= ((1 << 5 * groups) - 1) << start
            move |= ((1 << 5 * groups) - 1) << start + 5 * groups
        steps.append((_repeated(stay, count), _repeated(move, count), 3 * groups))
    return tuple(steps)


def _repeated(lane: int, count: int) -> int:
    return int.from_bytes(lane.to_bytes(_LANE, "big") * count, "big")
