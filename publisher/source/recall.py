"""What was read of a file in an earlier process, and whether it still holds.

A file counts as unchanged while its time of change, its size and its inode are; one whose stamp
is new and whose words are the same is unchanged too, so that a fresh checkout costs a look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.files import text
from publisher.files.cabinet import Cabinet, ForeignError, Part, freeze, thaw
from publisher.files.names import relative
from publisher.model.body import Body
from publisher.model.episode import Episode
from publisher.model.problem import Problem
from publisher.source.pictures import Stamp, stamp
from publisher.source.shelved import HEAD, Recalled, Shelved, folded, head_of

FOLDER = "episodes"
#: A file changed so shortly before its drawer was filled, in ns, may have changed again since
#: without a sign of it: clocks of disks tick slowly. Its words are compared then.
_TICK = 100_000_000


#: A reading in octets: all but body and text, the body, the text.
Frozen = tuple[bytes, bytes, bytes]
#: Reads a file again, for its text or for its body.
Again = tuple[Callable[[], str], Callable[[], Body]]


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

    def keep(self, path: Path, parts: Frozen | None) -> None:
        """Put away what was read of a file, frozen."""
        if parts is not None:
            self.cabinet.write(f"{FOLDER}/{drawer_of(relative(path, self.root))}", *parts)

    def find(self, path: Path, mark: Stamp | None, again: Again) -> Kept | None:
        """Give what was read of a file, if the file is still what it was."""
        name = relative(path, self.root)
        drawer = self.cabinet.read(f"{FOLDER}/{drawer_of(name)}")
        if drawer is None or mark is None:
            return None
        try:
            kept = thawed(drawer.parts, self.root, again)
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


def frozen(kept: Kept, root: Path) -> Frozen | None:
    """Write a reading as octets.

    One that came to nothing, or leans on files outside the publication, gives None.
    """
    episode, problems = kept.result
    if episode is None or kept.stamp is None:
        return None
    try:
        pictures = tuple(
            (each.relative_to(root).as_posix(), mark) for each, mark in kept.pictures.items()
        )
        head = (kept.stamp, kept.series, kept.blocks, pictures, head_of(episode), tuple(problems))
        return freeze(head), folded(episode.body), episode.text.encode()
    except Exception:  # noqa: BLE001 -- a tree too deep, a name that is no text: then it is read again
        return None


def thawed(parts: Sequence[Part], root: Path, again: Again) -> Kept:
    """Take over a reading; text and body unfold when they are looked at, or are read ``again``.

    Raises ForeignError for octets of another shape.
    """
    octets = parts[0].octets if len(parts) == 3 else None
    head: Any = None if octets is None else thaw(octets)
    match head:
        case (
            (int(), int(), int()) as mark,
            str() as series,
            tuple() as blocks,
            tuple() as pictures,
            tuple() as said,
            tuple() as problems,
        ) if len(said) == len(HEAD) and all(isinstance(each, Problem) for each in problems):
            looked = {root / name: seen for name, seen in pictures}
            text_again, body_again = again
            body = Shelved.of(parts[1], body_again)
            episode = Recalled.of(said, parts[2], body, text_again)
            return Kept(mark, series, blocks, looked, (episode, list(problems)))
        case _:
            raise ForeignError("another shape")


def _settled(pictures: Mapping[Path, Stamp | None], sure: int) -> bool:
    """Say whether every picture is as it was, and was so for longer than a tick of the disk."""
    return all(
        stamp(path) == mark and (mark is None or mark[0] < sure) for path, mark in pictures.items()
    )
