"""The HTML of a mail as a flat list of elements: what the checks ask it, and nothing repaired.

Letters of one house are made of the same tags over and over, so a tag's attributes are read once,
by the standard library, and looked up afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
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
    in: ``p``, ``.card``, ``p.card``.
    """

    name: str
    attributes: Mapping[str, str]
    style: Mapping[str, str]
    classes: frozenset[str]
    names: frozenset[str]
    hides: bool
    acts: bool


@dataclass(slots=True)
class Element:
    """One element: its start tag, its line in the HTML from 1, the element around it.

    Its words are those of ``spoken`` from ``first`` to ``last``. It is ``hidden`` when it or one
    around it is not displayed.
    """

    opening: Tag
    line: int
    parent: Element | None
    spoken: list[str]
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
    def text(self) -> str:
        """All words inside, on one line."""
        return " ".join("".join(self.spoken[self.first : self.last]).split())


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text between two tags."""

    text: str
    line: int
    parent: Element | None


class Markup:
    """Reads a document once, from front to back."""

    def __init__(self, html: str) -> None:
        self.elements: list[Element] = []
        self.words: list[Words] = []
        self.styles: list[tuple[str, int]] = []
        self._html = html[:LARGEST]
        self._spoken: list[str] = []
        self._open: list[Element] = []
        self._at = 0
        self._line = 1
        self._read()

    def _read(self) -> None:
        html = self._html
        last = html.rfind(">")
        while self._at < len(html):
            mark = html.find("<", self._at)
            if mark > last:
                mark = -1  # no tag is closed any more
            if mark != self._at:
                self._say(self._taken(mark if mark >= 0 else len(html)))
            elif tag := _TAG.match(html, mark) or _CUT_TAG.match(html, mark):
                self._start(tag.group())
            elif tag := _END.match(html, mark):
                self._end(tag.group(1).lower())
                self._taken(tag.end())
            elif aside := _ASIDE.match(html, mark):
                self._taken(aside.end())
            else:
                self._say(self._taken(mark + 1))

    def _taken(self, end: int) -> str:
        """Go on to an offset; give what was passed on the way."""
        passed = self._html[self._at : end]
        self._line += passed.count("\n")
        self._at = end
        return passed

    def _start(self, written: str) -> None:
        opening = opened(written)
        tag = opening.name
        if len(self.elements) == MOST:
            self._at = len(self._html)
            return
        parent = self._open[-1] if self._open else None
        hidden = opening.hides or (parent is not None and parent.hidden)
        element = Element(opening, self._line, parent, self._spoken, len(self._spoken), hidden)
        self.elements.append(element)
        self._taken(self._at + len(written))
        if tag in VOID or written.endswith("/>") or len(self._open) == DEEPEST:
            if tag == "img":
                self._spoken.append(opening.attributes.get("alt", ""))
            element.last = element.first
            return
        self._open.append(element)
        if tag in _RAW:
            end = _RAW[tag].search(self._html, self._at)
            line, inside = self._line, self._taken(end.start() if end else len(self._html))
            if tag == "style":
                self.styles.append((inside, line))
            else:
                self._spoken.append(inside)

    def _end(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth].opening.name == tag:
                for element in self._open[depth:]:
                    element.last = len(self._spoken)
                del self._open[depth:]
                return

    def _say(self, written: str) -> None:
        text = unescape(written) if "&" in written else written
        self._spoken.append(text)
        parent = self._open[-1] if self._open else None
        if not text.isspace() and (parent is None or parent.opening.name not in _SILENT):
            line = self._line - written.count("\n")
            self.words.append(Words(text, line, parent))

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
    )


@lru_cache(maxsize=512)
def declarations(text: str) -> Mapping[str, str]:
    """Read ``property: value; …``, both in lower case; the last of a property counts."""
    found: dict[str, str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found
