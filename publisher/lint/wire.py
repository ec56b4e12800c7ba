"""Reading a message as the octets that travel: header fields, parts, and nothing forgiven.

RFC 5322 (fields, folding, line ends), RFC 2045 and 2046 (parts, transfer encodings) and
RFC 2047 (encoded words) are read here by hand, because the standard library repairs in silence
what a receiving server refuses. The reader keeps every octet: what is wrong with it is for the
checks to say.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

ENCODED_WORD = re.compile(r"=\?([^\s?*]+)(?:\*[^\s?]*)?\?([bBqQ])\?([^\s?]*)\?=")
_BEHIND = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_PARAMETER = re.compile(r';\s*([!#$%&\'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))')
#: Parts inside parts beyond this are not mail any more.
DEPTH = 8
#: Nor are more parts in one message, or more fields in one head; what follows is not looked at.
PARTS, FIELDS = 500, 1000
#: Codecs of the language that are no charsets of mail, some of them slow or refusing on purpose.
_NO_CHARSETS = frozenset(
    {"punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
)


@dataclass(frozen=True)
class Field:
    """One header field: its name as written, its raw value with any folds, its line from 1."""

    name: str
    raw: bytes
    line: int

    @cached_property
    def value(self) -> str:
        """The value on one line: folds taken out (RFC 5322, 2.2.3), octets above 127 kept."""
        return re.sub(rb"\r?\n(?=[ \t])", b"", self.raw).strip().decode("latin-1")

    @cached_property
    def decoded(self) -> str:
        """The value as a person reads it, encoded words resolved."""
        return decode_words(self.value)


@dataclass(frozen=True)
class Entity:
    """A message or one of its parts: fields, body octets, the parts inside it.

    ``line`` is the line on which the body begins, ``stray`` are lines of the head that are
    no field.
    """

    fields: tuple[Field, ...]
    body: bytes
    line: int
    parts: tuple[Entity, ...] = field(default=())
    stray: tuple[int, ...] = ()

    def all(self, name: str) -> tuple[Field, ...]:
        """Give every field of a name, in order, whatever its case."""
        return self._named.get(name.lower(), ())

    @cached_property
    def _named(self) -> dict[str, tuple[Field, ...]]:
        named: dict[str, list[Field]] = {}
        for one in self.fields:
            named.setdefault(one.name.lower(), []).append(one)
        return {name: tuple(found) for name, found in named.items()}

    def get(self, name: str) -> str:
        """Give the value of the first field of a name, or nothing."""
        found = self.all(name)
        return found[0].value if found else ""

    @cached_property
    def media_type(self) -> str:
        """``type/subtype`` in lower case; plain text where nothing is said (RFC 2045, 5.2)."""
        return self.get("Content-Type").partition(";")[0].strip().lower() or "text/plain"

    def parameter(self, name: str) -> str:
        """Read a parameter of Content-Type."""
        return parameters(self.get("Content-Type")).get(name, "")

    @cached_property
    def encoding(self) -> str:
        return self.get("Content-Transfer-Encoding").strip().lower() or "7bit"

    @cached_property
    def octets(self) -> bytes:
        """The body with its transfer encoding undone; damaged data as far as it goes."""
        match self.encoding:
            case "base64":
                return lenient_base64(self.body) if self._strict is None else self._strict
            case "quoted-printable":
                return quopri.decodestring(self.body)
            case _:
                return self.body

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines of the body without their ends."""
        return self.body.replace(b"\r\n", b"\n").split(b"\n")

    @cached_property
    def _strict(self) -> bytes | None:
        return strict_base64(self.body.replace(b"\r\n", b"").replace(b"\n", b""))

    @property
    def is_sound(self) -> bool:
        """Say whether a base64 body has no fault."""
        return self._strict is not None

    @cached_property
    def _utf8(self) -> str | None:
        """The body, decoded, as characters; None where it is not UTF-8 throughout."""
        try:
            return self.octets.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @cached_property
    def text(self) -> str:
        """The body as characters, in the charset it names; never fails."""
        charset = self.parameter("charset") or "utf-8"
        if self._utf8 is not None and charset.lower() == "utf-8":
            return self._utf8
        return in_charset(self.octets, charset)

    @property
    def is_utf8(self) -> bool:
        """Say whether the body, decoded, is UTF-8 throughout."""
        return self._utf8 is not None

    def is_narrow(self, limit: int) -> bool:
        """Say whether no line of the body has more octets than that, its line end apart."""
        step = limit + 2
        # A writer of base64 ends its lines at equal distances: then they need not be told apart.
        ends = (self.body[limit::step], self.body[limit + 1 :: step])
        if ends == (b"\r" * len(ends[1]), b"\n" * len(ends[1])):
            return True
        return max(map(len, self.lines)) <= limit

    def leaves(self) -> Iterator[Entity]:
        """Visit the parts that hold no parts."""
        if self.parts:
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self


@dataclass(slots=True)
class _Room:
    """How many parts may still be taken out of one message."""

    left: int = PARTS


#: The message read last, by identity: the checks and the proof of the gate look at the same octets.
_last: tuple[bytes, Entity] | None = None


def read(message: bytes) -> Entity:
    """Read a message; never fails, whatever the octets."""
    global _last  # noqa: PLW0603 -- one message is kept, in one stroke
    known = _last
    if known is None or known[0] is not message:
        known = _last = (message, _read(message, 1, 0, _Room()))
    return known[1]


def _read(message: bytes, line: int, depth: int, room: _Room) -> Entity:
    head, gap, body = _head_and_body(message)
    fields, stray = _fields(head, line)
    whole = Entity(fields, body, line + (head + gap).count(b"\n"), (), stray)
    if depth >= DEPTH:
        return whole
    if whole.media_type.startswith("multipart/") and (boundary := whole.parameter("boundary")):
        mark = boundary.encode("latin-1", "replace")
        if depth:
            parts = _parts(whole.body, mark, whole.line, depth, room)
        else:
            parts = _parts_of_a_message(whole.body, mark, whole.line)
    elif whole.media_type == "message/rfc822":
        parts = (_read(whole.octets, whole.line, depth + 1, room),)
    else:
        return whole
    return Entity(whole.fields, whole.body, whole.line, parts, whole.stray)


@lru_cache(maxsize=2)
def _parts_of_a_message(body: bytes, boundary: bytes, line: int) -> tuple[Entity, ...]:
    """Read the parts once for both editions of an episode, which often differ in the head alone."""
    return _parts(body, boundary, line, 0, _Room())


def _parts(body: bytes, boundary: bytes, line: int, depth: int, room: _Room) -> tuple[Entity, ...]:
    return tuple(
        _read(part, line + offset, depth + 1, room) for part, offset in _split(body, boundary, room)
    )


def _head_and_body(message: bytes) -> tuple[bytes, bytes, bytes]:
    if first := re.match(rb"\r?\n", message):
        return b"", first.group(), message[first.end() :]
    blank = re.search(rb"\r?\n(\r?\n)", message)
    if blank is None:
        return message, b"", b""
    return message[: blank.start(1)], blank.group(1), message[blank.end() :]


def _fields(head: bytes, line: int) -> tuple[tuple[Field, ...], tuple[int, ...]]:
    """Cut a head into fields; continuation lines belong to the field above them."""
    fields: list[tuple[str, list[bytes], int]] = []
    stray: list[int] = []
    for number, octets in enumerate(head.splitlines(keepends=True), start=line):
        if octets[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(octets)
        elif len(fields) + len(stray) == FIELDS:
            break
        elif named := re.match(rb"([!-9;-~]+)[ \t]*:", octets):
            fields.append((named.group(1).decode("ascii"), [octets[named.end() :]], number))
        else:
            stray.append(number)
    return tuple(Field(name, b"".join(raw), at) for name, raw, at in fields), tuple(stray)


def _boundaries(body: bytes, mark: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Find a mark where nothing stands behind it on its line but ``--``, which ends the last part."""
    # Every message has a mark of its own: a pattern made for each would be used once.
    at = body.find(mark)
    while at >= 0:
        found = _BEHIND.match(body, at + len(mark))
        if found:
            yield at, found
        at = body.find(mark, found.end() if found else at + 1)


def _split(body: bytes, boundary: bytes, room: _Room) -> Iterator[tuple[bytes, int]]:
    """Cut a multipart body at its boundary lines (RFC 2046, 5.1.1); the line offset beside each."""
    start = None
    line = counted = 0
    for at, found in _boundaries(body, b"--" + boundary):
        before = body[max(0, at - 2) : at]
        if before and not before.endswith(b"\n"):
            continue
        if room.left <= 0:
            return
        if start is not None:
            # The line end before a boundary belongs to it.
            end = at - (2 if before == b"\r\n" else 1)
            room.left -= 1
            line, counted = line + body.count(b"\n", counted, start), start
            yield body[start : max(start, end)], line
        if found.group(1):
            return
        start = found.end()
    if start is not None and room.left > 0:
        room.left -= 1
        yield body[start:], body.count(b"\n", 0, start)


@lru_cache(maxsize=64)
def parameters(value: str) -> Mapping[str, str]:
    """Read the parameters of a structured field (RFC 2045, 5.1), names in lower case."""
    found: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(value):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else bare)
    return found


def strict_base64(letters: bytes) -> bytes | None:
    """Undo base64, its line ends taken out, without a fault in it; None where it has one."""
    try:
        return binascii.a2b_base64(letters, strict_mode=True)
    except binascii.Error:
        return None


def lenient_base64(body: bytes) -> bytes:
    """Undo base64 as far as it goes: strange octets skipped, missing padding supplied."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:  # cannot happen after the repair; a reader of hostile mail is sure
        return b""


def in_charset(octets: bytes, charset: str) -> str:
    """Turn octets into characters; UTF-8 where the charset is unknown, U+FFFD where they fail."""
    try:
        return octets.decode(charset if is_charset(charset) else "utf-8", "replace")
    except (LookupError, ValueError):
        return octets.decode("utf-8", "replace")


def is_charset(name: str) -> bool:
    """Say whether a name is that of a charset that can be read here."""
    try:
        return codecs.lookup(name).name not in _NO_CHARSETS
    except (LookupError, ValueError):
        return False


def word_octets(encoding: str, data: str) -> bytes:
    """Undo the B or Q encoding of one encoded word (RFC 2047, 4)."""
    raw = data.encode("latin-1", "replace")
    if encoding in "bB":
        return lenient_base64(raw)
    return quopri.decodestring(raw.replace(b"_", b" "), header=True)


def decode_words(value: str) -> str:
    """Resolve encoded words in a header value (RFC 2047).

    White space between two neighbouring words is dropped. Octets of neighbours in one charset
    are joined before they are decoded, so that even a character cut in two is seen here.
    """
    if "=?" not in value:
        return _as_utf8(value)
    out: list[str] = []
    waiting = b""
    charset = ""
    last = 0

    def flush() -> None:
        nonlocal waiting
        if waiting:
            out.append(in_charset(waiting, charset))
            waiting = b""

    for word in ENCODED_WORD.finditer(value):
        between = value[last : word.start()]
        if between.strip() or not last:
            flush()
            out.append(between)
        if word.group(1).lower() != charset:
            flush()
            charset = word.group(1).lower()
        waiting += word_octets(word.group(2), word.group(3))
        last = word.end()
    flush()
    rest = value[last:]
    out.append(rest)
    return _as_utf8("".join(out))


def _as_utf8(value: str) -> str:
    """Read a header with raw UTF-8 octets too, which the checks refuse."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value
