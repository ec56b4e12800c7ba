"""The folder that any web server can serve: whole trees laid into it, a file at a time, in one stroke.

Readers see the old page or the new one, never half of one. Only what differs is made and
written, so ETag and date of everything else stay. What was ours and has no source any more
goes; what was never ours stays as it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path
from typing import Protocol, TypeVar

from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.site import manifest
from publisher.site.compress import variants
from publisher.site.manifest import Record

_LOCK = ".publisher.lock"
_PART = ".part"
#: Threads that squeeze, and pages that may wait for them.
_THREADS, _AHEAD = 2, 8
#: With fewer sheets to make, other processes are not asked to help.
_MANY = 50
_TWINS = ("", ".gz", ".br")

STRANGER = Fault(
    "site/stranger",
    Severity.ERROR,
    "A file that the publisher did not write stands where {path} belongs.",
    "Move the file away, or choose another folder for the website in config.toml.",
)
OUTSIDE = Fault(
    "site/outside",
    Severity.ERROR,
    "{path} would lie outside the folder of the website.",
    "Remove the link to another folder, or rename the series or tag.",
)

DOUBLE = Fault(
    "site/double",
    Severity.ERROR,
    "Two pages of the website want to stand at {path}.",
    "Rename the folder of the series: names such as tags, archive, search and about are the website’s own.",
)


class Sheet(Protocol):
    """One file of the site. ``make`` is called only if ``digest`` is new for ``path``.

    ``path`` is relative with ``/`` between folders. ``digest`` stands for everything that the
    bytes are made of: equal digests at one path promise equal bytes.
    """

    @property
    def path(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def make(self) -> Callable[[], bytes]: ...


AnySheet = TypeVar("AnySheet", bound=Sheet)


@dataclass(frozen=True, slots=True)
class Report:
    """What a publication of the site came to: paths written and removed, files left as they were."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass
class _Work:
    records: dict[str, Record]
    present: dict[str, int]
    written: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sheet that has been made: its bytes, and its squeezed twins by path."""

    data: bytes
    twins: dict[str, bytes]


#: Does the work of each number below a count, wherever it likes, and gives what it came to in order.
Spread = Callable[[Callable[[int], Leaf], int], Generator[Leaf, None, None]]
Advance = Callable[[int, int], None]


class Folder:
    """A folder of the site at ``path``; made when it is not there.

    Where there is much to make, ``spread`` does it on as many cores as it has.
    """

    def __init__(self, path: Path, *, compress: bool = True, spread: Spread | None = None) -> None:
        self.path = path
        self.compress = compress
        self._spread = spread
        self._made: set[Path] = set()

    def publish(self, sheets: Iterable[Sheet], advance: Advance | None = None) -> Report:
        """Lay the whole site into the folder, what is new first, and remove what is left over.

        Else the order given is kept. Where two sheets have one path the first stands. Files are
        written before anything is removed. Two processes take turns. Raises OSError
        when the folder cannot be written, and whatever a ``make`` raises: what is already
        written stays, nothing is removed, and the next call resumes. ``advance`` hears (done, of)
        for the sheets that had to be made.
        """
        by_path: dict[str, Sheet] = {}
        doubles = [s.path for s in sheets if by_path.setdefault(s.path, s) is not s]
        asked = set(by_path)
        self.path.mkdir(parents=True, exist_ok=True)
        with self._turn():
            work = _Work(self._manifest(), self._present())
            work.problems += [DOUBLE.at(Place(path), path=path) for path in doubles]
            before = dict(work.records)
            self._intend(asked, work)
            try:
                self._lay(by_path.values(), work, advance)
                removed = self._clear(asked, work)
            finally:
                if work.records != before:
                    self._save(work)
        return Report(tuple(work.written), removed, work.kept, tuple(work.problems))

    @property
    def is_known(self) -> bool:
        """Whether anything was ever laid here."""
        return (self.path / manifest.NAME).is_file()

    def changed(self, sheets: Iterable[AnySheet]) -> list[AnySheet]:
        """Choose the sheets that are made of something new, by the folder's own list alone."""
        records = self._manifest()
        return [
            sheet
            for sheet in sheets
            if (record := records.get(sheet.path)) is None or record.digest != sheet.digest
        ]

    def _intend(self, asked: set[str], work: _Work) -> None:
        """Write down the new names before the first byte, so a crash never makes us strangers."""
        new = {
            path for path in asked - work.records.keys() - work.present.keys() if _is_plain(path)
        }
        if new:
            for path in new:
                work.records[path] = Record("", "", tuple((path + twin, -1) for twin in _TWINS))
            self._save(work)

    # --- one sheet ------------------------------------------------------------------

    def _lay(self, sheets: Iterable[Sheet], work: _Work, advance: Advance | None) -> None:
        """Make and write what differs: new files first, which nothing that readers have leads to yet.

        A list of last year leads on to the next one as soon as there is one.
        """
        todo = [sheet for sheet in sheets if self._differs(sheet, work)]
        todo.sort(key=lambda sheet: _was_laid(work.records.get(sheet.path)))
        with closing(self._leaves(todo)) as leaves:
            for done, (sheet, leaf) in enumerate(zip(todo, leaves, strict=True), start=1):
                self._write(sheet, leaf, work)
                if advance:
                    advance(done, len(todo))

    def _differs(self, sheet: Sheet, work: _Work) -> bool:
        """Say whether anything of a sheet is new: what it is made of, or that a file is gone."""
        record = work.records.get(sheet.path)
        if record and record.digest == sheet.digest and _is_whole(record, work):
            work.kept += 1
            return False
        if not self._inside(sheet.path):
            work.problems.append(OUTSIDE.at(Place(sheet.path), path=sheet.path))
            return False
        return True

    def _leaves(self, todo: Sequence[Sheet]) -> Generator[Leaf, None, None]:
        """Make sheets: many by whoever helps, few here while other threads squeeze.

        Squeezing takes about as long as setting a page, and leaves Python to others meanwhile.
        """

        def leaf(place: int) -> Leaf:
            data = todo[place].make()
            return Leaf(data, self._squeezed(todo[place].path, data))

        if self._spread and len(todo) >= _MANY:
            yield from self._spread(leaf, len(todo))
            return
        waiting: deque[tuple[bytes, Future[dict[str, bytes]]]] = deque()
        with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="squeeze") as threads:
            try:
                for sheet in todo:
                    data = sheet.make()
                    waiting.append((data, threads.submit(self._squeezed, sheet.path, data)))
                    if len(waiting) > _AHEAD:
                        yield _ended(*waiting.popleft())
            except Exception:
                # What was made before the one that could not be is laid all the same.
                yield from starmap(_ended, waiting)
                raise
            yield from starmap(_ended, waiting)

    def _squeezed(self, path: str, data: bytes) -> dict[str, bytes]:
        return variants(path, data) if self.compress else {}

    def _write(self, sheet: Sheet, leaf: Leaf, work: _Work) -> None:
        """Lay a sheet with its twins, unless its bytes are there already or a stranger’s are."""
        path, record = sheet.path, work.records.get(sheet.path)
        content = hashlib.sha256(leaf.data).hexdigest()
        if record and record.content == content and _is_whole(record, work):
            work.records[path] = Record(sheet.digest, content, record.files)
            work.kept += 1
            return
        if record is None and self._is_strange(path, leaf.data, work):
            work.problems.append(STRANGER.at(Place(path), path=path))
            return
        files = {path: leaf.data} | leaf.twins
        for name in self._old_names(path, work) - files.keys():
            (self.path / name).unlink(missing_ok=True)
        # Twins first: a server that prefers them must not go on serving the old ones.
        for name in sorted(files, key=len, reverse=True):
            self._put(name, files[name])
            work.present[name] = len(files[name])
        sizes = tuple((name, len(data)) for name, data in files.items())
        work.records[path] = Record(sheet.digest, content, sizes)
        work.written.append(path)

    def _old_names(self, path: str, work: _Work) -> set[str]:
        record = work.records.get(path)
        return {name for name, _ in record.files} if record else set()

    def _is_strange(self, path: str, data: bytes, work: _Work) -> bool:
        """Say whether another hand's file is in the way; one with our very bytes is welcome."""
        if path not in work.present:
            return False
        return (self.path / path).read_bytes() != data

    def _inside(self, path: str) -> bool:
        """Say whether a path stays in the folder: no step up, no link elsewhere."""
        if not _is_plain(path):
            return False
        root = self.path.resolve()
        return (self.path / path).parent.resolve().is_relative_to(root)

    def _put(self, name: str, data: bytes) -> None:
        """Give a file its new bytes in one stroke.

        Not forced to the disk: thousands of files would wait for it, and a file torn by a power
        cut has another size than the manifest says, so it is written again.
        """
        target = self.path / name
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        # Whoever holds the lock is alone here, so one name serves for every unfinished file.
        temporary = target.parent / f".publisher{_PART}"
        try:
            _write_new(temporary, data)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    # --- what is over ---------------------------------------------------------------

    def _clear(self, asked: set[str], work: _Work) -> tuple[str, ...]:
        """Remove what we wrote once and nobody asks for now, and the folders left empty by it."""
        gone = sorted(work.records.keys() - asked)
        for path in gone:
            for name, _ in work.records.pop(path).files:
                (self.path / name).unlink(missing_ok=True)
            self._fold(path)
        for name in work.present:
            if name.endswith(_PART) and name.rpartition("/")[2].startswith("."):
                (self.path / name).unlink(missing_ok=True)
        return tuple(gone)

    def _fold(self, path: str) -> None:
        for parent in list(Path(path).parents)[:-1]:
            try:
                (self.path / parent).rmdir()
            except OSError:
                return

    # --- the folder's own list ------------------------------------------------------

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other process writes here."""
        with (self.path / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _manifest(self) -> dict[str, Record]:
        try:
            return manifest.read((self.path / manifest.NAME).read_bytes())
        except OSError:
            return {}

    def _save(self, work: _Work) -> None:
        self._put(manifest.NAME, manifest.write(work.records))

    def _present(self) -> dict[str, int]:
        """List every file in the folder with its size, without following links to folders."""
        found: dict[str, int] = {}
        waiting = [("", str(self.path))]
        while waiting:
            prefix, folder = waiting.pop()
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{prefix}{entry.name}/", entry.path))
                    else:
                        found[prefix + entry.name] = entry.stat(follow_symlinks=False).st_size
        return found


def _was_laid(record: Record | None) -> bool:
    """Say whether a file of ours was written; of a new one only the name is written down."""
    return record is not None and record.content != ""


def _is_whole(record: Record, work: _Work) -> bool:
    """Say whether all files of a record are there, as long as they were."""
    return all(work.present.get(name) == size for name, size in record.files)


def _ended(data: bytes, squeezed: Future[dict[str, bytes]]) -> Leaf:
    return Leaf(data, squeezed.result())


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that anyone may read, in as few calls to the system as there can be."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fchmod(handle, 0o644)
    finally:
        os.close(handle)


def _is_plain(path: str) -> bool:
    """Say whether a path only ever leads downwards, and not to our own list or lock."""
    steps = path.split("/")
    odd = any(step in {"", ".", ".."} or "\\" in step or "\0" in step for step in steps)
    return not odd and path not in {manifest.NAME, _LOCK}
