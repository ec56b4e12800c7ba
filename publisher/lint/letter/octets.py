"""The octets of a message: line ends, line lengths, fields, encoded words (RFC 5322, 2045, 2047)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint import wire
from publisher.lint.letter.copy import Copy
from publisher.lint.wire import ENCODED_WORD, Entity, Field
from publisher.model.problem import Fault, Problem, Severity

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


def check(copy: Copy) -> Iterator[Problem]:
    yield from _lines(copy)
    yield from _fields(copy)
    for part in (copy.whole, *copy.parts):
        for one in part.fields:
            yield from _words(copy, one)
        if not part.parts and part.encoding == "base64":
            yield from _base64(copy, part)


def _lines(copy: Copy) -> Iterator[Problem]:
    """Look at every line; of each fault only the first is told."""
    ends = copy.octets.count(b"\r\n")
    for mark, pattern, octet in ((b"\n", rb"(?<!\r)\n", "LF"), (b"\r", rb"\r(?!\n)", "CR")):
        if copy.octets.count(mark) == ends:
            continue
        if bare := re.search(pattern, copy.octets):
            line = copy.octets.count(b"\n", 0, bare.start()) + 1
            yield LINE_END.at(copy.place(line), line=line, octet=octet)
    lines = copy.octets.split(b"\n")
    if max(map(len, lines)) <= LINE_LIMIT:
        return
    for number, line_octets in enumerate(lines, start=1):
        if (length := len(line_octets.rstrip(b"\r"))) > LINE_LIMIT:
            yield LINE_TOO_LONG.at(copy.place(number), line=number, octets=length)
            return


def _fields(copy: Copy) -> Iterator[Problem]:
    for part in (copy.whole, *copy.parts):
        for line in part.stray:
            yield STRAY.at(copy.place(line), line=line)
        for one in part.fields:
            if not one.raw.isascii() or b"\x7f" in one.raw:
                yield NOT_ASCII.at(copy.place(one.line), name=one.name)
            if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", one.raw) or re.search(
                r"[\x00-\x1f\x7f-\x9f]", one.decoded
            ):
                yield CONTROL.at(copy.place(one.line), name=one.name)
    for name in SINGLE:
        if len(found := copy.whole.all(name)) > 1:
            yield TWICE.at(copy.place(found[1].line), name=name, count=len(found))
    for name in NEEDED:
        if not copy.whole.get(name):
            yield MISSING.at(copy.place(1), name=name)


def _words(copy: Copy, one: Field) -> Iterator[Problem]:
    value = one.value
    if "=?" not in value:
        return
    place = copy.place(one.line)
    if re.search(r"\?==\?", value):
        yield GLUED.at(place, name=one.name)
    for word in ENCODED_WORD.finditer(value):
        if len(word.group()) > WORD_LIMIT:
            yield LONG_WORD.at(place, name=one.name, length=len(word.group()))
            break
    if not all(_stands_alone(word) for word in ENCODED_WORD.finditer(value)) or "=?" in (
        ENCODED_WORD.sub("", value)
    ):
        yield SPLIT.at(place, name=one.name)


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


def _base64(copy: Copy, part: Entity) -> Iterator[Problem]:
    if part.is_sound and part.widest <= BASE64_LIMIT:
        return
    lines = part.body.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    if max(map(len, lines)) > BASE64_LIMIT:
        number = next(at for at, octets in enumerate(lines) if len(octets) > BASE64_LIMIT)
        line = part.line + number
        yield BASE64_LINE.at(copy.place(line), line=line, octets=len(lines[number]))
    if part.is_sound:
        return
    data = b"".join(lines)
    if len(data) % 4 or not re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", data):
        yield BASE64_BROKEN.at(copy.place(part.line), kind=part.media_type)
