"""The HTML of a mail as a flat list of elements: what the checks ask it, and nothing repaired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

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
#: Tags left open at the end that are still worth the reader's second look.
_OPEN_ENDS = 50
_SILENT = frozenset({"style", "script", "title", "template"})


@dataclass(slots=True)
class Element:
    """One start tag: its attributes, its line in the HTML from 1, the elements around it."""

    tag: str
    attributes: dict[str, str]
    line: int
    parent: Element | None
    words: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """All words inside, on one line."""
        return " ".join("".join(self.words).split())

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.get("class").split())


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text between two tags."""

    text: str
    line: int
    parent: Element | None


class Markup(HTMLParser):
    """Reads a document once, from front to back."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.words: list[Words] = []
        self.styles: list[tuple[str, int]] = []
        self._open: list[Element] = []
        try:
            self.feed(html[:LARGEST])
            if self.rawdata.count("<") <= _OPEN_ENDS:
                self.close()
        except AssertionError:  # the library's answer to a declaration that is none
            return

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.elements) == MOST:
            return
        line = self.getpos()[0]
        parent = self._open[-1] if self._open else None
        named = {name.lower(): value or "" for name, value in reversed(attrs)}
        element = Element(tag, named, line, parent)
        self.elements.append(element)
        if tag == "img":
            for around in self._open:
                around.words.append(named.get("alt", ""))
        if tag not in VOID and len(self._open) < DEEPEST:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        depth = len(self._open)
        self.handle_starttag(tag, attrs)
        del self._open[depth:]

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        parent = self._open[-1] if self._open else None
        line = self.getpos()[0]
        if parent is not None and parent.tag == "style":
            self.styles.append((data, line))
            return
        for around in self._open:
            around.words.append(data)
        if data.strip() and (parent is None or parent.tag not in _SILENT):
            self.words.append(Words(data, line, parent))

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


def style_of(element: Element) -> Mapping[str, str]:
    """Read an inline style: property to value, both in lower case."""
    return declarations(element.attributes.get("style", ""))


@lru_cache(maxsize=512)
def declarations(text: str) -> Mapping[str, str]:
    """Read ``property: value; …``; the last of a property counts."""
    found: dict[str, str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


@lru_cache(maxsize=512)
def _hides(style: str) -> bool:
    return "display:none" in style.replace(" ", "").lower()


def is_hidden(element: Element | None) -> bool:
    """Say whether an element or one around it is not displayed."""
    while element is not None:
        if _hides(element.attributes.get("style", "")):
            return True
        element = element.parent
    return False
