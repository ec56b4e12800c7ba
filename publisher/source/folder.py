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
from publisher.files.names import ignored, is_folder, is_link, relative, shown
from publisher.model.episode import Episode, Series
from publisher.model.problem import Fault, Place, Problem, Severity, in_order
from publisher.source import blocks as block_kinds
from publisher.source import names
from publisher.source.pictures import Gallery, Stamp, stamp
from publisher.source.reader import Reader, Spread, as_they_were
from publisher.source.serials import Serials
from publisher.source.sought import EpisodeFile, ReadSeries, Sought, Surroundings

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


def scan(
    root: Path,
    episodes_dir: Path,
    *,
    timezone: str,
    blocks: Iterable[str] = (),
    reader: Reader | None = None,
    spread: Spread | None = None,
) -> Scan:
    """Read all series and episodes of a publication.

    ``root`` is the publication’s folder and ``episodes_dir`` the one with the series in it;
    ``blocks`` are the names of blocks that the publication’s own templates add. With the same
    ``reader``, only files that changed are read again; with ``spread``, many at once.
    """
    around = Surroundings(root, timezone, block_kinds.known(blocks))
    scanner = _Scanner(around, reader or Reader())
    scanner.publication(root / episodes_dir)
    scanner.read(spread)
    return scanner.result()


@dataclass(slots=True)
class _Scanner:
    """One walk through the folder."""

    around: Surroundings
    reader: Reader
    series: list[Series] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sought: list[Sought] = field(default_factory=list)

    def result(self) -> Scan:
        self.reader.forget(self.sought)
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
            file = EpisodeFile(path, name, read.series)
            self.sought.append(Sought(file, relative(path, self.around.root), digest, stamp(path)))

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
        if known and mark and known[0] == mark and known[3] == setting and as_they_were(known[2]):
            return known[1]
        serials = Serials(self.reader.cabinet, self.around.root, setting)
        recalled = serials.find(path)
        read, used = recalled or self._read_series(folder)
        if recalled is None:
            serials.keep(path, read, used)
        self.reader.serials[path] = (mark, read, used, setting)
        return read

    def _read_series(self, folder: Path) -> tuple[ReadSeries, dict[Path, Stamp | None]]:
        # Loaded here: it takes long, and a series seldom changes.
        from publisher.source import series

        used: dict[Path, Stamp | None] = {}
        problems: list[Problem] = []
        read = series.read(folder, self.around, self.reader.finder(folder, problems, used))
        read.problems.extend(problems)
        return read, used

    def read(self, spread: Spread | None) -> None:
        """Read the episodes that were found, or look up what is known of them."""
        self.reader.know(self.sought, self.around, spread)
        for one in self.sought:
            episode, problems = self.reader.kept[one.file.path].result
            if episode is not None:
                self.episodes.append(episode)
            self.problems.extend(problems)

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
