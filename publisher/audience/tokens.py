"""The links in a reader's mail: signed, short, bound to one purpose, and revocable.

A token is 36 octets in base64url, always 48 characters: version, purpose, number of the
subscriber (or of the wish to be confirmed), epoch, and HMAC-SHA-256 (RFC 2104) cut to 176 bits.
It holds no address. Raising a subscriber's epoch revokes every token given out before; a new
secret put in front of the old ones signs from then on, while the old ones still verify.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

LENGTH = 48
_VERSION = 1
_HEAD = Struct(">BBQI")
_MAC = 36 - _HEAD.size
#: Shorter secrets than this could be guessed offline from one token.
SHORTEST_SECRET = 16


class Purpose(IntEnum):
    """The one thing a token can do. Numbers never change: they are in mails already sent."""

    LEAVE = 1
    PREFERENCES = 2
    CONFIRM = 3
    CHANGE = 4


@dataclass(frozen=True, slots=True)
class Token:
    """What a genuine token says: for what, whose (a subscriber's or a wish's number), which epoch."""

    purpose: Purpose
    id: int
    epoch: int


class Tokens:
    """Makes tokens with the first secret and knows those of every secret (bytes, 16 or more)."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets or any(len(secret) < SHORTEST_SECRET for secret in secrets):
            raise ValueError(f"a secret that signs links has at least {SHORTEST_SECRET} bytes")
        self._keys = tuple(hmac.digest(s, b"publisher link 1", "sha256") for s in secrets)
        self._inner, self._outer = _primed(self._keys[0])

    def make(self, purpose: Purpose, number: int, epoch: int = 0) -> str:
        """Make the token of one purpose for one subscriber or wish."""
        head = _HEAD.pack(_VERSION, purpose, number, epoch)
        inner = self._inner.copy()
        inner.update(head)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return urlsafe_b64encode(head + outer.digest()[:_MAC]).decode("ascii")

    def make_all(self, purpose: Purpose, numbers: Iterable[tuple[int, int]]) -> Iterator[str]:
        """Make one token for each (number, epoch), as a release needs them."""
        for number, epoch in numbers:
            yield self.make(purpose, number, epoch)

    def read(self, token: str, purpose: Purpose) -> Token | None:
        """Read a genuine token of this purpose; None for every other string, in constant time.

        A token that is genuine may still be stale: compare its epoch with the subscriber's.
        """
        if len(token) != LENGTH or not token.isascii():
            return None
        try:
            data = urlsafe_b64decode(token)
        except (binascii.Error, ValueError):
            return None
        # base64 decoders skip foreign characters: only the one canonical spelling counts.
        if len(data) != 36 or urlsafe_b64encode(data).decode("ascii") != token:
            return None
        head, mac = data[: _HEAD.size], data[_HEAD.size :]
        genuine = False
        for key in self._keys:
            genuine |= hmac.compare_digest(hmac.digest(key, head, "sha256")[:_MAC], mac)
        version, stated, number, epoch = _HEAD.unpack(head)
        if not genuine or version != _VERSION or stated != purpose:
            return None
        return Token(purpose, number, epoch)


def _primed(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Hash the padded key once: each token then costs two short hashes, no key schedule."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
    return inner, outer


def fingerprint(secret: str) -> str:
    """Name a bearer secret (a members' feed) by its SHA-256, so that the store cannot leak it."""
    return hashlib.sha256(b"publisher feed\0" + secret.encode()).hexdigest()


def tombstone(key: str) -> str:
    """Name an erased address so that it is known again and cannot be read: SHA-256 of its key.

    Unkeyed on purpose: a tombstone must hold after every secret has been changed.
    """
    return "erased:" + hashlib.sha256(b"publisher erased\0" + key.encode()).hexdigest()
