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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.site import manifest
from publisher.site.compress import variants
from publisher.site.manifest import Record

_LOCK = ".publisher.lock"
_PART = ".part"
#: Threads that squeeze, and pages that may wait for them.
_THREADS, _AHEAD = 2, 8
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
class _Leaf:
    """A sheet that has been made, and its twins while they are being squeezed."""

    sheet: Sheet
    data: bytes
    content: str
    squeezed: Future[dict[str, bytes]] | None


class Folder:
    """A folder of the site at ``path``; made when it is not there."""

    def __init__(self, path: Path, *, compress: bool = True) -> None:
        self.path = path
        self.compress = compress
        self._made: set[Path] = set()

    def publish(self, sheets: Iterable[Sheet]) -> Report:
        """Lay the whole site into the folder, in the order given, and remove what is left over.

        Where two sheets have one path the first stands. Files are written before anything is
        removed. Two processes take turns. Raises OSError
        when the folder cannot be written, and whatever a ``make`` raises: what is already
        written stays, nothing is removed, and the next call resumes.
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
                self._lay(by_path.values(), work)
                removed = self._clear(asked, work)
            finally:
                if work.records != before:
                    self._save(work)
        return Report(tuple(work.written), removed, work.kept, tuple(work.problems))

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

    def _lay(self, sheets: Iterable[Sheet], work: _Work) -> None:
        """Make and write what differs, in order, while other threads squeeze what comes next.

        Squeezing takes about as long as setting a page, and leaves Python to others meanwhile.
        """
        waiting: deque[_Leaf] = deque()
        with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="squeeze") as threads:
            try:
                for sheet in sheets:
                    leaf = self._made_anew(sheet, work, threads)
                    if leaf:
                        waiting.append(leaf)
                    if len(waiting) > _AHEAD:
                        self._write(waiting.popleft(), work)
            finally:
                while waiting:
                    self._write(waiting.popleft(), work)

    def _made_anew(self, sheet: Sheet, work: _Work, threads: Executor) -> _Leaf | None:
        """Make a sheet if anything of it is new; None when its files stay as they are."""
        record = work.records.get(sheet.path)
        whole = record is not None and all(work.present.get(n) == s for n, s in record.files)
        if record and whole and record.digest == sheet.digest:
            work.kept += 1
            return None
        if not self._inside(sheet.path):
            work.problems.append(OUTSIDE.at(Place(sheet.path), path=sheet.path))
            return None
        data = sheet.make()
        content = hashlib.sha256(data).hexdigest()
        if record and whole and record.content == content:
            work.records[sheet.path] = Record(sheet.digest, content, record.files)
            work.kept += 1
            return None
        if record is None and self._is_strange(sheet.path, data, work):
            work.problems.append(STRANGER.at(Place(sheet.path), path=sheet.path))
            return None
        squeezed = threads.submit(variants, sheet.path, data) if self.compress else None
        return _Leaf(sheet, data, content, squeezed)

    def _write(self, leaf: _Leaf, work: _Work) -> None:
        path = leaf.sheet.path
        files = {path: leaf.data} | (leaf.squeezed.result() if leaf.squeezed else {})
        for name in self._old_names(path, work) - files.keys():
            (self.path / name).unlink(missing_ok=True)
        # Twins first: a server that prefers them must not go on serving the old ones.
        for name in sorted(files, key=len, reverse=True):
            self._put(name, files[name])
            work.present[name] = len(files[name])
        sizes = tuple((name, len(data)) for name, data in files.items())
        work.records[path] = Record(leaf.sheet.digest, leaf.content, sizes)
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
