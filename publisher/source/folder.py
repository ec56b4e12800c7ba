"""The folder of episodes, read as a whole: every series, every episode, every problem.

One broken file is one problem; everything else goes on.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from publisher.files import faults as file_faults
from publisher.files.cabinet import Cabinet
from publisher.files.names import ignored, is_folder, is_link, relative, shown
from publisher.model.body import Body, Picture
from publisher.model.episode import Episode, Series
from publisher.model.problem import Fault, Place, Problem, Severity, in_order
from publisher.source import blocks as block_kinds
from publisher.source import episode as episodes
from publisher.source import names
from publisher.source import series as serials
from publisher.source.episode import EpisodeFile
from publisher.source.markdown.sheet import PictureFinder
from publisher.source.pictures import Gallery, Stamp, stamp
from publisher.source.recall import FOLDER, Kept, Recall, drawer_of
from publisher.source.series import ReadSeries, Surroundings

NO_FOLDER = Fault(
    "source/folder-missing",
    Severity.ERROR,
    "There is no folder {name} with series in it.",
    "Make the folder, with one folder a series inside.",
)
NO_SERIES = Fault(
    "source/outside-series",
    Severity.ERROR,
    "{name} lies in no series.",
    "Move it into the folder of a series.",
)
NO_INDEX = Fault(
    "source/index-missing",
    Severity.ERROR,
    "The folder of this episode holds no index.md.",
    "Name the episode’s text index.md, or let the folder’s name begin with “_”.",
)
SAME_NUMBER = Fault(
    "source/number-twice",
    Severity.ERROR,
    "Episode {number} of this series is also {other}.",
    "Give one of the two files another number.",
)

_STRANGE = (".markdown", ".mdx", ".mdown", ".docx", ".doc", ".hwp", ".hwpx", ".txt", ".rtf")


@dataclass(frozen=True, slots=True)
class Scan:
    """A publication’s files as they stand: series by slug, episodes by number, all problems."""

    series: tuple[Series, ...]
    episodes: tuple[Episode, ...]
    problems: tuple[Problem, ...]


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

    def recall(self, root: Path) -> Recall | None:
        """Open what earlier processes have read of a publication."""
        return Recall(self.cabinet, root) if self.cabinet else None

    def forget(self, seen: set[Path], root: Path) -> None:
        """Let go of files that are gone."""
        if self.cabinet:
            self.cabinet.keep_only(FOLDER, (drawer_of(relative(path, root)) for path in seen))
        self.kept = {path: kept for path, kept in self.kept.items() if path in seen}
        if self.gallery is not None:
            used = {path for kept in self.kept.values() for path in kept.pictures}
            used |= {path for _, _, pictures, _ in self.serials.values() for path in pictures}
            self.gallery.read = {p: read for p, read in self.gallery.read.items() if p in used}


def scan(
    root: Path,
    episodes_dir: Path,
    *,
    timezone: str,
    blocks: Iterable[str] = (),
    reader: Reader | None = None,
) -> Scan:
    """Read all series and episodes of a publication.

    ``root`` is the publication’s folder and ``episodes_dir`` the one with the series in it;
    ``blocks`` are the names of blocks that the publication’s own templates add. With the same
    ``reader``, only files that changed are read again.
    """
    around = Surroundings(root, timezone, block_kinds.known(blocks))
    scanner = _Scanner(around, reader or Reader())
    scanner.publication(root / episodes_dir)
    return scanner.result()


@dataclass(slots=True)
class _Scanner:
    """One walk through the folder."""

    around: Surroundings
    reader: Reader
    series: list[Series] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)
    blocks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.blocks = tuple(sorted(self.around.blocks))

    def result(self) -> Scan:
        self.reader.forget(self.seen, self.around.root)
        self._same_numbers()
        return Scan(
            tuple(sorted(self.series, key=lambda each: each.slug)),
            tuple(sorted(self.episodes, key=lambda each: (each.series, each.number, each.path))),
            in_order(self.problems),
        )

    def publication(self, folder: Path) -> None:
        gallery = self.reader.gallery
        if gallery is None or gallery.root != self.around.root:
            self.reader.gallery = Gallery(self.around.root)
        if not is_folder(folder):
            self._tell(NO_FOLDER, folder)
            return
        for entry in self._entries(folder):
            path = Path(entry.path)
            if is_folder(Path(entry.path)) and self._inside(path):
                self._serial(path)
            elif entry.name.lower().endswith(".md"):
                self._tell(NO_SERIES, path)

    def _tell(self, fault: Fault, path: Path, **details: object) -> None:
        name = relative(path, self.around.root)
        self.problems.append(fault.at(Place(name), **{"name": name.rpartition("/")[2]} | details))

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """List what lies in a folder and is meant to be read, by name."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda each: shown(each.name))
        except PermissionError:
            self._tell(file_faults.UNREADABLE, folder)
            return
        except OSError:
            self._tell(file_faults.BROKEN, folder)
            return
        yield from (entry for entry in entries if not ignored(entry.name))

    def _inside(self, path: Path) -> bool:
        """Say whether a folder is the publication’s own, and tell if a link leads out of it."""
        if not is_link(path):
            return True
        try:
            inside = path.resolve(strict=True).is_relative_to(self.around.root.resolve())
        except (OSError, RuntimeError):
            inside = False
        if not inside:
            self._tell(file_faults.OUTSIDE, path)
        return inside

    def _serial(self, folder: Path) -> None:
        found = [
            (path, name) for entry in self._entries(folder) for path, name in self._file(entry)
        ]
        toml = folder / "series.toml"
        if not found and not os.path.lexists(toml):
            return
        if not names.series(folder.name):
            self._tell(names.SERIES_NAME, folder)
        read = self._series(folder)
        self.series.append(read.series)
        self.problems.extend(read.problems)
        digest = f"{read.digest} {self.around.timezone}"
        for path, name in found:
            self._episode(EpisodeFile(path, name, read.series), digest)

    def _file(self, entry: os.DirEntry[str]) -> Iterator[tuple[Path, names.EpisodeName]]:
        """Give the episode that a file or folder of a series holds, if it is one."""
        path = Path(entry.path)
        if entry.name.lower().endswith(".md"):
            name = names.episode(entry.name[:-3])
            if name is None:
                proposal = f"01-{shown(entry.name)}"
                self._tell(names.NO_NUMBER, path, proposal=proposal)
                return
            if not name.slug:
                self._tell(names.NO_SLUG, path, proposal=f"{entry.name[:-3]}-title.md")
            yield path, name
        elif entry.name.lower().endswith(_STRANGE):
            self._tell(names.ENDING, path)
        elif (
            is_folder(Path(entry.path))
            and (name := names.episode(entry.name))
            and self._inside(path)
        ):
            index = path / "index.md"
            if os.path.lexists(index):
                yield index, name
            elif _readable(path):
                self._tell(NO_INDEX, path)
            else:
                self._tell(file_faults.UNREADABLE, path)

    def _series(self, folder: Path) -> ReadSeries:
        path = folder / "series.toml"
        mark = stamp(path)
        known = self.reader.serials.get(path)
        setting = repr((self.around.timezone, sorted(self.around.blocks.items())))
        if known and mark and known[0] == mark and known[3] == setting and _same(known[2]):
            return known[1]
        used: dict[Path, Stamp | None] = {}
        problems: list[Problem] = []
        read = serials.read(folder, self.around, self._finder(folder, problems, used))
        read.problems.extend(problems)
        self.reader.serials[path] = (mark, read, used, setting)
        return read

    def _finder(
        self, folder: Path, problems: list[Problem], used: dict[Path, Stamp | None]
    ) -> PictureFinder:
        if self.reader.gallery is None:
            return lambda src, place: Picture(src)
        return self.reader.gallery.finder(folder, problems, used)

    def _episode(self, file: EpisodeFile, series: str) -> None:
        path = file.path
        self.seen.add(path)
        mark = stamp(path)
        known = self.reader.kept.get(path)
        blocks = self.blocks

        def fits(kept: Kept) -> bool:
            same = kept.series == series and kept.blocks == blocks
            return same and mark is not None and kept.stamp == mark and _same(kept.pictures)

        if known is None or not fits(known):
            recall = self.reader.recall(self.around.root)
            if recall and known is None:
                known = recall.find(path, mark, lambda: self._body(file))
            if known is None or not fits(known):
                used: dict[Path, Stamp | None] = {}
                known = Kept(mark, series, blocks, used, self._read(file, used))
                if recall:
                    recall.keep(path, known)
            self.reader.kept[path] = known
        episode, problems = known.result
        if episode is not None:
            self.episodes.append(episode)
        self.problems.extend(problems)

    def _read(
        self, file: EpisodeFile, used: dict[Path, Stamp | None]
    ) -> tuple[Episode | None, list[Problem]]:
        return episodes.read(
            file, self.around, lambda problems: self._finder(file.path.parent, problems, used)
        )

    def _body(self, file: EpisodeFile) -> Body:
        episode, _ = self._read(file, {})
        return episode.body if episode else Body()

    def _same_numbers(self) -> None:
        together: dict[tuple[str, int], list[Episode]] = defaultdict(list)
        for each in self.episodes:
            together[each.series, each.number].append(each)
        for same in together.values():
            for each in same if len(same) > 1 else []:
                other = next(that.path for that in same if that is not each)
                place = Place(each.path, 1, 1)
                self.problems.append(SAME_NUMBER.at(place, number=each.number, other=other))


def _readable(folder: Path) -> bool:
    return os.access(
        folder, os.R_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids
    )


def _same(pictures: dict[Path, Stamp | None]) -> bool:
    return all(stamp(path) == mark for path, mark in pictures.items())
