"""Reading only what changed: what is known of a file is looked up, all else is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from publisher.files.cabinet import Cabinet, ForeignError, Part
from publisher.model.body import Picture
from publisher.model.episode import Episode
from publisher.model.problem import Problem
from publisher.source import matter as matters
from publisher.source.matter import Matter
from publisher.source.pictures import Gallery, Stamp, stamp
from publisher.source.recall import (
    FOLDER,
    NOTHING,
    Again,
    Frozen,
    Kept,
    Recall,
    drawer_of,
    frozen,
    thawed,
)
from publisher.source.register import FEW, Register
from publisher.source.sought import ReadSeries, Sought, Surroundings

if TYPE_CHECKING:
    from publisher.source.markdown.sheet import PictureFinder

Result = TypeVar("Result")


class Spread(Protocol):
    """Gives ``work(0)`` … ``work(count - 1)`` in this order, perhaps done by several processes."""

    def __call__(self, work: Callable[[int], Result], count: int) -> Iterator[Result]: ...


@dataclass(slots=True)
class Reader:
    """Remembers what was read, so that a second scan reads only what changed.

    A file counts as unchanged while its time of change, its size and its inode are. With a
    ``cabinet`` it also knows what earlier processes have read.
    """

    kept: dict[Path, Kept] = field(default_factory=dict)
    serials: dict[Path, tuple[Stamp | None, ReadSeries, dict[Path, Stamp | None], str]] = field(
        default_factory=dict
    )
    gallery: Gallery | None = None
    cabinet: Cabinet | None = None
    #: The files that the cabinet is known to have something about, and no others.
    filed: set[str] = field(default_factory=set)

    def forget(self, seen: Sequence[Sought]) -> None:
        """Let go of files that are gone."""
        if self.cabinet and {one.name for one in seen} != self.filed:
            self.filed = {one.name for one in seen}
            self.cabinet.keep_only(FOLDER, map(drawer_of, self.filed))
        paths = {one.file.path for one in seen}
        if len(paths) < len(self.kept):
            self.kept = {path: kept for path, kept in self.kept.items() if path in paths}
        if self.gallery is not None and self.gallery.read:
            used = {path for kept in self.kept.values() for path in kept.pictures}
            used |= {path for _, _, pictures, _ in self.serials.values() for path in pictures}
            self.gallery.read = {p: read for p, read in self.gallery.read.items() if p in used}

    def finder(
        self, folder: Path, problems: list[Problem], used: dict[Path, Stamp | None]
    ) -> PictureFinder:
        """Give what finds the pictures of a folder, noting those it looked at."""
        if self.gallery is None:
            return lambda src, place: Picture(src)
        return self.gallery.finder(folder, problems, used)

    def know(
        self, files: Sequence[Sought], around: Surroundings, spread: Spread | None = None
    ) -> None:
        """See to it that ``kept`` holds every file as it is now; ``spread`` reads many at once."""
        desk = _Desk(self, around, tuple(sorted(around.blocks)))
        unread = desk.unknown(files)
        if spread is None:
            for one in unread:
                self.kept[one.file.path] = desk.read(one)
            return
        if len(unread) > FEW:
            # Loaded before there are copies of this process, so that not each of them has to.
            from publisher.source import episode, fronts  # noqa: F401

        octets = spread(lambda at: desk.frozen(unread[at]), len(unread))
        for one, parts in zip(unread, octets, strict=True):
            self.kept[one.file.path] = desk.thawed(one, parts)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the files of one publication are read."""

    reader: Reader
    around: Surroundings
    blocks: tuple[str, ...]

    @property
    def _recall(self) -> Recall | None:
        cabinet = self.reader.cabinet
        return Recall(cabinet, self.around.root) if cabinet else None

    def unknown(self, files: Sequence[Sought]) -> list[Sought]:
        """Choose the files that are not known as they are now, nor from an earlier process."""
        strange = [one for one in files if one.file.path not in self.reader.kept]
        looked = self._look_up(strange, files) if strange else ()
        return [one for one in files if not self._knows(one, one.file.path in looked)]

    def _look_up(self, strange: Sequence[Sought], files: Sequence[Sought]) -> Collection[Path]:
        """Fetch what earlier processes knew, where files and pictures are what they were."""
        if (recall := self._recall) is None:
            return ()
        register = Register(recall)
        if not self.reader.filed:
            self.reader.filed = register.names
        found = {}
        for one in strange:
            again = self._again(one)
            kept = register.find(one.name, one.stamp, again)
            if kept is None and (own := recall.find(one.name, one.file.path, one.stamp, again)):
                kept = own.kept
                if own.sure:
                    register.note(one.name, kept)
            if kept is not None:
                found[one.file.path] = kept
        register.save({one.name for one in files})
        self.reader.kept |= found
        return found.keys()

    def _knows(self, sought: Sought, looked: bool) -> bool:
        kept = self.reader.kept.get(sought.file.path)
        if kept is None:
            return False
        same = kept.series == sought.series and kept.blocks == self.blocks
        unchanged = sought.stamp is not None and kept.stamp == sought.stamp
        return same and unchanged and (looked or as_they_were(kept.pictures))

    def read(self, sought: Sought) -> Kept:
        """Read a file, and put it away for the next process."""
        kept = self._read(sought)
        if recall := self._recall:
            recall.keep(sought.name, frozen(kept, self.around.root))
        return kept

    def frozen(self, sought: Sought) -> Frozen | None:
        """Read a file for another process: as octets, None where they cannot hold it."""
        parts = frozen(self._read(sought), self.around.root)
        if recall := self._recall:
            recall.keep(sought.name, parts)
        return parts

    def thawed(self, sought: Sought, parts: Frozen | None) -> Kept:
        """Take over what another process has read."""
        if parts is not None:
            try:
                return thawed([*map(Part.of, parts)], self.around.root, self._again(sought))
            except ForeignError:
                pass
        return self.read(sought)

    def _read(self, sought: Sought) -> Kept:
        # Loaded here: where nothing changed, nothing is read, and what reads takes long to load.
        from publisher.source import episode as episodes

        used: dict[Path, Stamp | None] = {}
        folder = sought.file.path.parent
        read = episodes.read(
            sought.file,
            self.around,
            lambda problems: self.reader.finder(folder, problems, used),
            self._matter(sought),
        )
        result = read.episode, read.problems
        kept = Kept(sought.stamp, sought.series, self.blocks, used, result)
        if read.matter:
            kept.matter = Part.of(matters.freeze(read.matter, sought.series))
        return kept

    def _matter(self, sought: Sought) -> Matter | None:
        kept, recall = self.reader.kept.get(sought.file.path), self._recall
        if kept and kept.matter is not NOTHING:
            return matters.thaw(kept.matter.octets, sought.series)
        return recall.matter(sought.name, sought.series) if recall else None

    def _again(self, sought: Sought) -> Again:
        def again() -> Episode | None:
            kept = self._read(sought)
            # Its drawer is gone, or somebody else's: the next process shall find it again.
            if (recall := self._recall) and stamp(sought.file.path) == sought.stamp:
                recall.keep(sought.name, frozen(kept, self.around.root))
            return kept.result[0]

        return again


def as_they_were(pictures: dict[Path, Stamp | None]) -> bool:
    """Say whether every picture that was looked at is still the same."""
    return all(stamp(path) == mark for path, mark in pictures.items())
