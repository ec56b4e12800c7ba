"""Text files as people save them: bounded, UTF-8 with or without a mark, read as NFC.

Every line end becomes ``\\n`` and every place counts lines and columns in that text.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path

from publisher.files import faults
from publisher.files.names import relative, weight
from publisher.model.problem import Place, Problem

LIMIT = 2 * 1024 * 1024
"""Bytes a text file may have: a hundred long episodes in one."""

#: Invisible characters that no editor means to write.
SURPRISES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
#: How many of them are told of one file.
MOST = 20
_TRIES = 3


def read(path: Path, root: Path, limit: int = LIMIT) -> str | Problem:
    """Read a text file of a publication as NFC with ``\\n`` line ends, or say why it cannot be.

    A file that a symbolic link leads out of ``root`` to is not read.
    """
    data = read_bytes(path, root, limit)
    return data if isinstance(data, Problem) else decode(data, relative(path, root))


def read_bytes(path: Path, root: Path, limit: int = LIMIT) -> bytes | Problem:
    """Read a file of a publication, at most ``limit`` bytes of it, or say why it cannot be."""
    name = relative(path, root)
    place = Place(name)
    short = name.rpartition("/")[2]
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            return faults.OUTSIDE.at(place, name=short)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return faults.NOT_A_FILE.at(place, name=short)
        if found.st_size > limit:
            return faults.TOO_LARGE.at(
                place, name=short, size=weight(found.st_size), limit=weight(limit)
            )
        for _ in range(_TRIES):
            with path.open("rb") as file:
                before = os.fstat(file.fileno())
                data = file.read(limit + 1)
                after = os.fstat(file.fileno())
            if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
                break
        else:
            return faults.CHANGING.at(place, name=short)
    except FileNotFoundError:
        return faults.MISSING.at(place, name=short)
    except PermissionError:
        return faults.UNREADABLE.at(place, name=short)
    except (OSError, RuntimeError, ValueError):
        return faults.BROKEN.at(place, name=short)
    if len(data) > limit:
        return faults.TOO_LARGE.at(place, name=short, size=weight(len(data)), limit=weight(limit))
    return data


def decode(data: bytes, name: str) -> str | Problem:
    """Turn the bytes of a file into NFC text, or say what they are instead."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return faults.UTF16.at(Place(name, 1, 1))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _undecodable(data, error, name)
    if "\0" in text:
        return faults.BINARY.at(Place(name), name=name.rpartition("/")[2])
    return normal(text)


def normal(text: str) -> str:
    """Bring text to the one form the house works in: NFC, lines ended by ``\\n``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _undecodable(data: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    # utf-8-sig counts from behind the mark; the editor's tools count from the first byte.
    start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
    before = data[:start].decode("utf-8", "replace")
    place = Place(name, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    if b"\0" in data[:65536]:
        return faults.BINARY.at(Place(name), name=name.rpartition("/")[2])
    try:
        korean = data.decode("cp949")
    except UnicodeDecodeError:
        return faults.ENCODING.at(place, byte=start + 1)
    if any("가" <= letter <= "힣" for letter in korean):
        return faults.CP949.at(place)
    return faults.ENCODING.at(place, byte=start + 1)


def surprises(text: str, name: str) -> list[Problem]:
    """Find the invisible characters that no editor means to write, at most twenty."""
    problems = []
    line, behind = 1, 0
    for found in SURPRISES.finditer(text):
        at = found.start()
        line += text.count("\n", behind, at)
        behind = at
        place = Place(name, line, at - text.rfind("\n", 0, at))
        problems.append(surprise(found.group(), place))
        if len(problems) == MOST:
            break
    return problems


def surprise(letter: str, place: Place) -> Problem:
    """Say what is wrong with an invisible character."""
    if letter in "\u2028\u2029":
        fault = faults.SEPARATOR
    elif "\u202a" <= letter <= "\u2069":
        fault = faults.DIRECTION
    else:
        fault = faults.CONTROL
    return fault.at(place, code=f"U+{ord(letter):04X}")
