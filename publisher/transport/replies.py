"""What an SMTP server says, read from the wire however it comes: split, merged, in many lines.

RFC 5321 section 4.2; enhanced status codes RFC 2034 and RFC 3463.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

#: RFC 5321 allows 512 octets a line; some servers say more, none needs this much.
LINE_LIMIT = 8_192
REPLY_LIMIT = 65_536
_LINE = re.compile(rb"([2-5][0-9][0-9])([ -]?)(.*)", re.DOTALL)
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?!\S)")


class ReplyError(ValueError):
    """Something that is not SMTP."""


class Reply(NamedTuple):
    """One whole reply; ``text`` has the lines of a long one joined by spaces, ``said`` the code as well."""

    code: int
    text: str
    said: str

    @property
    def status(self) -> str:
        """The enhanced status code, such as ``5.1.1``; empty when the server gives none."""
        found = _STATUS.match(self.text)
        return found.group(1) if found else ""


class Replies:
    """The replies on one connection, as far as they have come in."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._code = b""
        self._size = 0

    def feed(self, octets: bytes) -> Sequence[Reply]:
        """Take what was received; give the replies that are complete now.

        Raises ReplyError for what is no reply, or never ends.
        """
        if not self._rest and not self._lines:
            # What follows on a mail's own answer is the same for each: read once.
            first, end, others = octets.partition(b"\n")
            known = _known(others)
            reply = _short(first) if end and known is not None else None
            if known is not None and reply is not None:
                return (reply, *known)
        *lines, self._rest = (self._rest + octets).split(b"\n")
        if len(self._rest) > LINE_LIMIT:
            raise ReplyError("a line without an end")
        return [reply for line in lines if (reply := self._line(line)) is not None]

    def _line(self, line: bytes) -> Reply | None:
        found = _LINE.fullmatch(line.rstrip(b"\r"))
        if found is None or len(line) > LINE_LIMIT:
            raise ReplyError(f"not a reply: {printable(line[:80])}")
        code, mark, text = found.groups()
        if self._lines and code != self._code:
            raise ReplyError("a reply that changes its code half-way")
        self._size += len(line)
        if self._size > REPLY_LIMIT:
            raise ReplyError("a reply without an end")
        self._code = code
        self._lines.append(printable(text))
        if mark == b"-":
            return None
        reply = _reply(code, _joined(self._lines))
        self._lines, self._size = [], 0
        return reply


@lru_cache(maxsize=64)
def _known(octets: bytes) -> tuple[Reply, ...] | None:
    """Read replies of one line each, up to the end; None where there is anything else."""
    *lines, rest = octets.split(b"\n")
    replies = tuple(reply for reply in map(_short, lines) if reply is not None)
    return None if rest or len(replies) != len(lines) else replies


@lru_cache(maxsize=64)
def _short(line: bytes) -> Reply | None:
    """Read a reply of one line; many are word for word what the server said before."""
    if line[3:4] != b" " or line[0] not in b"2345" or not line[:3].isdigit():
        return None
    return _reply(line[:3], printable(line[4:])) if len(line) < LINE_LIMIT else None


def _reply(code: bytes, text: str) -> Reply:
    return Reply(int(code), text, f"{code.decode('ascii')} {text}".strip())


def _joined(lines: list[str]) -> str:
    """Join the lines of a reply; a status code repeated on each is said once."""
    if len(lines) == 1:
        return lines[0]
    first = _STATUS.match(lines[0])
    if first is None:
        return " ".join(lines)
    rest = [line.removeprefix(first.group(1)).lstrip() for line in lines[1:]]
    return " ".join([lines[0], *rest])


def printable(octets: bytes) -> str:
    """Make a server's words safe to store and to print: no controls, no broken UTF-8."""
    text = octets.decode("utf-8", "replace").strip()
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "�" for letter in text)
