"""The HTML of a mail as a flat list of elements: what the checks ask it, and nothing repaired.

Letters of one house are made of the same tags over and over, so a tag's attributes are read once,
by the standard library, and looked up afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
#: A letter is cut off long before it is as large, has as many elements or as deep ones; what
#: comes after them is not looked at.
LARGEST, MOST, DEEPEST = 300_000, 20_000, 200
_SILENT = frozenset({"style", "script", "title", "template"})
#: What stands inside is no markup (HTML Standard, 13.1.2: raw text elements).
_RAW = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("style", "script")}
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*"|'[^']*')*+>""")
_CUT_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_END = re.compile(r"</([a-zA-Z][^\s/>\x00]*)[^>]*>")
_ASIDE = re.compile(r"<!--(?:.*?-->|.*\Z)|<[!?/][^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A start tag as it was written, and what follows from it wherever it stands.

    ``style`` are the declarations of its style attribute, ``names`` what a selector for it can end
    in: ``p``, ``.card``, ``p.card``. Nothing stands inside an ``empty`` one.
    """

    name: str
    attributes: Mapping[str, str]
    style: Mapping[str, str]
    classes: frozenset[str]
    names: frozenset[str]
    hides: bool
    acts: bool
    empty: bool


class _Flow:
    """The HTML, and what is said in it."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.spoken: list[str] = []

    def line(self, at: int) -> int:
        """Count the lines up to a character; few are ever asked for."""
        return bisect_left(self._ends, at) + 1

    @cached_property
    def _ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.html)]


@dataclass(slots=True)
class Element:
    """One element: its start tag, where that begins in the HTML, the element around it.

    Its words are those spoken in the ``flow`` from ``first`` to ``last``. It is ``hidden`` when it or
    one around it is not displayed.
    """

    opening: Tag
    at: int
    parent: Element | None
    flow: _Flow
    first: int
    hidden: bool
    last: int | None = None

    @property
    def tag(self) -> str:
        return self.opening.name

    @property
    def attributes(self) -> Mapping[str, str]:
        return self.opening.attributes

    def get(self, name: str) -> str:
        return self.opening.attributes.get(name, "")

    @property
    def line(self) -> int:
        """Its line in the HTML, from 1."""
        return self.flow.line(self.at)

    @property
    def text(self) -> str:
        """All words inside, on one line."""
        return " ".join("".join(self.flow.spoken[self.first : self.last]).split())


class Words(NamedTuple):
    """A run of text between two tags, and where it begins in the HTML."""

    text: str
    at: int
    parent: Element | None
    flow: _Flow

    @property
    def line(self) -> int:
        return self.flow.line(self.at)


class Markup:
    """Reads a document once, from front to back."""

    def __init__(self, html: str) -> None:
        self.elements: list[Element] = []
        self.words: list[Words] = []
        self.styles: list[tuple[str, int]] = []
        self._flow = _Flow(html[:LARGEST])
        self._open: list[Element] = []
        self._read()

    def _read(self) -> None:
        html, at = self._flow.html, 0
        last = html.rfind(">")
        while at < len(html):
            mark = html.find("<", at)
            if mark < 0 or mark > last:
                self._say(at, len(html))  # no tag is closed any more
                return
            if mark != at:
                self._say(at, mark)
            end = html.find(">", mark) + 1
            known = _known(html[mark:end])
            if isinstance(known, str):
                self._end(known)
                at = end
            elif known is not None:
                if len(self.elements) == MOST:
                    return
                at = self._start(known, mark, end)
            elif tag := _TAG.match(html, mark) or _CUT_TAG.match(html, mark):
                if len(self.elements) == MOST:
                    return
                at = self._start(opened(tag.group()), mark, tag.end())
            elif aside := _ASIDE.match(html, mark):
                at = aside.end()
            else:
                self._say(mark, mark + 1)
                at = mark + 1

    def _start(self, opening: Tag, at: int, inside: int) -> int:
        """Take in a start tag, and all that is no markup after it; say where that ends."""
        spoken, open_ = self._flow.spoken, self._open
        parent = open_[-1] if open_ else None
        hidden = opening.hides or (parent is not None and parent.hidden)
        element = Element(opening, at, parent, self._flow, len(spoken), hidden)
        self.elements.append(element)
        if opening.empty or len(open_) == DEEPEST:
            if opening.name == "img":
                spoken.append(opening.attributes.get("alt", ""))
            element.last = element.first
            return inside
        open_.append(element)
        if opening.name not in _RAW:
            return inside
        found = _RAW[opening.name].search(self._flow.html, inside)
        end = found.start() if found else len(self._flow.html)
        if opening.name == "style":
            self.styles.append((self._flow.html[inside:end], self._flow.line(inside)))
        else:
            spoken.append(self._flow.html[inside:end])
        return end

    def _end(self, tag: str) -> None:
        open_ = self._open
        for depth in range(len(open_) - 1, -1, -1):
            if open_[depth].opening.name == tag:
                last = len(self._flow.spoken)
                for element in open_[depth:]:
                    element.last = last
                del open_[depth:]
                return

    def _say(self, at: int, end: int) -> None:
        flow = self._flow
        text = flow.html[at:end]
        if "&" in text:
            text = unescape(text)
        flow.spoken.append(text)
        parent = self._open[-1] if self._open else None
        if not text.isspace() and (parent is None or parent.opening.name not in _SILENT):
            self.words.append(Words(text, at, parent, flow))

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.opening.name in tags]


class _Opening(HTMLParser):
    """Reads one start tag."""

    def __init__(self, written: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: tuple[str, Mapping[str, str]] = ("", {})
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = (tag, {name.lower(): value or "" for name, value in reversed(attrs)})


@lru_cache(maxsize=4096)
def opened(written: str) -> Tag:
    """Read a start tag; of attributes with one name the first counts."""
    name, attributes = _Opening(written).found
    style = attributes.get("style", "")
    classes = frozenset(attributes.get("class", "").split())
    return Tag(
        name,
        attributes,
        declarations(style),
        classes,
        frozenset([name, *(f"{before}.{one}" for before in ("", name) for one in classes)]),
        hides="display:none" in style.replace(" ", "").lower(),
        acts=any(each.startswith("on") for each in attributes),
        empty=name in VOID or written.endswith("/>"),
    )


@lru_cache(maxsize=4096)
def _known(written: str) -> Tag | str | None:
    """Read what stands up to the first ``>``: a whole start tag, the name of an end tag, or neither."""
    if end := _END.fullmatch(written):
        return end.group(1).lower()
    return opened(written) if _TAG.fullmatch(written) else None


@lru_cache(maxsize=512)
def declarations(text: str) -> Mapping[str, str]:
    """Read ``property: value; …``, both in lower case; the last of a property counts."""
    found: dict[str, str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found
