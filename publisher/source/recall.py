"""What was read of a file in an earlier process, and whether it still holds.

A file counts as unchanged while its time of change, its size and its inode are; one whose stamp
is new and whose words are the same is unchanged too, so that a fresh checkout costs a look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from publisher.files import text
from publisher.files.cabinet import Cabinet, Drawer, ForeignError, Part, freeze, thaw
from publisher.model.episode import Episode
from publisher.model.problem import Problem
from publisher.source import matter as matters
from publisher.source.matter import Matter
from publisher.source.pictures import Stamp, stamp
from publisher.source.shelved import HEAD, LATER, Leaves, Recalled, folded, head_of

FOLDER = "episodes"
#: A file changed so shortly before its drawer was filled, in ns, may have changed again since
#: without a sign of it: clocks of disks tick slowly. Its words are compared then.
TICK = 100_000_000


#: A reading in octets: its head, what is folded up, and what its front matter came to.
Frozen = tuple[bytes, bytes, bytes, bytes, bytes]
#: Reads a file again.
Again = Callable[[], Episode | None]
#: All of a reading but what is folded up: stamp, series, blocks, pictures, episode, problems.
Head = tuple[Stamp, str, tuple[str, ...], tuple[Any, ...], tuple[Any, ...], tuple[Problem, ...]]


#: Front matter of which nothing is remembered.
NOTHING = Part.of(b"")


@dataclass(slots=True)
class Kept:
    """A file as it was read, and all that the reading depended on."""

    stamp: Stamp | None
    series: str
    blocks: tuple[str, ...]
    pictures: dict[Path, Stamp | None]
    result: tuple[Episode | None, list[Problem]]
    matter: Part = NOTHING


class Found(NamedTuple):
    """A reading that still holds; ``sure`` where the stamp alone was enough to say so."""

    kept: Kept
    sure: bool


def drawer_of(name: str) -> str:
    """Name the drawer of a file by its place in the publication, wherever that is opened."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Opened:
    """The leaves of an episode whose drawer was opened: its parts."""

    parts: Sequence[Part]

    def octets(self, at: int) -> bytes | None:
        return self.parts[1 + at].octets


@dataclass(frozen=True, slots=True)
class Recall:
    """The drawers with a publication's episodes."""

    cabinet: Cabinet
    root: Path

    def open(self, name: str) -> Drawer | None:
        """Open the drawer of a file by its name in the publication."""
        return self.cabinet.read(f"{FOLDER}/{drawer_of(name)}")

    def matter(self, name: str, series: str) -> Matter | None:
        """Give what the front matter of a file came to when it was read last, in this very series."""
        drawer = self.open(name)
        octets = drawer.parts[-1].octets if drawer and len(drawer.parts) == 2 + len(LATER) else None
        return matters.thaw(octets, series)

    def keep(self, name: str, parts: Frozen | None) -> None:
        """Put away what was read of a file, frozen."""
        if parts is not None:
            self.cabinet.write(f"{FOLDER}/{drawer_of(name)}", *parts)

    def find(self, name: str, path: Path, mark: Stamp | None, again: Again) -> Found | None:
        """Give what was read of a file, if the file is still what it was."""
        drawer = self.open(name)
        if drawer is None or mark is None:
            return None
        try:
            kept = thawed(drawer.parts, self.root, again)
        except ForeignError:
            return None
        episode = kept.result[0]
        if episode is None or episode.path != name:
            return None
        sure = drawer.written - TICK
        if not settled(kept.pictures, sure):
            return None
        if kept.stamp == mark and mark[0] < sure:
            return Found(kept, True)
        if text.read(path, self.root) != episode.text:
            return None
        kept.stamp = mark
        self.keep(name, frozen(kept, self.root))
        return Found(kept, False)


def head(kept: Kept, root: Path) -> Head | None:
    """Give all of a reading that is looked at every time, as plain values.

    One that came to nothing gives None. Raises ValueError if it leans on files outside the
    publication.
    """
    episode, problems = kept.result
    if episode is None or kept.stamp is None:
        return None
    pictures = tuple(
        (each.relative_to(root).as_posix(), mark) for each, mark in kept.pictures.items()
    )
    return (
        kept.stamp,
        kept.series,
        kept.blocks,
        pictures,
        head_of(episode),
        tuple(problems),
    )


def frozen(kept: Kept, root: Path) -> Frozen | None:
    """Write a reading as octets; None where they cannot hold it."""
    episode, _ = kept.result
    try:
        said = head(kept, root)
        if episode is None or said is None:
            return None
        return freeze(said), *folded(episode), kept.matter.octets or b""
    except Exception:  # noqa: BLE001 -- a tree too deep, a name that is no text: then it is read again
        return None


def thawed(parts: Sequence[Part], root: Path, again: Again) -> Kept:
    """Take over a reading; what is folded up unfolds when it is looked at, or is read ``again``.

    Raises ForeignError for octets of another shape.
    """
    octets = parts[0].octets if len(parts) == 2 + len(LATER) else None
    kept = kept_of(None if octets is None else thaw(octets), root, Opened(parts), again)
    kept.matter = parts[-1]
    return kept


def kept_of(said: Any, root: Path, leaves: Leaves, again: Again) -> Kept:
    """Take over a reading by its head. Raises ForeignError for one of another shape."""
    match said:
        case (
            (int(), int(), int()) as mark,
            str() as series,
            tuple() as blocks,
            tuple() as pictures,
            tuple() as known,
            tuple() as problems,
        ) if len(known) == len(HEAD) and all(isinstance(each, Problem) for each in problems):
            looked = {root / name: seen for name, seen in pictures}
            episode = Recalled.of(known, leaves, again)
            return Kept(mark, series, blocks, looked, (episode, list(problems)))
        case _:
            raise ForeignError("another shape")


def settled(pictures: Mapping[Path, Stamp | None], sure: int) -> bool:
    """Say whether every picture is as it was, and was so for longer than a tick of the disk."""
    return all(
        stamp(path) == mark and (mark is None or mark[0] < sure) for path, mark in pictures.items()
    )
