"""What was read of a file in an earlier process, and whether it still holds.

A file counts as unchanged while its time of change, its size and its inode are; one whose stamp
is new and whose words are the same is unchanged too, so that a fresh checkout costs a look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from publisher.files import text
from publisher.files.cabinet import Cabinet, ForeignError, freeze, thaw
from publisher.files.names import relative
from publisher.model.body import Body
from publisher.model.episode import Episode
from publisher.model.problem import Problem
from publisher.source.pictures import Stamp, stamp
from publisher.source.shelved import Shelved, folded

FOLDER = "episodes"
#: A file changed so shortly before its drawer was filled, in ns, may have changed again since
#: without a sign of it: clocks of disks tick slowly. Its words are compared then.
_TICK = 100_000_000


@dataclass(slots=True)
class Kept:
    """A file as it was read, and all that the reading depended on."""

    stamp: Stamp | None
    series: str
    blocks: tuple[str, ...]
    pictures: dict[Path, Stamp | None]
    result: tuple[Episode | None, list[Problem]]


def drawer_of(name: str) -> str:
    """Name the drawer of a file by its place in the publication, wherever that is opened."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Recall:
    """The drawers with a publication's episodes."""

    cabinet: Cabinet
    root: Path

    def keep(self, path: Path, parts: tuple[bytes, bytes] | None) -> None:
        """Put away what was read of a file, frozen."""
        if parts is not None:
            self.cabinet.write(f"{FOLDER}/{drawer_of(relative(path, self.root))}", *parts)

    def find(self, path: Path, mark: Stamp | None, again: Callable[[], Body]) -> Kept | None:
        """Give what was read of a file, if the file is still what it was."""
        name = relative(path, self.root)
        drawer = self.cabinet.read(f"{FOLDER}/{drawer_of(name)}")
        if drawer is None or mark is None or len(drawer.parts) != 2:
            return None
        try:
            kept = thawed((drawer.parts[0], drawer.parts[1]), self.root, again)
        except ForeignError:
            return None
        episode = kept.result[0]
        if episode is None or episode.path != name:
            return None
        sure = drawer.written - _TICK
        if kept.stamp == mark and mark[0] < sure:
            return kept if _settled(kept.pictures, sure) else None
        if text.read(path, self.root) != episode.text or not _settled(kept.pictures, sure):
            return None
        kept.stamp = mark
        self.keep(path, frozen(kept, self.root))
        return kept


def frozen(kept: Kept, root: Path) -> tuple[bytes, bytes] | None:
    """Write a reading as octets: all but the body, and the body.

    One that came to nothing, or leans on files outside the publication, gives None.
    """
    episode, problems = kept.result
    if episode is None or kept.stamp is None:
        return None
    try:
        pictures = tuple(
            (each.relative_to(root).as_posix(), mark) for each, mark in kept.pictures.items()
        )
        bare = replace(episode, body=Body())
        head = (kept.stamp, kept.series, kept.blocks, pictures, bare, tuple(problems))
        return freeze(head), folded(episode.body)
    except Exception:  # noqa: BLE001 -- a tree too deep, a name that is no text: then it is read again
        return None


def thawed(parts: tuple[bytes, bytes], root: Path, again: Callable[[], Body]) -> Kept:
    """Take over a reading; its body unfolds when it is looked at, or is read ``again``.

    Raises ForeignError for octets of another shape.
    """
    head: Any = thaw(parts[0])
    match head:
        case (
            (int(), int(), int()) as mark,
            str() as series,
            tuple() as blocks,
            tuple() as pictures,
            Episode() as episode,
            tuple() as problems,
        ) if all(isinstance(each, Problem) for each in problems):
            looked = {root / name: seen for name, seen in pictures}
            # Nobody else has the record yet: to copy a thousand for one field takes long.
            object.__setattr__(episode, "body", Shelved.of(parts[1], again))
            return Kept(mark, series, blocks, looked, (episode, list(problems)))
        case _:
            raise ForeignError("another shape")


def _settled(pictures: Mapping[Path, Stamp | None], sure: int) -> bool:
    """Say whether every picture is as it was, and was so for longer than a tick of the disk."""
    return all(
        stamp(path) == mark and (mark is None or mark[0] < sure) for path, mark in pictures.items()
    )
