"""A body that was read by an earlier process and stays folded up until somebody looks into it."""

from __future__ import annotations

from collections.abc import Callable

from publisher.files import cabinet
from publisher.model.body import Body


class Shelved(Body):
    """A Body in every respect; its tree is unfolded at the first look.

    ``again`` reads the text anew, should the octets turn out to be no tree.
    """

    __slots__ = ("_again", "_octets")
    _octets: bytes
    _again: Callable[[], Body]

    @classmethod
    def of(cls, octets: bytes, again: Callable[[], Body]) -> Shelved:
        """Fold nothing up and unfold nothing yet."""
        body = object.__new__(cls)
        object.__setattr__(body, "_octets", octets)
        object.__setattr__(body, "_again", again)
        return body

    def __getattr__(self, name: str) -> object:
        """Unfold the tree: Python asks here only for what is not there yet."""
        if name not in {"nodes", "footnotes"}:
            raise AttributeError(name)
        body = _unfolded(self._octets)
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
