"""The octets of a message: line ends, line lengths, fields, encoded words (RFC 5322, 2045, 2047)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from publisher.lint import wire
from publisher.lint.letter.copy import Copy, under
from publisher.lint.wire import ENCODED_WORD, Entity, Field
from publisher.model.problem import Fault, Place, Problem, Severity

LINE_END = Fault(
    "letter/line-end",
    Severity.ERROR,
    "Line {line} ends with a bare {octet}.",
    "End every line with CR LF: relays repair it after the signature was made.",
)
LINE_TOO_LONG = Fault(
    "letter/line-too-long",
    Severity.ERROR,
    "Line {line} has {octets} octets; 998 is the limit.",
    "Encode the part in base64: relays break longer lines, and the signature with them.",
)
BASE64_LINE = Fault(
    "letter/base64-line",
    Severity.WARNING,
    "Line {line} of a base64 part has {octets} octets; 76 is the limit.",
    "Break the lines of the part at 76.",
)
BASE64_BROKEN = Fault(
    "letter/base64-broken",
    Severity.ERROR,
    "The base64 of the {kind} part is damaged.",
    "Render the mail again; a placeholder may have been replaced by something of another length.",
)
NOT_ASCII = Fault(
    "letter/header-not-ascii",
    Severity.ERROR,
    "The header {name} holds octets beyond ASCII.",
    "Write it in encoded words (RFC 2047).",
)
STRAY = Fault(
    "letter/header-form",
    Severity.ERROR,
    "Line {line} of the head is no header field.",
    "Look for a line break inside a header value.",
)
CONTROL = Fault(
    "letter/header-control",
    Severity.ERROR,
    "The header {name} holds a control character.",
    "Take it out of the text that the header is made from.",
)
TWICE = Fault(
    "letter/header-twice",
    Severity.ERROR,
    "The header {name} stands there {count} times.",
    "Send it once: Gmail refuses such mail (550 5.7.1).",
)
MISSING = Fault(
    "letter/header-missing",
    Severity.ERROR,
    "The header {name} is missing.",
    "Every letter needs one.",
)
LONG_WORD = Fault(
    "letter/word-too-long",
    Severity.ERROR,
    "The header {name} has an encoded word of {length} characters; 75 is the limit.",
    "Fold the header at whole characters (RFC 2047, 2).",
)
GLUED = Fault(
    "letter/word-glued",
    Severity.ERROR,
    "Two encoded words of the header {name} stand together without a space.",
    "Separate them: Yahoo refuses such mail (554).",
)
SPLIT = Fault(
    "letter/word-split",
    Severity.ERROR,
    "An encoded word of the header {name} cannot be read by itself.",
    "Each word must hold whole characters (RFC 2047, 5).",
)

SINGLE = (
    "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Archive",
    "List-Post", "Feedback-ID", "Auto-Submitted", "Precedence", "Return-Path", "In-Reply-To", "References",
)  # fmt: skip
NEEDED = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
#: Fields in which an encoded word may stand (RFC 2047, 5): unstructured ones, phrases, comments.
LINE_LIMIT, BASE64_LIMIT, WORD_LIMIT = 998, 76, 75


#: Letters of one house have most fields in common, and the editions of an episode whole parts.
_FIELDS, _PARTS = 256, 4


def check(copy: Copy) -> Iterator[Problem]:
    yield from _lines(copy)
    every = (copy.whole, *copy.parts)
    for part in every:
        yield from (under(copy.name, problem) for problem in _form(part.fields, part.stray))
    yield from _counts(copy)
    for part in every:
        yield from (under(copy.name, problem) for problem in _words(part.fields))
        if not part.parts and part.encoding == "base64":
            yield from (under(copy.name, problem) for problem in _base64(part))


def _lines(copy: Copy) -> Iterator[Problem]:
    """Look at every line; of each fault only the first is told."""
    body = copy.whole.body
    if _is_fit(copy.octets[: len(copy.octets) - len(body)]) and _is_fit(body):
        return
    ends = copy.octets.count(b"\r\n")
    for mark, pattern, octet in ((b"\n", rb"(?<!\r)\n", "LF"), (b"\r", rb"\r(?!\n)", "CR")):
        if copy.octets.count(mark) == ends:
            continue
        if bare := re.search(pattern, copy.octets):
            line = copy.octets.count(b"\n", 0, bare.start()) + 1
            yield LINE_END.at(copy.place(line), line=line, octet=octet)
    for number, line_octets in enumerate(copy.octets.split(b"\n"), start=1):
        if (length := len(line_octets.rstrip(b"\r"))) > LINE_LIMIT:
            yield LINE_TOO_LONG.at(copy.place(number), line=number, octets=length)
            return


@lru_cache(maxsize=_PARTS)
def _is_fit(octets: bytes) -> bool:
    """Say whether every line ends in CR LF and none is too long."""
    bare = octets.replace(b"\r\n", b"")
    if b"\n" in bare or b"\r" in bare:
        return False
    # From line end to line end, as many lines at a stride as one may be long.
    at, reach = 0, LINE_LIMIT + len(b"\r\n")
    while at + LINE_LIMIT < len(octets):
        end = octets.rfind(b"\n", at, at + reach)
        if end < 0:
            return False
        at = end + 1
    return True


def _here(line: int) -> Place:
    """A place in a message whose name is put before it."""
    return Place("", line, 1 if line else 0)


def _form(fields: tuple[Field, ...], stray: tuple[int, ...]) -> Iterator[Problem]:
    for line in stray:
        yield STRAY.at(_here(line), line=line)
    for one in fields:
        for fault in _misshapen(one.raw):
            yield fault.at(_here(one.line), name=one.name)


@lru_cache(maxsize=_FIELDS)
def _misshapen(raw: bytes) -> tuple[Fault, ...]:
    """Say what is wrong with the characters of a field’s value."""
    found = []
    if not raw.isascii() or b"\x7f" in raw:
        found.append(NOT_ASCII)
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw) or re.search(
        r"[\x00-\x1f\x7f-\x9f]", Field("", raw, 0).decoded
    ):
        found.append(CONTROL)
    return tuple(found)


def _counts(copy: Copy) -> Iterator[Problem]:
    for name in SINGLE:
        if len(found := copy.whole.all(name)) > 1:
            yield TWICE.at(copy.place(found[1].line), name=name, count=len(found))
    for name in NEEDED:
        if not copy.whole.get(name):
            yield MISSING.at(copy.place(1), name=name)


def _words(fields: tuple[Field, ...]) -> Iterator[Problem]:
    for one in fields:
        if b"=?" in one.raw:
            for problem in _in_words(one.name, one.value):
                yield Problem(_here(one.line), problem.fault, problem.details)


@lru_cache(maxsize=_FIELDS)
def _in_words(name: str, value: str) -> tuple[Problem, ...]:
    place, found = _here(0), []
    if re.search(r"\?==\?", value):
        found.append(GLUED.at(place, name=name))
    for word in ENCODED_WORD.finditer(value):
        if len(word.group()) > WORD_LIMIT:
            found.append(LONG_WORD.at(place, name=name, length=len(word.group())))
            break
    if not all(_stands_alone(word) for word in ENCODED_WORD.finditer(value)) or "=?" in (
        ENCODED_WORD.sub("", value)
    ):
        found.append(SPLIT.at(place, name=name))
    return tuple(found)


def _stands_alone(word: re.Match[str]) -> bool:
    charset, encoding, data = word.groups()
    if encoding in "bB" and (len(data) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", data)):
        return False
    if not wire.is_charset(charset):
        return False
    try:
        wire.word_octets(encoding, data).decode(charset)
    except (ValueError, LookupError):  # not of that charset, or a codec for something else
        return False
    return True


def _base64(part: Entity) -> Iterator[Problem]:
    if part.is_sound and part.is_narrow(BASE64_LIMIT):
        return
    lines = part.body.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    if max(map(len, lines)) > BASE64_LIMIT:
        number = next(at for at, octets in enumerate(lines) if len(octets) > BASE64_LIMIT)
        line = part.line + number
        yield BASE64_LINE.at(_here(line), line=line, octets=len(lines[number]))
    if part.is_sound:
        return
    data = b"".join(lines)
    if len(data) % 4 or not re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", data):
        yield BASE64_BROKEN.at(_here(part.line), kind=part.media_type)
