"""Inline tokens to inline nodes, each with its place."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from markdown_it.token import Token

from publisher.model.body import (
    Break,
    Code,
    Emphasis,
    FootnoteReference,
    Image,
    Inline,
    Link,
    Strikethrough,
    Strong,
    Text,
)
from publisher.model.problem import Fault, Severity
from publisher.source.markdown import attributes
from publisher.source.markdown.sheet import Sheet

HTML = Fault(
    "source/html",
    Severity.ERROR,
    "HTML is not read here: {excerpt}",
    "Use Markdown or a ::: block instead. To print a “<”, write \\< before the word.",
)
COMMENT = Fault(
    "source/html-comment",
    Severity.ERROR,
    "An HTML comment stands here; it would be printed for readers.",
    "Delete it, and keep notes in a file whose name begins with “_”.",
)
SCHEME = Fault(
    "source/link-scheme",
    Severity.ERROR,
    "A link may not lead to a “{scheme}:” address.",
    "Link to an https:, mailto:, tel: or episode: address, or to a path on this website.",
)
NO_NOTE = Fault(
    "source/footnote-missing",
    Severity.ERROR,
    "The footnote {label} has no text.",
    "Write a line {label}: with its text, or delete the mark.",
)
STRAY_ATTRIBUTES = Fault(
    "source/image-attributes",
    Severity.WARNING,
    "A source is shown only with an image that stands alone in its paragraph.",
    "Put an empty line before and after the image.",
)
IMAGE_PIXELS = Fault(
    "source/image-pixels-given",
    Severity.ERROR,
    "“{value}” is not a number of pixels for “{name}”.",
    "Write digits only, from 1 to 20000.",
)
PIXELS_KNOWN = Fault(
    "source/image-pixels-known",
    Severity.WARNING,
    "“{name}” has no effect on an image beside the episode: its pixels are read from the file.",
    "Leave it out, or save the file in another size.",
)
IMAGE_KEY = Fault(
    "source/image-attribute",
    Severity.ERROR,
    "An image has no attribute “{name}”.",
    'What can be given: {{source="…"}}, and the pixels of an image on the web: {{width=1200 height=800}}.',
)

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel", "episode"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_PIXELS = re.compile(r"[1-9]\d{0,3}|1\d{4}|20000")
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,100}\]")
_SIDES = ("width", "height")
_INVISIBLE = dict.fromkeys(map(ord, string.whitespace + "".join(map(chr, range(32)))))

Where = Callable[[int], tuple[int, int]]
"""Give line and column on the sheet, both from 0, of an offset in a run."""
Mention = Callable[[Hashable, str], tuple[int, int]]
"""Count one mention of a footnote: its number and which mention of it this is."""


@dataclass(slots=True)
class _Level:
    """One open element: what opened it, where, and its children so far."""

    kind: str
    line: int
    column: int
    token: Token | None = None
    children: list[Inline] = field(default_factory=list)

    @property
    def autolink(self) -> bool:
        """Whether this is an address in ``<>``, whose text stands one character further."""
        return self.token is not None and self.token.markup == "autolink"


@dataclass(slots=True)
class _Words:
    """Characters that stand side by side, gathered from several tokens."""

    cuts: Sequence[int]
    parts: list[str] = field(default_factory=list)
    began: int = 0
    end: int = 0

    def follows(self, at: int) -> bool:
        return at == self.end and bool(self.parts)

    def add(self, text: str, at: int) -> None:
        if not self.parts:
            self.began = at
        self.parts.append(text)
        self.end = at + len(text)

    def take(self) -> Iterator[tuple[str, int]]:
        """Give the text so far, in two where something stands in the file that is not in it."""
        if not self.parts:
            return
        whole, start = "".join(self.parts), self.began
        self.parts.clear()
        for cut in self.cuts:
            if start < cut < self.began + len(whole):
                yield whole[start - self.began : cut - self.began], start
                start = cut
        yield whole[start - self.began :], start


@dataclass(slots=True)
class RunReader:
    """Reads the children of one inline token."""

    sheet: Sheet
    mention: Mention
    inline_notes: dict[Hashable, tuple[Where, int]] = field(default_factory=dict)
    """Where the text of a note begins that stands in the line itself: ``^[…]``."""
    sources: dict[int, str] = field(default_factory=dict)
    """What each image read so far gave as its source, by the identity of its node."""

    def read(
        self, tokens: list[Token], where: Where, cuts: Sequence[int] = ()
    ) -> tuple[Inline, ...]:
        """Turn inline tokens into nodes. A text ends at a line end and before each of ``cuts``,
        so that its characters always stand side by side in the file.
        """
        levels = [_Level("", 0, 0)]
        if len(tokens) == 1 and tokens[0].type == "text" and not cuts:
            # Two of three runs are nothing but words.
            if tokens[0].content:
                self._text(tokens[0].content, where(_at(tokens[0])), levels[0].children)
            return tuple(levels[0].children)
        words = _Words(cuts)
        for token in tokens:
            at = _at(token)
            if token.type == "text":
                if token.content:
                    spot = at + levels[-1].autolink
                    if not words.follows(spot):
                        self._texts(words, where, levels)
                    words.add(token.content, spot)
                continue
            if token.type == "softbreak":
                words.add("\n", at)
            self._texts(words, where, levels)
            if token.type != "softbreak":
                self._token(token, where, levels)
        self._texts(words, where, levels)
        while len(levels) > 1:
            self._close(levels)
        return tuple(levels[0].children)

    def _texts(self, words: _Words, where: Where, levels: list[_Level]) -> None:
        for text, at in words.take():
            self._text(text, where(at), levels[-1].children)

    def _token(self, token: Token, where: Where, levels: list[_Level]) -> None:
        kind, at = token.type, _at(token)
        line, column = where(at)
        place = self.sheet.place(line, column)
        children = levels[-1].children
        if token.nesting > 0:
            back = {"strong_open": 1, "link_open": 0 if token.markup == "autolink" else 1}
            levels.append(_Level(kind, place.line, max(place.column - back.get(kind, 0), 1), token))
        elif token.nesting < 0:
            if len(levels) > 1:
                self._close(levels)
        elif kind == "text_special":
            if token.info == "escape" and token.content != token.markup:
                place = self.sheet.place(line, column + 1)
            children.append(Text(token.content, place.line, place.column))
        elif kind == "code_inline":
            children.append(Code(token.content, place.line, place.column))
        elif kind == "hardbreak":
            children.append(Break(place.line, place.column))
        elif kind == "image":
            given = self._given(token, where)
            image = self._image(token, line, column, given)
            self.sources[id(image)] = given.get("source", "")
            children.append(image)
        elif kind == "footnote_ref":
            key: Hashable = token.meta.get("label", token.meta["id"])
            self.inline_notes[key] = (where, at + 2)
            number, occurrence = self.mention(key, token.meta.get("label", ""))
            children.append(FootnoteReference(number, occurrence, place.line, place.column))
        elif kind == "html_inline":
            tell_html(self.sheet, token.content, line, column)
            children.append(Text(token.content, place.line, place.column))

    def _close(self, levels: list[_Level]) -> None:
        level = levels.pop()
        inner, line, column = tuple(level.children), level.line, level.column
        into = levels[-1].children
        match level.kind:
            case "em_open":
                into.append(Emphasis(inner, line, column))
            case "strong_open":
                into.append(Strong(inner, line, column))
            case "s_open":
                into.append(Strikethrough(inner, line, column))
            case "link_open" if level.token is not None:
                self._link(level.token, inner, line, column, into)
            case _:
                into.extend(inner)

    def _link(
        self, token: Token, inner: tuple[Inline, ...], line: int, column: int, into: list[Inline]
    ) -> None:
        href = str(token.attrs.get("href", ""))
        scheme = unsafe_scheme(href)
        if scheme:
            self.sheet.tell(SCHEME, *self.sheet.spot(line, column), scheme=scheme)
            into.extend(inner)
            return
        into.append(Link(href, inner, str(token.attrs.get("title", "")), line, column))

    def _image(self, token: Token, line: int, column: int, given: dict[str, str]) -> Image:
        place = self.sheet.place(line, column)
        src = str(token.attrs.get("src", ""))
        if not _SCHEME.match(src):
            src = unquote(src)
        alt = "".join(_words(token.children or []))
        picture = self.sheet.picture(src, place)
        if "width" in given and "height" in given and not picture.path:
            width, height = int(given["width"]), int(given["height"])
            picture = replace(picture, width=width, height=height)
        title = str(token.attrs.get("title", ""))
        return Image(picture, alt, title, place.line, place.column)

    def _given(self, token: Token, where: Where) -> dict[str, str]:
        """Read the ``{source="…" width=… height=…}`` behind an image."""
        read: attributes.Attributes | None = token.meta.get("attributes")
        if read is None:
            return {}
        for slip in read.slips:
            line, column = where(slip.at)
            self.sheet.tell(slip.fault, line, column, **dict(slip.details))
        given: dict[str, str] = {}
        remote = str(token.attrs.get("src", "")).lower().startswith("https://")
        for key, value, at in read.pairs:
            line, column = where(at)
            if key == "source" or (key in _SIDES and remote and _PIXELS.fullmatch(value)):
                given[key] = value
            elif key not in _SIDES:
                self.sheet.tell(IMAGE_KEY, line, column, name=key)
            elif remote:
                self.sheet.tell(IMAGE_PIXELS, line, column, name=key, value=value[:20])
            else:
                self.sheet.tell(PIXELS_KNOWN, line, column, name=key)
        return given

    def _text(self, text: str, spot: tuple[int, int], into: list[Inline]) -> None:
        line, column = spot
        place = self.sheet.place(line, column)
        into.append(Text(text, place.line, place.column))
        if "[^" in text:
            for found in _NOTE.finditer(text):
                self.sheet.tell(NO_NOTE, line, column + found.start(), label=found.group()[:40])


def _at(token: Token) -> int:
    return token.map[0] if token.map else 0


def unsafe_scheme(href: str) -> str:
    """Name the scheme of an address that no link may have, or nothing."""
    found = _SCHEME.match(href.translate(_INVISIBLE))
    if found and found[1].lower() not in SAFE_SCHEMES:
        return found[1].lower()[:20]
    return ""


def tell_html(sheet: Sheet, written: str, line: int, column: int) -> None:
    """Refuse a piece of HTML at its place."""
    if written.startswith("<!--"):
        sheet.tell(COMMENT, line, column)
    else:
        sheet.tell(HTML, line, column, excerpt=written.split("\n", maxsplit=1)[0][:40])


def _words(tokens: list[Token]) -> list[str]:
    words = []
    for token in tokens:
        if token.type in {"text", "text_special", "code_inline", "html_inline"}:
            words.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
        elif token.type == "image":
            words.extend(_words(token.children or []))
    return words
