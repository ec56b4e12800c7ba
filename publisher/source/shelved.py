"""An episode that was read by an earlier process: text and body stay folded up until looked at.

Of a thousand episodes a command looks into a few, and to unfold one takes longer than all else
that is done to know that it is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter

from publisher.files import cabinet
from publisher.files.cabinet import Part
from publisher.model.body import Body
from publisher.model.episode import Episode

#: What is known of an episode without unfolding anything.
HEAD = tuple(each.name for each in fields(Episode) if each.name not in {"body", "text"})
_NAMES = tuple(each.name for each in fields(Episode))
head_of = attrgetter(*HEAD)
_all_of = attrgetter(*_NAMES)


class Recalled(Episode):
    """An Episode in every respect; its text is fetched at the first look.

    ``again`` reads the file anew, should the octets turn out to be no text.
    """

    __slots__ = ("_again", "_octets")
    _octets: Part
    _again: Callable[[], str]

    @classmethod
    def of(
        cls, head: Sequence[object], text: Part, body: Body, again: Callable[[], str]
    ) -> Recalled:
        """Put an episode together from what ``head_of`` gave, in that order."""
        episode = object.__new__(cls)
        put = object.__setattr__
        for name, value in zip(HEAD, head, strict=True):
            put(episode, name, value)
        put(episode, "body", body)
        put(episode, "_octets", text)
        put(episode, "_again", again)
        return episode

    def __getattr__(self, name: str) -> object:
        """Fetch the text: Python asks here only for what is not there yet."""
        if name != "text":
            raise AttributeError(name)
        octets = self._octets.octets
        try:
            text = self._again() if octets is None else octets.decode()
        except UnicodeDecodeError:
            text = self._again()
        object.__setattr__(self, "text", text)
        return text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Episode):
            return NotImplemented
        return bool(_all_of(self) == _all_of(other))

    def __hash__(self) -> int:
        return hash(_all_of(self))

    def __repr__(self) -> str:
        return repr(Episode(*_all_of(self)))

    def __reduce__(self) -> tuple[type[Episode], tuple[object, ...]]:
        """Copies and pickles are plain episodes."""
        return Episode, _all_of(self)


class Shelved(Body):
    """A Body in every respect; its tree is unfolded at the first look.

    ``again`` reads the text anew, should the octets turn out to be no tree.
    """

    __slots__ = ("_again", "_octets")
    _octets: Part
    _again: Callable[[], Body]

    @classmethod
    def of(cls, octets: Part, again: Callable[[], Body]) -> Shelved:
        """Fold nothing up and unfold nothing yet."""
        body = object.__new__(cls)
        object.__setattr__(body, "_octets", octets)
        object.__setattr__(body, "_again", again)
        return body

    def __getattr__(self, name: str) -> object:
        """Unfold the tree: Python asks here only for what is not there yet."""
        if name not in {"nodes", "footnotes"}:
            raise AttributeError(name)
        octets = self._octets.octets
        body = None if octets is None else _unfolded(octets)
        if body is None:
            body = self._again()
        object.__setattr__(self, "footnotes", body.footnotes)
        object.__setattr__(self, "nodes", body.nodes)
        return getattr(body, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Body):
            return NotImplemented
        return (self.nodes, self.footnotes) == (other.nodes, other.footnotes)

    def __hash__(self) -> int:
        return hash((self.nodes, self.footnotes))

    def __repr__(self) -> str:
        return repr(Body(self.nodes, self.footnotes))

    def __reduce__(self) -> tuple[type[Body], tuple[object, ...]]:
        """Copies and pickles are plain bodies."""
        return Body, (self.nodes, self.footnotes)


def folded(body: Body) -> bytes:
    """Fold a body up. Raises what pickling raises, as for a tree that is too deep."""
    return cabinet.freeze((body.nodes, body.footnotes))


def _unfolded(octets: bytes) -> Body | None:
    try:
        whole = cabinet.thaw(octets)
    except cabinet.ForeignError:
        return None
    match whole:
        case (tuple() as nodes, tuple() as footnotes):
            return Body(nodes, footnotes)
        case _:
            return None
