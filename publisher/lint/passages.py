"""The words of an episode, passage by passage, and whether the gate stands before them.

One walk over the tree serves the rules and the proof of the gate alike: everything that a
reader, a screen reader or a search engine could be given is a passage, also the alternative
text of a picture, the attribution of a quotation and a footnote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from publisher.model.body import (
    Block,
    BlockQuote,
    Body,
    CodeBlock,
    DefinitionList,
    Figure,
    FootnoteReference,
    Heading,
    Image,
    Inline,
    Link,
    List,
    Node,
    Paragraph,
    Table,
    inlines,
    plain,
)
from publisher.model.episode import Audience, Episode

GATE = "members"


class _Placed(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Part(StrEnum):
    """What a passage is to its reader."""

    PROSE = "prose"
    HEADING = "heading"
    CELL = "cell"
    TERM = "term"
    CODE = "code"
    ALT = "alt"
    CAPTION = "caption"
    SOURCE = "source"
    ATTRIBUTE = "attribute"
    TITLE = "title"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words as it is read aloud, where it begins, and whether only members get it.

    ``run`` is the inline text it was read from; empty for what is not inline text.
    """

    text: str
    line: int
    column: int
    part: Part
    gated: bool = False
    run: tuple[Inline, ...] = ()


@dataclass(slots=True)
class _Walk:
    """One walk: the passages met so far, and which footnotes stand before the gate and behind."""

    met: list[Passage] = field(default_factory=list)
    open_notes: set[int] = field(default_factory=set)

    def nodes(self, nodes: Iterable[Node], gated: bool) -> None:
        for node in nodes:
            self.node(node, gated)

    def node(self, node: Node, gated: bool) -> None:
        match node:
            case Paragraph():
                self.run(node.children, node, Part.PROSE, gated)
            case Heading():
                self.run(node.children, node, Part.HEADING, gated)
            case CodeBlock():
                self.say(node.text, node, Part.CODE, gated)
            case Table():
                for cell in (*node.head, *(cell for row in node.rows for cell in row)):
                    self.run(cell, node, Part.CELL, gated)
            case Figure():
                self.say(node.alt, node, Part.ALT, gated)
                self.say(node.caption, node, Part.CAPTION, gated)
                self.say(node.source, node, Part.SOURCE, gated)
            case _:
                self.container(node, gated)

    def container(self, node: Node, gated: bool) -> None:
        match node:
            case Block():
                gated = gated or node.name == GATE
                for _, value in node.attributes:
                    self.say(value, node, Part.ATTRIBUTE, gated)
                self.nodes(node.children, gated)
            case BlockQuote():
                self.nodes(node.children, gated)
            case List():
                for item in node.items:
                    self.nodes(item, gated)
            case DefinitionList():
                for entry in node.entries:
                    self.run(entry.term, entry, Part.TERM, gated)
                    for detail in entry.details:
                        self.nodes(detail, gated)
            case _:
                pass

    def run(self, run: tuple[Inline, ...], at: _Placed, part: Part, gated: bool) -> None:
        """Take a run of inline text, and apart from it what hides in its links and images."""
        line, column = _start(run, at)
        text = plain(run)
        if text.strip():
            self.met.append(Passage(text, line, column, part, gated, run))
        for inline in inlines(run):
            match inline:
                case FootnoteReference() if not gated:
                    self.open_notes.add(inline.number)
                case Link():
                    self.say(inline.title, inline, Part.TITLE, gated)
                    self.say(inline.href, inline, Part.ADDRESS, gated)
                case Image():
                    self.say(inline.title, inline, Part.CAPTION, gated)
                case _:
                    pass

    def say(self, text: str, at: _Placed, part: Part, gated: bool) -> None:
        if text.strip():
            self.met.append(Passage(text, at.line, at.column, part, gated))


def _start(run: tuple[Inline, ...], at: _Placed) -> tuple[int, int]:
    """Say where a run begins: its first piece with a place, else the node that holds it."""
    for piece in run:
        if piece.line:
            return piece.line, piece.column
    return at.line, at.column


def of_body(body: Body, *, gated: bool = False) -> tuple[Passage, ...]:
    """Give the passages of a text in reading order; footnotes come after it.

    A footnote is gated when no mark before the gate points at it.
    """
    walk = _Walk()
    walk.nodes(body.nodes, gated)
    waiting = list(body.footnotes)
    while ready := [note for note in waiting if note.number in walk.open_notes]:
        for note in ready:
            walk.nodes(note.children, gated=False)
            waiting.remove(note)
    for note in waiting:
        walk.nodes(note.children, gated=True)
    return tuple(walk.met)


def of_episode(episode: Episode) -> tuple[Passage, ...]:
    """Give the passages of an episode's body; all of them are gated in a members' episode."""
    return of_body(episode.body, gated=episode.access is Audience.MEMBERS)


def open_words(passages: Iterable[Passage]) -> Iterator[str]:
    """Give the words that everybody may read."""
    return (passage.text for passage in passages if not passage.gated)
