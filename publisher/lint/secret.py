"""What only members may read, passage by passage, and what everybody may: told in words and bare letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from publisher.lint import passages
from publisher.lint.bare import letters
from publisher.lint.passages import Part, Passage
from publisher.lint.places import Text, place_of
from publisher.lint.unwrap import WALL
from publisher.model.body import Block, Body, walk
from publisher.model.episode import Audience, Episode, Series
from publisher.model.problem import Place

#: Letters that a shared run needs to be told from chance, and a sentence that stands by itself.
RUN_HANGUL = 20
RUN_LATIN = 30
LEAST_HANGUL = 6
LEAST_LATIN = 12
#: Names of the block that gates, as it is written in a file.
_GATES = (passages.GATE, "회원")
_SENTENCE = re.compile(r".+?(?:[.!?…。？！]+[”’\"'」』)]*(?=\s|$)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Secret:
    """One passage behind the gate: its words, its bare letters, and where it stands."""

    words: str
    bare: str
    path: str
    line: int
    column: int
    text: Text = field(repr=False, compare=False)
    whole: bool = False

    def sentences(self) -> list[tuple[str, int]]:
        """Cut the passage into sentences; each with its offset in the words."""
        return sentences_of(self.words)

    def sentences_within(self, first: int, length: int) -> Iterator[str]:
        """Give the sentences of two words and more that lie whole in a stretch of ``bare``."""
        start = 0
        for sentence, _ in self.sentences():
            bare = letters(sentence)
            end = start + len(bare)
            if first <= start and end <= first + length and tells(sentence, bare):
                yield sentence
            start = end

    def sentence_at(self, letter: int) -> str:
        """Name the sentence that a letter of ``bare`` belongs to."""
        seen = 0
        sentences = self.sentences()
        for sentence, _ in sentences:
            seen += len(letters(sentence))
            if letter < seen:
                return sentence
        return sentences[-1][0] if sentences else self.words

    def place(self, sentence: str) -> Place:
        return place_of(self.path, self.text, self.line, self.column, sentence)


def secrets(episode: Episode) -> tuple[Secret, ...]:
    """Give what only members may read of an episode, passage by passage.

    An address in a link counts only as a whole: two addresses of one site share their beginning.
    """
    if not _has_gate(episode):
        return ()
    return _behind(passages.of_episode(episode), episode.path, Text(episode.text))


def secrets_of_series(series: Series) -> tuple[Secret, ...]:
    """Give what only members may read of the words around every episode of a series."""
    if not any(_gated((part,)) for part in (series.intro, series.footer)):
        return ()
    found = (*passages.of_body(series.intro), *passages.of_body(series.footer))
    return _behind(found, series.path, Text(""))


def _behind(found: Iterable[Passage], path: str, text: Text) -> tuple[Secret, ...]:
    return tuple(
        Secret(
            passage.text,
            bare,
            path,
            passage.line,
            passage.column,
            text,
            whole=passage.part is Part.ADDRESS,
        )
        for passage in found
        if passage.gated and (bare := letters(passage.text)) and _tellable(passage)
    )


def _has_gate(episode: Episode) -> bool:
    """Say quickly that most episodes have none; footnotes alone make no gate."""
    if episode.access is Audience.MEMBERS:
        return True
    if episode.text and not any(name in episode.text for name in _GATES):
        return False  # most say neither, and need not be unfolded
    return _gated((episode.body,))


def _gated(bodies: Iterable[Body]) -> bool:
    return any(
        isinstance(node, Block) and node.name == passages.GATE
        for body in bodies
        for nodes in (body.nodes, *(note.children for note in body.footnotes))
        for node in walk(nodes)
    )


def _tellable(passage: Passage) -> bool:
    """An address is secret if it leads out of the house; every other passage is."""
    return passage.part is not Part.ADDRESS or passage.text.startswith(("http:", "https:"))


def open_words(episode: Episode) -> str:
    """Give what everybody may read of an episode: its free part, its title and its names."""
    byline = (episode.byline.name, episode.byline.email) if episode.byline else ()
    free = passages.open_words(passages.of_episode(episode))
    return WALL.join((episode.title, *byline, *episode.tags, *free))


def open_words_of_series(series: Series) -> str:
    """Give what everybody may read of a series: its title, its intro and its footer.

    Its description is told like the deck of an episode, and looked into like one.
    """
    free = (*passages.of_body(series.intro), *passages.of_body(series.footer))
    return WALL.join((series.title, *passages.open_words(free)))


def sentences_of(words: str) -> list[tuple[str, int]]:
    """Cut words into sentences; each with its offset in them."""
    found = [(m.group().strip(), m.start()) for m in _SENTENCE.finditer(words)]
    return [(sentence, at) for sentence, at in found if sentence]


def enough(run: str) -> int:
    """How many letters make a run."""
    return RUN_HANGUL if is_wide(run) else RUN_LATIN


def least(run: str) -> int:
    """How many letters a sentence needs that stands by itself."""
    return LEAST_HANGUL if is_wide(run) else LEAST_LATIN


def tells(sentence: str, bare: str) -> bool:
    """Say whether a sentence says enough to be told from chance."""
    return len(bare) >= least(bare) and len(sentence.split()) > 1


def is_wide(run: str) -> bool:
    """Hangul, Hanja and Kana say more with each letter than Latin does."""
    return sum(character > "\u10ff" for character in run) * 3 >= len(run)
