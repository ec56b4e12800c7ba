"""What was read of a ``series.toml`` in an earlier process; it is known again by its words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from publisher.files import text
from publisher.files.cabinet import Cabinet, ForeignError, freeze, thaw
from publisher.files.names import relative
from publisher.model.episode import Series
from publisher.model.problem import Problem
from publisher.source.pictures import Stamp
from publisher.source.recall import TICK, drawer_of, settled
from publisher.source.sought import ReadSeries, digest_of

FOLDER = "series"


@dataclass(frozen=True, slots=True)
class Serials:
    """The drawers with a publication's series; ``setting`` is all else that a reading depends on."""

    cabinet: Cabinet | None
    root: Path
    setting: str

    def find(self, path: Path) -> tuple[ReadSeries, dict[Path, Stamp | None]] | None:
        """Give what was read of a file and the pictures that were looked at, if they still hold."""
        drawer = self.cabinet.read(self._drawer(path)) if self.cabinet else None
        octets = drawer.parts[0].octets if drawer and len(drawer.parts) == 1 else None
        written = None if octets is None else text.read(path, self.root)
        if drawer is None or octets is None or not isinstance(written, str):
            return None
        try:
            said = thaw(octets)
        except ForeignError:
            return None
        match said:
            case (
                self.setting,
                tuple() as pictures,
                Series() as series,
                tuple() as problems,
                words,
            ) if (
                words == digest_of(written)
                and series.path == relative(path, self.root)
                and all(isinstance(each, Problem) for each in problems)
            ):
                used = {self.root / name: mark for name, mark in pictures}
                if settled(used, drawer.written - TICK):
                    return ReadSeries(series, list(problems), words), used
        return None

    def keep(self, path: Path, read: ReadSeries, used: dict[Path, Stamp | None]) -> None:
        """Put away what was read of a file, if anything was."""
        if self.cabinet is None or not read.words:
            return
        try:
            pictures = tuple(
                (p.relative_to(self.root).as_posix(), mark) for p, mark in used.items()
            )
            octets = freeze((self.setting, pictures, read.series, tuple(read.problems), read.words))
        except Exception:  # noqa: BLE001 -- what cannot be written down is read again
            return
        self.cabinet.write(self._drawer(path), octets)

    def _drawer(self, path: Path) -> str:
        return f"{FOLDER}/{drawer_of(relative(path, self.root))}"
