"""Feeds and index of a website, planned and made by a copy of this process while it plans the pages.

After one changed episode most of the time goes there: its text stands in a dozen feeds and
archives, and the index holds every title. What the copy does not come to is made here, as if
there were none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from mmap import mmap
from typing import NamedTuple

from publisher.press.meanwhile import Meanwhile
from publisher.render.site.sheet import Sheet

#: With more of them to make than this, all cores share them in another way.
FEW = 50
#: Octets that the copy may hand over; memory is only taken for what it does.
ROOM = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proven(Sheet):
    """A sheet whose bytes are searched for members' sentences before they are given away."""


class _Made(NamedTuple):
    path: str
    place: slice
    clean: list[str]


#: The names of all of them with their digests, and after these each that was made.
_Piece = list[tuple[str, str]] | _Made


@dataclass
class Ahead:
    """Feeds and index of one site. ``plan`` names them all, ``changed`` chooses those worth making.

    ``news`` gives what the proof found clean in the copy since it was last asked, ``know`` takes
    it over here.
    """

    plan: Callable[[], Iterable[Proven]]
    changed: Callable[[Sequence[Proven]], Sequence[Proven]]
    news: Callable[[], list[str]]
    know: Callable[[list[str]], None]
    _made: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Both see it. A pipe holds less than one feed: the copy would wait until they are asked for.
        self._shelf = mmap(-1, ROOM)
        self._copy: Meanwhile[_Piece] = Meanwhile(self._work)

    def _work(self) -> Iterator[_Piece]:
        sheets = list(self.plan())
        yield [(sheet.path, sheet.digest) for sheet in sheets]
        worth = self.changed(sheets)
        end = 0
        for sheet in worth if len(worth) <= FEW else ():
            data = sheet.make()
            place = slice(end, end + len(data))
            end = place.stop
            if end > ROOM:
                return
            self._shelf[place] = data
            yield _Made(sheet.path, place, self.news())

    def sheets(self) -> Iterator[Proven]:
        """Give all of them; each is made at the latest when it is asked for."""
        named = next(self._copy, None)
        if isinstance(named, list):
            for path, digest in named:
                yield Proven(path, digest, partial(self._make, path))
        else:
            yield from self._here.values()

    @cached_property
    def _here(self) -> dict[str, Proven]:
        return {sheet.path: sheet for sheet in self.plan()}

    def _make(self, path: str) -> bytes:
        while path not in self._made and self._take():
            pass
        return self._made.pop(path, None) or self._here[path].make()

    def _take(self) -> bool:
        one = next(self._copy, None)
        if not isinstance(one, _Made):
            return False
        self._made[one.path] = self._shelf[one.place]
        self.know(one.clean)
        return True

    def gather(self) -> None:
        """Take all that is made, and see to it that the rest can be: there will be more copies."""
        while self._take():
            pass
        self._here  # noqa: B018 -- planned once, for all of them

    def close(self) -> None:
        """Let go of the copy."""
        self._copy.close()
        self._shelf.close()
