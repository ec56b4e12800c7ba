"""The parts of a letter: which there are, how they are encoded, how much they weigh, what is left over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from publisher.lint.letter.budget import HEAVY, TOO_HEAVY, TRAVELLING, kilobytes
from publisher.lint.letter.copy import Copy, under
from publisher.model.edition import Placeholder
from publisher.model.problem import Fault, Place, Problem, Severity

PARTS = Fault(
    "letter/parts",
    Severity.ERROR,
    "The letter is made of: {found}.",
    "It needs multipart/alternative with text/plain first and text/html after it.",
)
EMPTY = Fault(
    "letter/part-empty",
    Severity.ERROR,
    "The {kind} part is empty.",
    "Both parts say the whole letter.",
)
CHARSET = Fault(
    "letter/charset",
    Severity.ERROR,
    "The {kind} part is not valid {charset}.",
    "Send both parts as UTF-8.",
)
ENCODING = Fault(
    "letter/encoding",
    Severity.WARNING,
    "The {kind} part is sent as {encoding}.",
    "Use base64: quoted-printable makes Hangul three times as long, and 8bit lines are broken on the way.",
)
LARGE = Fault(
    "letter/html-large",
    Severity.WARNING,
    "The HTML has {kilobytes} KB; Gmail cuts a letter at about 102 KB. What costs most: {most}.",
    "Shorten what costs most, or put a part of the letter on the web page only.",
)
TOO_LARGE = Fault(
    "letter/html-too-large",
    Severity.ERROR,
    "The HTML has {kilobytes} KB: Gmail cuts a letter at about 102 KB, before its end, where the way to leave stands. What costs most: {most}.",
    "Shorten the letter to less than 100 KB, or split it into two episodes.",
)
WIRE_LARGE = Fault(
    "letter/wire-large",
    Severity.WARNING,
    "The HTML part has {kilobytes} KB on the wire; at 102 KB Gmail may cut. What costs most: {most}.",
    "Shorten the letter to about 75 KB of HTML.",
)
REFERENCES = Fault(
    "letter/numeric-references",
    Severity.ERROR,
    "{count} letters are written as numeric references (&#…;).",
    "Leave Hangul as it is, in UTF-8: references triple the letter and hide it from search.",
)
CONTROL = Fault(
    "letter/control-character",
    Severity.ERROR,
    "The {kind} part holds a control character ({name}).",
    "Take it out of the text; Gmail cuts a letter at some of them.",
)
NFD = Fault(
    "letter/nfd",
    Severity.ERROR,
    "The {kind} part holds Hangul taken apart into letters (NFD).",
    "Compose the text (NFC) before it is rendered.",
)
PLACEHOLDER = Fault(
    "letter/placeholder",
    Severity.ERROR,
    "“{text}” was not replaced ({kind}).",
    "Look at the template: the value it names does not exist.",
)

_LEFT = re.compile(
    r"\{\{.{0,40}|\}\}|\{%.{0,40}|%7B%7B.{0,40}|%%[A-Za-z_]+%%|\*\|[A-Za-z_:]+\|\*|\[object Object\]|"
    r"\[\[[A-Za-z_]+\]\]|<[A-Za-z.]+ object at 0x",
    re.IGNORECASE,
)
#: Where a value should stand and a program's word for “nothing” does.
_NOTHING = re.compile(
    r"(?:=\"|=')(?:None|undefined|null|nan)(?=[\"'])|[/=](?:None|undefined|null|NaN)(?=[/\"'?&#])"
    r"|>\s*(?:None|undefined|null|NaN)\s*<|^(?:None|undefined|null|NaN)$",
    re.MULTILINE,
)
_REFERENCE = re.compile(r"&#(?:x[0-9a-fA-F]+|\d+);")
_STYLE = re.compile(r"<[sS][tT][yY][lL][eE]\b")
#: One of these stands in whatever ``_LEFT`` or ``_NOTHING`` finds; looking for them is quick,
#: and quicker still for the one mark that each begins with.
_TRACES: tuple[Mapping[bytes, tuple[bytes, ...]], ...] = (
    {
        b"{": (b"{{", b"{%"),
        b"}": (b"}}",),
        b"%": (b"%7B", b"%7b", b"%%"),
        b"*": (b"*|",),
        b"[": (b"[[", b"[o", b"[O"),
        b"0": (b"0x", b"0X"),
    },
    {b"N": (b"None", b"NaN"), b"u": (b"undefined",), b"n": (b"null", b"nan")},
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
#: References that a template writes on purpose (the padding behind the preheader, spaces).
_FEW = 50


def check(copy: Copy) -> Iterator[Problem]:
    yield from _kinds(copy)
    yield from _sizes(copy)
    for kind, text in (("text/plain", copy.text), ("text/html", copy.html)):
        for problem in _in_text(kind, text):
            yield under(copy.name, problem)
    for problem in _left_over("Subject", copy.subject):
        yield under(copy.name, problem)
    if not copy.expected.frozen:
        yield from _never_filled(copy)


def _kinds(copy: Copy) -> Iterator[Problem]:
    kinds = [part.media_type for part in copy.leaves]
    if copy.whole.media_type != "multipart/alternative" or kinds != ["text/plain", "text/html"]:
        found = ", ".join([copy.whole.media_type, *kinds] if copy.whole.parts else kinds)
        yield PARTS.at(copy.place(copy.whole.line), found=found)
    for part in copy.leaves:
        if not part.media_type.startswith("text/"):
            continue
        place = copy.place(part.line)
        if not part.octets or part.octets.isspace():
            yield EMPTY.at(place, kind=part.media_type)
        charset = part.parameter("charset").lower()
        if charset != "utf-8" or not part.is_utf8:
            yield CHARSET.at(place, kind=part.media_type, charset=charset or "us-ascii")
        if part.encoding != "base64" and not (part.encoding == "7bit" and part.octets.isascii()):
            yield ENCODING.at(place, kind=part.media_type, encoding=part.encoding)


def _sizes(copy: Copy) -> Iterator[Problem]:
    part = copy.part("text/html")
    if part is None:
        return
    size = len(part.octets)
    if size >= HEAVY:
        fault = TOO_LARGE if size >= TOO_HEAVY else LARGE
        yield fault.at(copy.place(part.line), kilobytes=kilobytes(size), most=_most(copy))
    elif len(part.body) > TRAVELLING:
        most = _most(copy)
        yield WIRE_LARGE.at(copy.place(part.line), kilobytes=kilobytes(len(part.body)), most=most)
    if part.text.count("&#") > _FEW and (count := len(_REFERENCE.findall(part.text))) > _FEW:
        yield REFERENCES.at(copy.place(part.line), count=count)


def _most(copy: Copy) -> str:
    """Say what the octets go to: the blocks, or for a letter from elsewhere the kinds of markup."""
    if copy.expected.heaviest:
        return ", ".join(copy.expected.heaviest)
    kinds = {
        "<style>": sum(len(css.encode()) for css, _ in copy.markup.styles),
        "style=": sum(len(e.get("style").encode()) for e in copy.markup.elements),
        "href=, src=": sum(
            len((e.get("href") + e.get("src")).encode()) for e in copy.markup.elements
        ),
        "text": sum(len(words.text.encode()) for words in copy.markup.words),
    }
    ranked = sorted(kinds.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{kind} ({kilobytes(octets)} KB)" for kind, octets in ranked if octets)


@lru_cache(maxsize=4)
def _in_text(kind: str, text: str) -> tuple[Problem, ...]:
    """Look at one text by itself: both readers of an episode may get the same."""
    return (*_characters(kind, text), *_left_over(kind, text))


def _characters(kind: str, text: str) -> Iterator[Problem]:
    if found := _CONTROL.search(text):
        name = f"U+{ord(found.group()):04X}"
        yield CONTROL.at(_in(kind, text, found.start()), kind=kind, name=name)
    if not unicodedata.is_normalized("NFC", text):
        found = re.search("[\u1100-\u1112][\u1161-\u1175]", text)
        yield NFD.at(_in(kind, text, found.start() if found else 0), kind=kind)


def _left_over(kind: str, text: str) -> Iterator[Problem]:
    told: set[str] = set()
    if kind == "text/html":
        text = _without_styles(text)
    # All traces are ASCII: Hangul left out, they still stand together, and are found in no time.
    letters = text.encode("ascii", "ignore")
    for pattern, traces in zip((_LEFT, _NOTHING), _TRACES, strict=True):
        if not _has_trace(letters, traces):
            continue
        for found in pattern.finditer(text):
            words = found.group().strip("=\"'<>/ \n")[:40]
            if words not in told:
                told.add(words)
                if len(told) > _FEW:
                    return
                yield PLACEHOLDER.at(_in(kind, text, found.start()), text=words, kind=kind)


def _has_trace(letters: bytes, traces: Mapping[bytes, tuple[bytes, ...]]) -> bool:
    for first, whole in traces.items():
        if first in letters and any(trace in letters for trace in whole):
            return True
    return False


def _without_styles(html: str) -> str:
    """Blank out style sheets, whose closing braces stand together; lines stay in place."""
    first, *others = _STYLE.split(html)
    kept = [first]
    for other in others:
        sheet, end, rest = other.partition("</style>")
        kept.append("\n" * sheet.count("\n") + rest if end else other)
    return "".join(kept)


def _never_filled(copy: Copy) -> Iterator[Problem]:
    """Look for the placeholders of a frozen letter in one that is meant to leave."""
    head = b"\r\n".join(one.name.encode() + b":" + one.raw for one in copy.whole.fields).decode(
        "latin-1"
    )
    for kind, text in (("text/plain", copy.text), ("text/html", copy.html), ("head", head)):
        for placeholder in Placeholder:
            if (at := text.find(placeholder)) >= 0:
                problem = PLACEHOLDER.at(_in(kind, text, at), text=placeholder.name, kind=kind)
                yield under(copy.name, problem)


def _in(kind: str, text: str, at: int) -> Place:
    """A place in a message whose name is put before it."""
    line = text.count("\n", 0, at) + 1
    match kind:
        case "text/html":
            return Place("#html", line, 1)
        case "text/plain":
            return Place("#text", line, 1)
        case _:
            return Place("", 1, 1)
