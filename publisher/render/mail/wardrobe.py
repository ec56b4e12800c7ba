"""What the inliner made of a tag once, it makes of it again: letters are dressed from memory.

With selectors that ask for tags, classes and what stands around them alone, the styles of an
element follow from its start tag and from those it stands in; so does all that the parser
repairs. Both are noted when the inliner has dressed a letter. A letter in which every tag and
every text stand where one was noted is put together from the notes; any other one, and whatever
is not written plainly, is left to the inliner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

_TOKEN = re.compile(r"(<!--.*?-->|</?[a-zA-Z][^<>]*>)", re.DOTALL)
_START = re.compile(r'<([a-z][a-z0-9]*)(?: [a-z-]+="[^"<>]*")*>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]+)"')
_ADDRESS = re.compile(r"(?:[A-Za-z0-9._~!*()@/:=?;#%,+-]|&amp;)+")
_WORDS = re.compile("[^&<>\"'\\s]+(?: [^&<>\"'\\s]+)*")
_PIXELS = re.compile(r"\d+")
#: Attributes that no style depends on, and what of them is written just as it was read.
_FREE = {
    "href": _ADDRESS,
    "src": _ADDRESS,
    "alt": _WORDS,
    "title": _WORDS,
    "aria-label": _WORDS,
    "width": _PIXELS,
    "height": _PIXELS,
}
#: Stands in a note for such a value; in no letter.
_VALUE = "\0"
_VOID = frozenset({"br", "hr", "img", "wbr"})
#: What stands inside is no markup, or other markup.
_RAW = frozenset({"script", "style", "textarea", "title", "iframe", "noscript", "svg", "math"})
#: References that come out as letters; ``&amp;``, ``&lt;`` and ``&gt;`` stay what they are.
_SPELT = {
    "&#34;": '"',
    "&#39;": "'",
    "&nbsp;": "\N{NO-BREAK SPACE}",
    "&#8199;": "\N{FIGURE SPACE}",
    "&#847;": "\N{COMBINING GRAPHEME JOINER}",
}
_STRANGE = re.compile("&(?!(?:amp|lt|gt);)")
#: Where a body stands, and what is around that.
_ROOT, _OUTSIDE = (0, "html"), (-1, "")
_EMPTY = "/"
#: Notes on one sheet: a letter comes to some hundred.
_MOST = 8192


class UnknownError(Exception):
    """Something in a letter was never dressed before, or is not written plainly."""


class Parted(NamedTuple):
    """A letter in parts: the head up to the words of its title, these, the rest of it, the body."""

    before: str
    title: str
    after: str
    body: str


class _Note(NamedTuple):
    """A tag as it was written: the pieces between its values, the spot inside if it has one."""

    pieces: tuple[str, ...]
    inside: int
    name: str


@dataclass(slots=True)
class Wardrobe:
    """The notes on letters that have all of their heads but the title in common.

    A spot is an open element, told by its start tag and by all that stands around it.
    """

    before: str
    after: str
    tags: dict[tuple[int, str], _Note] = field(default_factory=dict)
    #: Where text stood and was left as it was: the spot, the element before it, whether blank;
    #: and which elements keep their end tag where nothing stands in them.
    texts: set[tuple[int, str, bool]] = field(default_factory=set)
    #: Cleared for good when two letters gainsay each other.
    sound: bool = True
    _spots: Iterator[int] = field(default_factory=lambda: count(1))

    def dress(self, letter: Parted) -> str:
        """Put a letter together. Raises UnknownError where a note is missing."""
        parts = [self.before, _spelt(letter.title), self.after]
        open_, last = [_OUTSIDE, _ROOT], ""
        tags, texts = self.tags, self.texts
        for text, token in _tokens(letter.body):
            spot, name = open_[-1]
            if text:
                if (spot, last, text.isspace()) not in texts:
                    raise UnknownError
                parts.append(_spelt(text))
            if token[1] == "/":
                empty = not text and not last
                if token != f"</{name}>" or (empty and (spot, _EMPTY, True) not in self.texts):
                    raise UnknownError
                parts.append(token)
                last = open_.pop()[1]
                continue
            note = tags.get((spot, token))
            if note is not None:
                parts.append(note.pieces[0])
            else:
                key, values = _apart(token)
                note = tags.get((spot, key))
                if note is None:
                    raise UnknownError
                parts.append(_joined(note.pieces, [value for _, value in values]))
            if note.inside:
                open_.append((note.inside, note.name))
                last = ""
            else:
                last = note.name
        if open_ != [_OUTSIDE]:
            raise UnknownError
        return "".join(parts)

    def note(self, letter: Parted, dressed: Parted) -> None:
        """Note what the inliner made of a letter, if tag for tag it is the same letter."""
        try:
            tags, texts = self._compared(letter, dressed)
        except UnknownError:
            return
        if any(self.tags.get(key, note).pieces != note.pieces for key, note in tags.items()):
            self.sound = False
        if len(self.tags) + len(tags) <= _MOST:
            self.tags = tags | self.tags
            self.texts = texts | self.texts

    def _compared(
        self, letter: Parted, dressed: Parted
    ) -> tuple[dict[tuple[int, str], _Note], set[tuple[int, str, bool]]]:
        if (dressed.before, dressed.after) != (self.before, self.after):
            self.sound = False
        if _spelt(letter.title) != dressed.title:
            raise UnknownError
        tags: dict[tuple[int, str], _Note] = {}
        texts: set[tuple[int, str, bool]] = set()
        open_, last = [_OUTSIDE, _ROOT], ""
        pairs = zip(_tokens(letter.body), _tokens(dressed.body), strict=False)
        for (text, token), (text_made, made) in pairs:
            spot, name = open_[-1]
            if _spelt(text) != text_made:
                raise UnknownError
            if text:
                texts.add((spot, last, text.isspace()))
            if token[1] == "/":
                if token != made or token != f"</{name}>":
                    raise UnknownError
                if not text and not last:
                    texts.add((spot, _EMPTY, True))
                last = open_.pop()[1]
                continue
            key, values = _apart(token)
            known = tags.get((spot, key)) or self.tags.get((spot, key))
            inside = known.inside if known else next(self._spots)
            note = _noted(token, made, values, inside)
            if tags.setdefault((spot, key), note) != note:
                raise UnknownError
            if note.inside:
                open_.append((note.inside, note.name))
                last = ""
            else:
                last = note.name
        if open_ != [_OUTSIDE] or _count(letter.body) != _count(dressed.body):
            raise UnknownError
        return tags, texts


def parted(html: str) -> Parted | None:
    """Part a letter; None where it is not written as ours are."""
    head, mark, body = html.partition("<body")
    before, opened, rest = head.partition("<title>")
    title, closed, after = rest.partition("</title>")
    plain = mark and opened and closed and title and title == title.strip() and "\r" not in html
    return Parted(before + opened, title, closed + after, mark + body) if plain else None


def _tokens(body: str) -> Iterator[tuple[str, str]]:
    """Give the tags and comments of a body, each with the text before it."""
    *pieces, rest = _TOKEN.split(body)
    if rest:
        raise UnknownError
    return zip(pieces[::2], pieces[1::2], strict=True)


def _count(body: str) -> int:
    return sum(1 for _ in _TOKEN.finditer(body))


def _spelt(text: str) -> str:
    """Write a text as the inliner does."""
    if "<" in text or ">" in text:
        raise UnknownError
    if "&" not in text:
        return text
    for reference, letter in _SPELT.items():
        text = text.replace(reference, letter)
    if _STRANGE.search(text):
        raise UnknownError
    return text


def _apart(token: str) -> tuple[str, list[tuple[str, str]]]:
    """Take the values out of a start tag that no style depends on; a comment has none."""
    if token.startswith("<!--"):
        return token, []
    found = _START.fullmatch(token)
    if found is None or found[1] in _RAW:
        raise UnknownError
    values: list[tuple[str, str]] = []

    def out(attribute: re.Match[str]) -> str:
        name, value = attribute.groups()
        if name not in _FREE or not _FREE[name].fullmatch(value):
            return attribute.group()
        values.append((name, value))
        return f' {name}="{_VALUE}"'

    return _ATTRIBUTE.sub(out, token), values


def _noted(token: str, made: str, values: list[tuple[str, str]], inside: int) -> _Note:
    """Note what became of a tag; its values must stand in it again, in their order."""
    if token.startswith("<!--"):
        if token != made:
            raise UnknownError
        return _Note((token,), 0, "!")
    start = _START.match(token)
    assert start is not None  # it was taken apart before
    name = start[1]
    if not made.startswith((f"<{name}>", f"<{name} ")):
        raise UnknownError
    pieces = []
    for key, value in values:
        piece, found, made = made.partition(f' {key}="{value}"')
        if not found:
            raise UnknownError
        pieces.append(f'{piece} {key}="')
        made = f'"{made}'
    return _Note((*pieces, made), 0 if name in _VOID else inside, name)


def _joined(pieces: tuple[str, ...], values: list[str]) -> str:
    parts = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        parts += (value, piece)
    return "".join(parts)
