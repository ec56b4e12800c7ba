"""An episode that was read by an earlier process: body, text and places stay folded up until looked at.

Of a thousand episodes a command looks into a few, and to unfold one takes longer than all else
that is done to know that it is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Protocol

from publisher.files import cabinet
from publisher.model.body import Body
from publisher.model.episode import Episode
from publisher.model.problem import Fault, Place, ProblemError, Severity

CHANGED = Fault(
    "source/changed-meanwhile",
    Severity.ERROR,
    "The file was changed while it was being worked with.",
    "Do again what you did; then all of it comes from the file as it is now.",
)

#: What is unfolded at the first look, in this order.
LATER = ("body", "text", "places")
#: What is known of an episode without unfolding anything.
HEAD = tuple(each.name for each in fields(Episode) if each.name not in LATER)
_NAMES = tuple(each.name for each in fields(Episode))
head_of = attrgetter(*HEAD)
_all_of = attrgetter(*_NAMES)


class Leaves(Protocol):
    """Where the folded octets of one episode lie."""

    def octets(self, at: int) -> bytes | None:
        """Give those of ``LATER[at]`` as they were put away, None if they are not to be had."""


class Recalled(Episode):
    """An Episode in every respect; what is folded up is fetched at the first look.

    ``again`` reads the file anew, should the octets be gone or no good. To look raises
    ProblemError where the file holds other words by then: half an episode as it was and half as
    it is would be one that nobody wrote, with another gate.
    """

    __slots__ = ("_again", "_leaves")
    _leaves: Leaves
    _again: Callable[[], Episode | None]

    @classmethod
    def of(
        cls, head: Sequence[object], leaves: Leaves, again: Callable[[], Episode | None]
    ) -> Recalled:
        """Put an episode together from what ``head_of`` gave, in that order."""
        episode = object.__new__(cls)
        put = object.__setattr__
        for name, value in zip(HEAD, head, strict=True):
            put(episode, name, value)
        put(episode, "_leaves", leaves)
        put(episode, "_again", again)
        return episode

    def __getattr__(self, name: str) -> object:
        """Unfold what is looked for: Python asks here only for what is not there yet."""
        if name not in LATER:
            raise AttributeError(name)
        octets = self._leaves.octets(LATER.index(name))
        value = None if octets is None else _unfolded(name, octets)
        if value is None:
            value = getattr(self._read(), name)
        object.__setattr__(self, name, value)
        return value

    def _read(self) -> Episode:
        now = self._again()
        if now is None or (now.text_digest, now.digest) != (self.text_digest, self.digest):
            raise ProblemError(CHANGED.at(Place(self.path)))
        return now

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


def folded(episode: Episode) -> tuple[bytes, bytes, bytes]:
    """Fold up what can wait. Raises what pickling raises, as for a tree that is too deep."""
    body = cabinet.freeze((episode.body.nodes, episode.body.footnotes))
    return body, episode.text.encode(), cabinet.freeze(episode.places)


def _unfolded(name: str, octets: bytes) -> object | None:
    try:
        whole = octets.decode() if name == "text" else cabinet.thaw(octets)
    except (UnicodeDecodeError, cabinet.ForeignError):
        return None
    if name != "body":
        return whole if isinstance(whole, str if name == "text" else tuple) else None
    match whole:
        case (tuple() as nodes, tuple() as footnotes):
            return Body(nodes, footnotes)
        case _:
            return None
