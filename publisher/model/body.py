"""The text of an episode as a tree: what the editor meant, free of any output format.

Every channel is rendered from this tree; nothing is parsed back out of HTML. Each node
carries the line and column (from 1) of its first character in the source file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

# --- inline -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, NFC. A soft line break of the source is a single ``\\n``."""

    text: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: tuple[Inline, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Strong:
    children: tuple[Inline, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Strikethrough:
    children: tuple[Inline, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written; ``episode:series/number`` addresses are resolved by the render."""

    href: str
    children: tuple[Inline, ...]
    title: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Break:
    """A hard line break."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    """A mark in the text that points at ``Episode.footnotes[number - 1]``.

    ``occurrence`` counts the marks of one footnote, from 1, so each has an anchor of its own.
    """

    number: int
    occurrence: int = 1
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The file behind an image: beside the episode on disk, or at an ``https:`` address.

    ``path`` is relative to the publication with ``/`` between folders, None for an address
    on the web and for a file that is not there. Sizes are pixels and bytes; ``digest`` is the
    hex SHA-256 of the file, and None whenever ``path`` is.
    """

    src: str
    path: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    format: str | None = None
    animated: bool = False
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image inside a line of text. One that stands alone in its paragraph is a Figure."""

    picture: Picture
    alt: str
    title: str = ""
    line: int = 0
    column: int = 0


Inline: TypeAlias = (
    Text | Emphasis | Strong | Strikethrough | Code | Link | Break | FootnoteReference | Image
)

# --- blocks -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: tuple[Inline, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6; ``anchor`` is unique in the episode and fit for a URL."""

    level: int
    children: tuple[Inline, ...]
    anchor: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class List:
    """A bulleted list, or a numbered one that begins at ``start``."""

    items: tuple[tuple[Node, ...], ...]
    ordered: bool = False
    start: int = 1
    tight: bool = True
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """A plain Markdown ``>`` quotation; the ``quote`` block is a Block."""

    children: tuple[Node, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class CodeBlock:
    text: str
    info: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of inline text; ``align`` has ``left``, ``right``, ``center`` or ``""`` a column."""

    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    align: tuple[str, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """One term with its explanations."""

    term: tuple[Inline, ...]
    details: tuple[tuple[Node, ...], ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class DefinitionList:
    entries: tuple[Definition, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on its own line, with alternative text, caption and where it comes from."""

    picture: Picture
    alt: str
    caption: str = ""
    source: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced ``::: name {key=value}`` block under its canonical English name."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...]
    line: int = 0
    column: int = 0

    def get(self, key: str, default: str = "") -> str:
        """Read one attribute of the block."""
        return dict(self.attributes).get(key, default)


Node: TypeAlias = (
    Paragraph
    | Heading
    | List
    | BlockQuote
    | CodeBlock
    | Rule
    | Table
    | DefinitionList
    | Figure
    | Block
)


@dataclass(frozen=True, slots=True)
class Footnote:
    """The text of a footnote, numbered from 1 in the order of first mention."""

    number: int
    label: str
    children: tuple[Node, ...]
    references: int = 1
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """A run of Markdown: an episode's text, or a series' intro or footer."""

    nodes: tuple[Node, ...] = ()
    footnotes: tuple[Footnote, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.nodes)


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Visit every block node in reading order, parents before children."""
    for node in nodes:
        yield node
        match node:
            case BlockQuote() | Block():
                yield from walk(node.children)
            case List():
                for item in node.items:
                    yield from walk(item)
            case DefinitionList():
                for entry in node.entries:
                    for detail in entry.details:
                        yield from walk(detail)
            case _:
                pass


def runs(node: Node) -> Iterator[tuple[Inline, ...]]:
    """Give the runs of inline text that stand directly in a block node."""
    match node:
        case Paragraph() | Heading():
            yield node.children
        case Table():
            yield from node.head
            for row in node.rows:
                yield from row
        case DefinitionList():
            for entry in node.entries:
                yield entry.term
        case _:
            pass


def inlines(run: tuple[Inline, ...]) -> Iterator[Inline]:
    """Visit every inline node of a run in reading order, parents before children."""
    for inline in run:
        yield inline
        match inline:
            case Emphasis() | Strong() | Strikethrough() | Link():
                yield from inlines(inline.children)
            case _:
                pass


def plain(run: tuple[Inline, ...]) -> str:
    """Read a run of inline text aloud: its words without any marks."""
    words: list[str] = []
    for inline in inlines(run):
        match inline:
            case Text() | Code():
                words.append(inline.text)
            case Break():
                words.append("\n")
            case Image():
                words.append(inline.alt)
            case _:
                pass
    return "".join(words)
