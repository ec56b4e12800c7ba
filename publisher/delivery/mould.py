"""A frozen mail cut at its placeholders once, so that each subscriber's is only pieces joined.

Placeholders stand as they are in headers and unencoded parts, and inside the base64 text of the
others. There each is replaced together with the one or two octets that share its groups of
four letters; all placeholders but the address have a fixed length, so no line ever moves.
"""

from __future__ import annotations

import binascii
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from email.policy import compat32
from functools import lru_cache
from typing import NamedTuple

from publisher.model.edition import Placeholder

_NAMES = {word.value.encode(): word for word in Placeholder}
_ANY = re.compile(b"|".join(re.escape(name) for name in _NAMES))
#: As numbers: to look for octets as such costs a tenth of looking for octets as bytes.
_CR, _LF = b"\r\n"
_WHITE = re.compile(rb"\s+")

#: Makes a run of base64 for one subscriber.
Filler = Callable[["Filling"], bytes]
#: A piece of a mail: bytes that never change, which of a subscriber's own stand there, or how they
#: are encoded together with what shares their letters.
Piece = bytes | int | Filler


class MouldError(ValueError):
    """A mail whose placeholders cannot be found where they must be."""


class Filling(NamedTuple):
    """One subscriber's own bytes, ASCII. Lengths are those of the placeholders but the address's."""

    address: bytes
    mail: bytes
    leave: bytes
    preferences: bytes
    since: bytes

    def of(self, word: Placeholder) -> bytes:
        """Give what goes in a placeholder's stead."""
        return self[_PLACES[word]]


#: Where in a filling each placeholder's own bytes stand: read for every reader, so by number.
_PLACES = {word: Filling._fields.index(word.name.lower()) for word in Placeholder}
#: The placeholders whose length is fixed, in the order of a filling.
_FIXED = (Placeholder.MAIL, Placeholder.LEAVE, Placeholder.PREFERENCES, Placeholder.SINCE)
_LENGTHS = tuple(map(len, _FIXED))


class Mould:
    """One edition's mail, ready to be filled. Raises MouldError for one that cannot be."""

    def __init__(self, message: bytes) -> None:
        if b"\n" in message.replace(b"\r\n", b"") or b"\r" in message.replace(b"\r\n", b""):
            raise MouldError("a mail's lines end in CRLF, all of them")
        if b"\r\n\r\n" not in message:
            raise MouldError("a mail has headers, an empty line and a body")
        self._plain = _Form(_cut(message))
        self._stuffed = _Form(_cut(_stuff(message)))
        _prove(self, message)

    def fill(self, filling: Filling, *, stuffed: bool) -> list[bytes]:
        """Give the pieces of one subscriber's mail, in order.

        With ``stuffed`` leading dots are doubled, as DATA wants them (RFC 5321, section 4.5.2).
        """
        _check(filling)
        return (self._stuffed if stuffed else self._plain).fill(filling)


class _Form:
    """A mail's pieces, and the places among them that are filled."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = [piece if isinstance(piece, bytes) else b"" for piece in pieces]
        self._open = [(at, own) for at, own in enumerate(pieces) if isinstance(own, int)]
        self._encoded = [(at, fill) for at, fill in enumerate(pieces) if callable(fill)]

    def fill(self, filling: Filling) -> list[bytes]:
        pieces = self._pieces.copy()
        for at, own in self._open:
            pieces[at] = filling[own]
        for at, fill in self._encoded:
            pieces[at] = fill(filling)
        return pieces


@lru_cache(maxsize=8)
def mould_of(message: bytes) -> Mould:
    """Make the mould of a mail, or find it made: what was proved before the slot need not be
    proved again at it."""
    return Mould(message)


def _stuff(message: bytes) -> bytes:
    """Double leading dots; a placeholder never begins with one nor holds a line end."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _check(filling: Filling) -> None:
    """A wrong length would break base64 lines, a line end would write a header."""
    address, mail, leave, preferences, since = filling
    if (len(mail), len(leave), len(preferences), len(since)) != _LENGTHS:
        wrong = next(word for word in _FIXED if len(filling.of(word)) != len(word))
        raise MouldError(f"{wrong.name} must have {len(wrong)} characters")
    if _CR in address or _LF in address or not address:
        raise MouldError("an address cannot hold a line end")


def _cut(message: bytes) -> list[Piece]:
    """Cut at every placeholder, in the open and in base64; merge what stands still."""
    cuts: list[tuple[int, int, int | Filler]] = [
        (*found.span(), _PLACES[_NAMES[found.group()]]) for found in _ANY.finditer(message)
    ]
    for start, end in _base64_parts(message):
        cuts.extend(_windows(message, start, end))
    cuts.sort(key=lambda cut: cut[0])
    pieces: list[Piece] = []
    at = 0
    for start, end, own in cuts:
        if start < at:
            raise MouldError("two placeholders overlap")
        pieces += [message[at:start], own]
        at = end
    pieces.append(message[at:])
    return [piece for piece in pieces if piece != b""]


def _base64_parts(message: bytes) -> Iterator[tuple[int, int]]:
    """Find the bodies of base64 parts, as spans of the message."""
    parsed = BytesParser(policy=compat32).parsebytes(message)
    at = 0
    for part in parsed.walk():
        if (
            part.is_multipart()
            or str(part.get("content-transfer-encoding", "")).lower() != "base64"
        ):
            continue
        payload = part.get_payload()
        if not isinstance(payload, str):
            continue
        body = payload.encode("ascii", "surrogateescape").replace(b"\r\n", b"\n")
        body = body.strip().replace(b"\n", b"\r\n")
        start = message.find(body, at) if body else -1
        if start >= 0:
            at = start + len(body)
            yield start, at


def _windows(message: bytes, start: int, end: int) -> Iterator[tuple[int, int, Filler]]:
    """Find the runs of base64 letters that hold placeholders."""
    letters = [i for i in range(start, end) if message[i] not in b"\r\n"]
    try:
        decoded = binascii.a2b_base64(message[start:end], strict_mode=False)
    except binascii.Error as error:
        raise MouldError(f"a base64 part cannot be read: {error}") from None
    group: list[tuple[int, int, Placeholder]] = []
    for found in _ANY.finditer(decoded):
        word = _NAMES[found.group()]
        if word is Placeholder.ADDRESS:
            raise MouldError("the address may stand in headers only")
        if group and found.start() // 3 <= (group[-1][1] - 1) // 3:
            group.append((found.start(), found.end(), word))
            continue
        if group:
            yield _window(message, letters, decoded, group)
        group = [(found.start(), found.end(), word)]
    if group:
        yield _window(message, letters, decoded, group)


def _window(
    message: bytes, letters: list[int], decoded: bytes, group: list[tuple[int, int, Placeholder]]
) -> tuple[int, int, Filler]:
    """Make the filler of one run: octets around and between, encoded, laid over the line ends."""
    first, last = group[0][0] // 3 * 3, min(-(-group[-1][1] // 3) * 3, len(decoded))
    low, high = letters[first // 3 * 4], letters[-(-last // 3) * 4 - 1] + 1
    steps: list[tuple[int, bytes]] = []
    for (_, end, word), (after, _, _) in zip(group, [*group[1:], (last, 0, None)], strict=True):
        steps.append((_PLACES[word], decoded[end:after]))
    before = decoded[first : group[0][0]]
    breaks = [found.start() for found in re.finditer(rb"\r\n", message[low:high])]

    def fill(filling: Filling) -> bytes:
        plain = before
        for own, behind in steps:
            plain += filling[own] + behind
        text = b2a_base64(plain, newline=False)
        for where in breaks:
            text = text[:where] + b"\r\n" + text[where:]
        return text

    return low, high, fill


def _prove(mould: Mould, message: bytes) -> None:
    """Fill once and read it back: every part must say what the frozen one says, filled."""
    sample = Filling(b"reader@sample.invalid", b"m" * 26, b"l" * 48, b"p" * 48, b"2026-01-01")
    filled = b"".join(mould.fill(sample, stuffed=False))
    wanted = list(_contents(message))
    if any(len(_ANY.findall(_WHITE.sub(b"", text))) != len(_ANY.findall(text)) for text in wanted):
        raise MouldError("a placeholder is torn by a line end")
    expected = [_ANY.sub(lambda found: sample.of(_NAMES[found.group()]), text) for text in wanted]
    if list(_contents(filled)) != expected:
        raise MouldError("a placeholder stands where it cannot be replaced")


def _contents(message: bytes) -> Iterator[bytes]:
    """Give the headers of a mail and then the decoded body of each part."""
    yield message.partition(b"\r\n\r\n")[0]
    for part in BytesParser(policy=compat32).parsebytes(message).walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload
