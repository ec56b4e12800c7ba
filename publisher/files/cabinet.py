"""What one process worked out, kept on disk for the next: believed only as far as it can be checked.

Each drawer is a file of its own, replaced in one stroke, so that two processes at once never see
half of one. Whatever is odd about a drawer (torn, of another version, another owner, copied from
elsewhere) makes it empty: nothing here ever fails, it only forgets.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import struct
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar

#: Octets of a drawer; what is larger was not written here.
LIMIT = 256 * 1024 * 1024
_MAGIC = b"publisher cabinet 2\n"
_HEAD = struct.Struct("!32sIH")
#: Of each part its length and its sum.
_PART = struct.Struct("!QI")
_PLAIN = {kind.__name__: kind for kind in (date, datetime, time, timedelta, timezone)}


class ForeignError(Exception):
    """Octets that hold something else than plain values and records of the model."""


class _Member:
    """Stands in for a kind of enumeration, which therefore cannot be changed by what is read."""

    __slots__ = ("_kind",)

    def __init__(self, kind: type[Enum]) -> None:
        self._kind = kind

    def __call__(self, value: object) -> Enum:
        return self._kind(value)


@cache
def _kind(module: str, name: str) -> Any:
    """Give a kind that may be read. Raises ForeignError for any other."""
    if module == "datetime" and name in _PLAIN:
        return _PLAIN[name]
    if module == "builtins" and name == "frozenset":
        return frozenset
    if module.startswith("publisher.model.") and "." not in name:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and kind.__module__ == module:
            if issubclass(kind, Enum):
                return _Member(kind)
            if is_dataclass(kind) and "__slots__" in vars(kind):
                return kind
    raise ForeignError(f"{module}.{name}")


class _Reader(pickle.Unpickler):
    """Reads plain values, dates, and the frozen records and enumerations of the model alone."""

    # Asked for some kinds a drawer, thousands of times: without a step through Python it is nothing.
    find_class = staticmethod(_kind)


class _Writer(pickle.Pickler):
    """Writes a record as its kind and its values in order, which is read back in half the time."""

    #: By kind, what gives the values that a record is made from, in order; None for no record.
    _known: ClassVar[dict[type[Any], Callable[[object], tuple[object, ...]] | None]] = {}

    def reducer_override(self, obj: object) -> Any:
        kind: type[Any] = type(obj)
        try:
            values = self._known[kind]
        except KeyError:
            values = self._known[kind] = _values_of(kind)
        return NotImplemented if values is None else (kind, values(obj))


def _value(obj: Any) -> tuple[object, ...]:
    return (obj.value,)


def _values_of(kind: type[Any]) -> Callable[[object], tuple[object, ...]] | None:
    if issubclass(kind, Enum):
        return _value  # as later Pythons do; the first of 3.11 write down a call of getattr
    if "__slots__" not in vars(kind) or "__dataclass_fields__" not in vars(kind):
        return None
    names = [each.name for each in fields(kind) if each.init]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda obj: tuple(getattr(obj, name) for name in names)


def freeze(value: object) -> bytes:
    """Write plain values and records of the model as octets. Raises whatever pickling raises."""
    octets = io.BytesIO()
    _Writer(octets, 5).dump(value)
    return octets.getvalue()


def thaw(data: bytes) -> Any:
    """Read back what was frozen. Raises ForeignError for anything else."""
    try:
        return _Reader(io.BytesIO(data)).load()
    except Exception as failure:  # hostile octets make it raise anything
        raise ForeignError("cannot be read") from failure


@dataclass(frozen=True, slots=True)
class Part:
    """Some octets and the sum that they must come to; summed up only when somebody asks for them."""

    data: bytes | memoryview
    checksum: int

    @classmethod
    def of(cls, octets: bytes) -> Part:
        """Take octets that are known to be sound."""
        return cls(octets, zlib.crc32(octets))

    @property
    def octets(self) -> bytes | None:
        """Give the octets as they were put in, None if they are not those any more."""
        return bytes(self.data) if zlib.crc32(self.data) == self.checksum else None


@dataclass(frozen=True, slots=True)
class Drawer:
    """The parts of one drawer as they were put in, and when, in ns by the disk's own clock."""

    parts: tuple[Part, ...]
    written: int


class Cabinet:
    """A folder of drawers at ``folder``, for its owner alone; made at the first thing put in.

    ``maker`` names the program that fills it: with another name every drawer is empty. So it is
    in a copy of the folder: nobody is handed thoughts that were not thought here. With ``closed``
    it is looked into and never filled, for whoever must leave no trace.
    """

    def __init__(self, folder: Path, maker: str, *, closed: bool = False) -> None:
        self.folder = folder
        self.closed = closed
        self._maker = maker
        # A thousand drawers are opened in a row: paths are put together as text.
        self._whole = os.fspath(folder)
        self._seals: dict[str, bytes | None] = {}

    def read(self, name: str) -> Drawer | None:
        """Open a drawer; None if there is nothing in it that can be trusted."""
        inside, _, last = name.rpartition("/")
        seal = self._seal(inside)
        if seal is None:
            return None
        try:
            handle = os.open(
                f"{self._whole}/{inside}/{last}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            )
        except (OSError, ValueError):
            return None
        try:
            found = os.fstat(handle)
            if not _is_mine(found) or not stat.S_ISREG(found.st_mode) or found.st_size > LIMIT:
                return None
            # One call: a drawer that comes in two, or is cut short, is not worth a second.
            parts = _unpacked(os.read(handle, found.st_size), seal)
        except OSError:
            return None
        finally:
            os.close(handle)
        return None if parts is None else Drawer(parts, found.st_mtime_ns)

    def write(self, name: str, *parts: bytes) -> None:
        """Fill a drawer; on a full disk or a folder of somebody else nothing happens."""
        if self.closed:
            return
        inside = name.rpartition("/")[0]
        try:
            seal = self._seal(inside) or self._opened(inside)
            if seal is not None:
                _replace(self.folder / name, _packed(parts, seal))
        except OSError:
            return

    def keep_only(self, folder: str, names: Iterable[str]) -> None:
        """Throw away the drawers of a folder that nobody is going to ask for."""
        if self.closed or self._seal(folder) is None:
            return
        kept = set(names)
        try:
            with os.scandir(self.folder / folder) as entries:
                gone = [entry.path for entry in entries if entry.name not in kept]
            for path in gone:
                Path(path).unlink(missing_ok=True)
        except OSError:
            return

    def _opened(self, inside: str) -> bytes | None:
        """Make a folder that only its owner can look into."""
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        (self.folder / inside).mkdir(0o700, exist_ok=True)
        self._seals.pop(inside, None)
        return self._seal(inside)

    def _seal(self, inside: str) -> bytes | None:
        """Name program and place, or give None for a folder that others can write to."""
        if inside not in self._seals:
            self._seals[inside] = self._sealed(self.folder / inside)
        return self._seals[inside]

    def _sealed(self, folder: Path) -> bytes | None:
        try:
            found = [path.lstat() for path in {self.folder, folder}]
            here = folder.lstat()
        except (OSError, ValueError):
            return None
        for each in found:
            if not stat.S_ISDIR(each.st_mode) or not _is_mine(each) or each.st_mode & 0o077:
                return None
        said = f"{self._maker}\0{here.st_dev}\0{here.st_ino}"
        return hashlib.sha256(said.encode("utf-8", "replace")).digest()


def _is_mine(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid()


def _packed(parts: tuple[bytes, ...], seal: bytes) -> bytes:
    table = b"".join(_PART.pack(len(part), zlib.crc32(part)) for part in parts)
    return b"".join((_MAGIC, _HEAD.pack(seal, zlib.crc32(table), len(parts)), table, *parts))


def _unpacked(data: bytes, seal: bytes) -> tuple[Part, ...] | None:
    """Tell the parts of a drawer apart, None for one that is torn or of another maker."""
    start = len(_MAGIC) + _HEAD.size
    if not data.startswith(_MAGIC) or len(data) < start:
        return None
    told, checksum, count = _HEAD.unpack_from(data, len(_MAGIC))
    at = start + _PART.size * count
    table = data[start:at]
    if told != seal or len(table) < at - start or zlib.crc32(table) != checksum:
        return None
    parts, whole = [], memoryview(data)
    for length, its_sum in _PART.iter_unpack(table):
        parts.append(Part(whole[at : at + length], its_sum))
        at += length
    return tuple(parts) if at == len(data) else None


def _replace(path: Path, data: bytes) -> None:
    """Not forced to the disk: a drawer torn by a power cut has another sum, and is empty."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
