"""A foreign text taken apart: passages in reading order, their words already safe Markdown.

Whatever the source was (a paste, a web page, a Word file), recognition sees only these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """What a source is."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"


class Shape(StrEnum):
    """What a passage looked like where it came from."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FIGURE = "figure"
    QUOTE = "quote"
    #: Markdown that is carried over as it stands: lists, tables, code, rules, footnotes.
    VERBATIM = "verbatim"


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of the source. ``text`` is Markdown; a figure has its picture beside it."""

    shape: Shape
    text: str
    level: int = 0
    src: str = ""
    alt: str = ""

    @property
    def plain(self) -> str:
        """The words alone, on one line."""
        return plain(self.text)


@dataclass(slots=True)
class Taken:
    """A source taken apart, with what stood outside the article and the pictures inside."""

    passages: list[Passage] = field(default_factory=list)
    #: Values that the source itself names: title, deck, byline, tags, date, canonical address.
    stated: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.)*)\]\((?:[^()\\]|\\.|\([^()]*\))*\)(?:\{[^{}]*\})?")
_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])|(\*{1,3}|~~|`+)|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])")


def plain(markdown: str) -> str:
    """Read Markdown aloud: its words on one line, no marks. Good enough to recognise by."""
    read = _LINK.sub(r"\1", markdown)
    read = _MARKS.sub(lambda found: found[1] or "", read)
    return " ".join(read.split())


#: Marks that mean something anywhere in a line.
_ANYWHERE = re.compile(r"[\\`*\[\]<~]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
#: What means something at the beginning of a line only: headings, lists, quotations, fences,
#: definitions, rules.
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[+=-]|>|:|\||\d{1,9}(?=[.)](?:\s|$)))")


#: Soft hyphens, spaces and joiners of no width: pages and typesetters leave them inside words,
#: where they break a search and mean nothing to a reader.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")


def seen(text: str) -> str:
    """Give a text without the marks in it that nobody sees."""
    return _UNSEEN.sub("", text)


def escape(text: str) -> str:
    """Write characters so that Markdown reads them as themselves."""
    return _ANYWHERE.sub(lambda found: "\\" + found[0], seen(text))


def escape_start(line: str) -> str:
    """Keep the beginning of a line from meaning more than its words."""
    found = _AT_START.match(line)
    if not found:
        return line
    space, mark = found[1], found[2]
    after = line[found.end() :]
    if mark[0].isdigit():
        return f"{space}{mark}\\{after}"
    return f"{space}\\{mark}{after}"


def attribute(value: str) -> str:
    """Write the value of a block's attribute between double quotes, on one line."""
    flat = " ".join(value.split())
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def address(href: str) -> str:
    """Write a link's address so that no bracket or space in it ends the link."""
    href = "".join(c for c in href.strip() if c.isprintable())
    if re.search(r"[\s()<>\\]", href):
        return "<" + re.sub(r"[<>\\]", lambda m: f"%{ord(m[0]):02X}", href) + ">"
    return href


def figure(src: str, alt: str, caption: str = "", source: str = "") -> str:
    """Write a picture on its own line, with its caption and where it comes from."""
    title = f" {attribute(caption)}" if caption else ""
    origin = f"{{source={attribute(source)}}}" if source else ""
    return f"![{escape(alt)}]({address(src)}{title}){origin}"


def as_markdown(passage: Passage) -> str:
    """Write a passage as it stands, nothing recognised in it."""
    match passage.shape:
        case Shape.HEADING:
            return "#" * min(max(passage.level, 2), 6) + " " + passage.text
        case Shape.FIGURE:
            return figure(passage.src, passage.alt, passage.text)
        case Shape.QUOTE:
            return "\n".join(("> " + line).rstrip() for line in passage.text.split("\n"))
        case _:
            return passage.text
