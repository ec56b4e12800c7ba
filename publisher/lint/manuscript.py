"""One episode laid out for the rules: its words in one string, each spot traceable to the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, islice
from re import Pattern

from publisher.lint import passages
from publisher.lint.passages import Part, Passage
from publisher.lint.places import Text
from publisher.model.body import (
    Block,
    Break,
    Code,
    Figure,
    Heading,
    Image,
    Inline,
    Link,
    List,
    Node,
    Picture,
    inlines,
    plain,
    runs,
    walk,
)
from publisher.model.body import Text as Words
from publisher.model.episode import Episode, Series
from publisher.model.problem import Place

_FOREIGN = re.compile("[A-Z\u3000-\u3002\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5d]")
#: Parts that are read as sentences; code and addresses are not language.
_READ = frozenset(Part) - {Part.CODE, Part.ADDRESS}
#: Parts an inline run stands behind.
_WALL = "\0"
#: Stands for each character of code.
_OBJECT = "\ufffc"
#: How often one thing is told of one file: who has mended so many will look again.
MOST = 100
#: Front matter that readers see, in the order they meet it.
FIELDS = ("title", "deck", "subject", "preheader", "summary", "teaser")


class Spot:
    """A find in the words of a manuscript: what was found, and where in the file that is."""

    __slots__ = ("_manuscript", "at", "text")

    def __init__(self, manuscript: Manuscript, at: int, text: str) -> None:
        self._manuscript = manuscript
        self.at = at
        self.text = text

    @property
    def place(self) -> Place:
        return self._manuscript.place_at(self.at, self.text)

    @property
    def passage(self) -> Passage:
        return self._manuscript.passage_at(self.at)[0]

    @property
    def offset(self) -> int:
        """Where in its passage the find begins."""
        return self._manuscript.passage_at(self.at)[1]


class Manuscript:
    """One episode and its series, read once for all the rules.

    ``words`` holds every passage that is language, walls of ``\\0`` between them, so that a rule
    is one search over one string.
    """

    def __init__(self, episode: Episode, series: Series | None = None) -> None:
        self.episode = episode
        self.series = series
        self.text = Text(episode.text)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        return passages.of_episode(self.episode)

    @cached_property
    def _read(self) -> tuple[Passage, ...]:
        return tuple(p for p in self.passages if p.part in _READ)

    @cached_property
    def words(self) -> str:
        return _WALL.join(map(_spoken, self._read))

    @cached_property
    def is_at_home(self) -> bool:
        """Say whether Hangul stands here without Hanja, capital letters and full-width forms.

        Most texts are so: three rules need not look for theirs.
        """
        return not _FOREIGN.search(self.words)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(p.text) + 1 for p in self._read), initial=0))

    def search(self, pattern: Pattern[str]) -> Iterator[Spot]:
        """Find a pattern in the words of the body, in reading order; the first ``MOST`` of many."""
        for found in islice(pattern.finditer(self.words), MOST):
            yield Spot(self, found.start(), found.group())

    def passage_at(self, at: int) -> tuple[Passage, int]:
        """Give the passage that a spot of ``words`` lies in, and the offset in it."""
        index = bisect_right(self._starts, at) - 1
        return self._read[index], at - self._starts[index]

    def place_at(self, at: int, words: str) -> Place:
        """Give the place in the file of something found in ``words``."""
        passage, offset = self.passage_at(at)
        line, column, ordinal = passage.line, passage.column, 1
        piece, inner = _piece(passage, offset)
        if isinstance(piece, Words):
            *above, before = piece.text[:inner].split("\n")
            line, column = piece.line + len(above), piece.column
            if above:
                written = piece.text.split("\n")[len(above)]
                column = max(self.text.line(line).find(written), 0) + 1
            exact = column + len(before)
            if self.text.stands(words.partition("\n")[0], line, exact):
                return Place(self.episode.path, line, exact)
            ordinal = before.count(words) + 1
        elif piece is not None:
            line, column = piece.line, piece.column
        else:
            ordinal = passage.text.count(words, 0, offset) + 1
        return Place(self.episode.path, *self.text.find(words, line, column, ordinal=ordinal))

    def place_in(self, key: str, words: str, ordinal: int = 1) -> Place:
        """Give the place of words inside the value of a front matter key."""
        place = self.episode.place(key)
        if not words or not place.line:
            return place
        return Place(place.path, *self.text.find(words, place.line, place.column, ordinal=ordinal))

    @cached_property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The front matter that readers see, as (key, value); empty ones left out."""
        values = [(key, str(getattr(self.episode, key))) for key in FIELDS]
        if cover := self.episode.cover:
            values += [("cover", cover.alt), ("cover", cover.caption), ("cover", cover.source)]
        return tuple((key, value) for key, value in values if value)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every block node of the body and of its footnotes, in reading order."""
        notes = self.episode.body.footnotes
        whole = (self.episode.body.nodes, *(note.children for note in notes))
        return tuple(node for nodes in whole for node in walk(nodes))

    @cached_property
    def inlines(self) -> tuple[Inline, ...]:
        """Every inline node, in reading order."""
        return tuple(piece for node in self.nodes for run in runs(node) for piece in inlines(run))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(piece for piece in self.inlines if isinstance(piece, Link))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Heading))

    @cached_property
    def lists(self) -> tuple[List, ...]:
        return tuple(node for node in self.nodes if isinstance(node, List))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Block))

    @cached_property
    def pictures(self) -> tuple[tuple[Picture, str, Place], ...]:
        """Every picture with its alternative text and place; the cover first."""
        found: list[tuple[Picture, str, Place]] = []
        if cover := self.episode.cover:
            found.append((cover.picture, cover.alt, self.episode.place("cover")))
        found += [(n.picture, n.alt, self.place(n)) for n in self.nodes if isinstance(n, Figure)]
        found += [(i.picture, i.alt, self.place(i)) for i in self.inlines if isinstance(i, Image)]
        return tuple(found)

    def place(self, node: Node | Inline) -> Place:
        return Place(self.episode.path, node.line, node.column)

    @staticmethod
    def says(link: Link) -> str:
        """Read a link's words, on one line."""
        return " ".join(plain(link.children).split())


def _spoken(passage: Passage) -> str:
    """Give the words of a passage; code in it is no language, and only its length stays."""
    run = passage.run
    plain_words = not run or (len(run) == 1 and isinstance(run[0], Words))
    if plain_words or not any(isinstance(piece, Code) for piece in inlines(run)):
        return passage.text
    return "".join(
        _OBJECT * len(piece.text) if isinstance(piece, Code) else plain((piece,))
        for piece in inlines(passage.run)
        if isinstance(piece, Words | Code | Break | Image)
    )


def _piece(passage: Passage, offset: int) -> tuple[Inline | None, int]:
    """Give the piece of inline text that an offset of a passage falls into, and where in it."""
    for piece in inlines(passage.run):
        match piece:
            case Words() | Code():
                length = len(piece.text)
            case Image():
                length = len(piece.alt)
            case Break():
                length = 1
            case _:
                length = 0
        if offset < length:
            return piece, offset
        offset -= length
    return None, offset
