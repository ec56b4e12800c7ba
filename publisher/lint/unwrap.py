"""Undoing every wrapping that words can wear in mail, page, feed or index.

What the free audience can get is bytes: MIME parts in base64, headers in encoded words, HTML
with entities, feeds with HTML escaped inside XML, JSON with ``\\u`` escapes, addresses with
percent signs, all of it perhaps under gzip and one inside another. Each is taken off here, until
only words are left. The reading is generous on purpose: this is how a leak is looked for.
"""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from urllib.parse import unquote

from publisher.lint import wire

#: Wrappings one inside another that are undone; real ones go three deep.
ROUNDS = 5
#: A compressed file that grows beyond this is refused, not read.
MOST = 256 * 1024 * 1024
#: What separates blocks in a reading; no letter, so it never joins two sentences.
WALL = "\0"
#: So many letters around a change are read again: a sentence of fewer may run across it.
NEAR = 60
#: Shorter texts may well come again.
_SHORT = 300

# Each begins with one letter that is looked for quickly, however long the text is.
_MARKUP = re.compile(r"<(?:!\[CDATA\[|[a-zA-Z/!?][^<>]*>)")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|rp|ruby|s|samp|small|"
    r"span|strike|strong|sub|sup|tt|u|var|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_OCTETS = re.compile(r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*")
_URL_SAFE = str.maketrans("-_", "+/")
_IN_BASE64 = re.compile(r"data:[\w.+;=/-]{0,200};base64,([\w+/-]{8,}={0,2})")
_NOTE_MARKS = (
    re.compile(
        r"<[sS][uU][pP]\b[^<>]*>(?:<[^<>]*>){0,3}[\[(]?\d{1,3}[\])]?(?:<[^<>]*>){0,3}</[sS][uU][pP]>"
    ),
    re.compile(r"\[\d{1,3}\]"),
)
#: Without any of these nothing is wrapped: tags, entities, escapes, octets in percent, note marks.
#: The marks that may begin one are looked for first, which is quick.
_WRAPPED = re.compile(
    r"[<&\\%\[\]](?:(?<=[<&\\])|(?<=%)[0-9A-Fa-f]{2}|(?<=\[)\d{1,3}\]|(?<=\])\]>)"
)
#: So far before a change what was none can become one: ``[12`` before a mark that is taken out.
_BEFORE = 5
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_JSON_SPACE = re.compile(r"\\[nrtbf]")
#: One that nobody closed is taken to the end: to look for another beginning in it would take for ever.
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
#: What stands between the strings of JSON: marks, numbers, ``true``, ``false`` and ``null``.
_NOT_JSON = re.compile(r"[^\s\[\]{}:,0-9.eE+\-truefalsn]")


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something that a reader can get: what it is called, its bytes, their media type."""

    name: str
    data: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Words taken out of an artefact, and the spot in it where they stood."""

    spot: str
    words: str


def readings(artefact: Artefact) -> Iterator[Reading]:
    """Give all the words of an artefact, each wrapping undone; blocks are kept apart by ``WALL``."""
    data = _unzipped(artefact.data)
    kind = artefact.media_type.partition(";")[0].strip().lower() or _guess(artefact.name)
    if kind == "message/rfc822":
        yield from _message(wire.read(data))
    elif kind.endswith("json"):
        yield Reading("", _json(_decoded(data)))
    else:
        yield Reading("", unwrapped(_decoded(data), plain=kind == "text/plain"))


def _guess(name: str) -> str:
    ending = name.removesuffix(".gz").rpartition(".")[2].lower()
    return {"eml": "message/rfc822", "json": "application/json", "txt": "text/plain"}.get(
        ending, "text/html"
    )


def _unzipped(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    reader = zlib.decompressobj(wbits=31)
    try:
        return reader.decompress(data, MOST)
    except zlib.error:
        return data


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")


def _message(whole: wire.Entity) -> Iterator[Reading]:
    for part in (whole, *_inside(whole)):
        for one in part.fields:
            yield Reading(one.name, unwrapped(one.decoded, plain=True))
        if not part.parts:
            plain = part.media_type == "text/plain"
            words = _json(part.text) if part.media_type.endswith("json") else part.text
            yield Reading(part.media_type, unwrapped(words, plain=plain))
        else:
            yield Reading("preamble", unwrapped(_preamble(part), plain=True))


def _inside(whole: wire.Entity) -> Iterator[wire.Entity]:
    for part in whole.parts:
        yield part
        yield from _inside(part)


def _preamble(part: wire.Entity) -> str:
    """Give what stands before the first and after the last boundary, where nobody looks."""
    mark = b"--" + part.parameter("boundary").encode("latin-1", "replace")
    before, _, rest = part.body.partition(mark)
    after = rest.rpartition(mark)[2]
    return wire.in_charset(before + b"\n" + after, "utf-8")


def _json(text: str) -> str:
    """Give all strings of a JSON document or of parts of one, keys too; the text itself where it is none."""
    try:
        strings = tuple(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        strings = _strings_of_parts(text)
    return WALL.join(map(unwrapped, strings)) if strings else unwrapped(text)


def _strings_of_parts(text: str) -> tuple[str, ...]:
    """Give the strings of lines out of a JSON document; none where it is something else.

    Its escapes are undone exactly once, as any reader does: undone with all else, ``\\u0041``
    would lose the letters of what comes out of it.
    """
    found = tuple(_JSON_STRING.findall(text))
    if _NOT_JSON.search(_JSON_STRING.sub("", text)):
        return ()
    try:
        return tuple(str(json.loads(string, strict=False)) for string in found)
    except ValueError:
        return ()


def _strings(document: object) -> Iterator[str]:
    waiting = [document]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as several:
                waiting.extend(reversed(several))
            case dict() as table:
                waiting.extend(value for pair in reversed(table.items()) for value in pair[::-1])
            case _:
                pass


def unwrapped(text: str, *, plain: bool = False) -> str:
    """Undo markup, entities, escapes and percent signs until nothing changes.

    Every round that changes something leaves its words, so that what only looks like markup
    (a film title in angle brackets) is read both ways. Of markup, the text between the tags
    comes first, in one piece; what stood inside the tags (attributes, comments) comes after it.
    Of a later round only what it changed is given, with its surroundings.
    """
    # The fields of a head are the same from letter to letter.
    return _again(text, plain) if len(text) < _SHORT else _unwrapped(text, plain)


def _unwrapped(text: str, plain: bool) -> str:
    views = [text] if plain else []
    at = 0
    for _ in range(ROUNDS):
        first = _WRAPPED.search(text, at)
        if first is None:
            break
        # Nothing that is taken off begins before; and what is taken out of tags goes to the end.
        at = max(0, first.start() - _BEFORE)
        after = text[:at] + _unescaped(_without_markup(text[at:]))
        if after == text:
            break
        views.append(_changed(text, after) if views else after)
        text = after
    return WALL.join(views or [text])


_again = lru_cache(maxsize=512)(_unwrapped)


def _changed(before: str, after: str) -> str:
    """Leave out the blocks of a reading that stood in the one before, far from any that did not.

    Both its ends are kept, since they come to stand beside other readings.
    """
    known = set(before.split(WALL))
    blocks = after.split(WALL)
    fresh = {place for place, block in enumerate(blocks) if block not in known}
    kept = set(fresh)
    for place in (-1, *sorted(fresh), len(blocks)):
        for way in (range(place - 1, -1, -1), range(place + 1, len(blocks))):
            kept.update(_near(blocks, takewhile(lambda each: each not in fresh, way)))
    return WALL.join(blocks[place] for place in sorted(kept))


def _near(blocks: list[str], way: Iterable[int]) -> Iterator[int]:
    """Go from block to block until ``NEAR`` letters lie behind."""
    letters = 0
    for place in way:
        if letters >= NEAR:
            return
        yield place
        # A style sheet is one block: a few hundred characters of it are enough.
        for at in range(0, len(blocks[place]), 4 * NEAR):
            if letters < NEAR:
                letters += sum(map(str.isalnum, blocks[place][at : at + 4 * NEAR]))


def _without_markup(text: str) -> str:
    for mark in _NOTE_MARKS:
        text = mark.sub("", text)
    if "<" not in text:
        return text
    text, comments = _without_comments(text)
    flow, tags = _plainly_marked(text) or (
        _MARKUP.sub(WALL, _INLINE.sub("", text)),
        _MARKUP.findall(text),
    )
    # A letter has the same tag a hundred times; what it says is read once.
    inside = dict.fromkeys(
        tag.strip("<>!/") for tag in dict.fromkeys(tags) if "=" in tag or " " in tag
    )
    return WALL.join((flow.replace("]]>", WALL), *inside, *comments))


def _plainly_marked(text: str) -> tuple[str, list[str]] | None:
    """Give flow and tags where every mark opens a tag; None where taking one out could make another."""
    first, *others = text.split("<")
    flow, tags = [first], []
    for other in others:
        tag, end, rest = other.partition(">")
        stand_in = _in_place(tag) if end else None
        if stand_in is None:
            return None
        flow += stand_in, rest
        tags.append(tag)
    return "".join(flow), tags


@lru_cache(maxsize=4096)
def _in_place(tag: str) -> str | None:
    """Say what stands for a tag between words: nothing for one that they run on through."""
    whole = f"<{tag}>"
    found = _MARKUP.match(whole)
    if found is None or found.end() < len(whole):
        return None
    return "" if _INLINE.fullmatch(whole) else WALL


def _without_comments(text: str) -> tuple[str, list[str]]:
    """Take comments out by hand: a pattern would walk to the end for each that is never closed."""
    first, *others = text.split("<!--")
    flow, comments = [first], []
    for other in others:
        comment, end, rest = other.partition("-->")
        comments.append(comment)
        flow.append(WALL + rest if end else "")
    return "".join(flow), comments


def _unescaped(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = _JSON_ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
        text = _JSON_SPACE.sub(" ", text)
    if ";base64," in text:
        text = _IN_BASE64.sub(_out_of_base64, text)
    if "%" in text:
        # Only the octets: ``unquote`` takes a Korean text apart letter by letter.
        text = _OCTETS.sub(lambda found: unquote(found.group(), errors="replace"), text)
    return text


def _out_of_base64(found: re.Match[str]) -> str:
    """Read what an address itself holds (RFC 2397); a picture comes out as marks nobody looks for."""
    octets = found[1].translate(_URL_SAFE).rstrip("=")
    try:
        data = base64.b64decode(octets + "=" * (-len(octets) % 4))
    except ValueError:
        return found.group()
    return f"{WALL}{data.decode('utf-8', 'replace')}{WALL}"
