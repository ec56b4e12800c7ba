"""Header fields as octets, written by hand because every standard writer loses something.

The library's own folding encodes List-Unsubscribe beyond use, drops spaces from long Hangul
subjects or glues encoded words together, each on another Python. Here a field is ASCII, ends
in CRLF, is folded only at white space, and reads back to exactly what was written (RFC 5322,
RFC 2047). Standard library only, so that any Python can be asked to prove it.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

#: Longest encoded word (RFC 2047, section 2) and longest line that holds one.
WORD, LINE = 75, 76
#: Longest line wished for, and longest allowed (RFC 5322, 2.1.1), without CRLF.
WISHED, LONGEST = 78, 998
_OPEN, _CLOSE = "=?utf-8?b?", "?="
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_PLAIN = re.compile(r"[ -~]*")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
#: Most fields are the same in all letters of a series, and nearly all in both of an episode.
_remembered = lru_cache(maxsize=256)
_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+")


@_remembered
def field(name: str, value: str) -> bytes:
    """Write a field of fixed ASCII words, folded at its spaces when it is long.

    Raises ValueError for what is not printable ASCII or does not fit: such a value would be
    a header injection or an unreadable mail.
    """
    _check(name, value)
    return _folded(name, value.split(" "))


@_remembered
def text(name: str, value: str) -> bytes:
    """Write an unstructured field (Subject): as it is if it can be, else in encoded words."""
    if _PLAIN.fullmatch(value) and "=?" not in value and _is_plain_enough(name, value):
        return field(name, value)
    return _folded(name, encoded_words(value, first=LINE - len(name) - 2))


@_remembered
def mailbox(name: str, address: str, display: str = "") -> bytes:
    """Write an address field with a display name. The address is ASCII with an A-label domain."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"not an address that a header can hold: {address!r}")
    if not display:
        return _folded(name, [address])
    return _folded(name, [*phrase(display, len(name) + 2), f"<{address}>"])


@_remembered
def identified(name: str, identifier: str, display: str = "") -> bytes:
    """Write a field of a phrase and something in angle brackets (List-Id, RFC 2919)."""
    _check(name, identifier)
    return _folded(name, [*(phrase(display, len(name) + 2) if display else ()), f"<{identifier}>"])


@_remembered
def addresses(name: str, *urls: str) -> bytes:
    """Write a list of URLs in angle brackets (RFC 2369), folded after commas only, never encoded."""
    for url in urls:
        _check(name, url)
        if re.search(r'[<>"\s]', url):
            raise ValueError(f"not a URL that {name} can hold: {url!r}")
    last = len(urls) - 1
    words = [f"<{url}>" + ("," if at < last else "") for at, url in enumerate(urls)]
    return _bounded(f"{name}: " + "\r\n ".join(words))


def phrase(display: str, used: int = 0) -> list[str]:
    """Write a display name: atoms, a quoted string, or encoded words."""
    if _ATOM.fullmatch(display) and "=?" not in display and display.strip() == display:
        return display.split(" ")
    if _PLAIN.fullmatch(display) and "=?" not in display and len(display) < LINE - used - 2:
        escaped = re.sub(r'(["\\])', r"\\\1", display)
        return [f'"{escaped}"']
    return encoded_words(display, first=LINE - used)


def encoded_words(value: str, first: int = WORD) -> list[str]:
    """Cut a text into encoded words of whole characters; ``first`` is the room on the first line."""
    words: list[str] = []
    held = b""
    for mark in value:
        octets = mark.encode("utf-8")
        room = min(WORD, first) if not words else WORD
        if held and len(_OPEN) + _wide(len(held) + len(octets)) + len(_CLOSE) > room:
            words.append(_word(held))
            held = b""
        held += octets
    return [*words, _word(held)]


def _wide(octets: int) -> int:
    return (octets + 2) // 3 * 4


def _word(octets: bytes) -> str:
    return f"{_OPEN}{base64.b64encode(octets).decode('ascii')}{_CLOSE}"


def _is_plain_enough(name: str, value: str) -> bool:
    """Say whether folding at single spaces gives the value back: no run of spaces, no long word."""
    words = value.split(" ")
    return all(words) and all(len(word) < WISHED - len(name) - 2 for word in words)


def _folded(name: str, words: list[str]) -> bytes:
    """Lay words on lines of at most WISHED characters where they allow it."""
    lines, line = [], f"{name}:"
    for word in words:
        limit = LINE if word.startswith("=?") else WISHED
        if len(line) + 1 + len(word) > limit and line != f"{name}:":
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return _bounded("\r\n".join([*lines, line]))


def _bounded(written: str) -> bytes:
    octets = written.encode("ascii")
    if any(len(line) > LONGEST for line in octets.split(b"\r\n")):
        raise ValueError("a header line is longer than 998 octets")
    return octets + b"\r\n"


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name) or not _PLAIN.fullmatch(value) or not value.strip():
        raise ValueError(f"not a value that {name} can hold: {value!r}")
