"""Names of files as places show them: relative to the publication, ``/`` between folders, NFC."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path


def relative(path: Path, root: Path) -> str:
    """Name a file as editors see it, whatever the file system does with names.

    Bytes that are no text become ``\\ufffd``, so that the name can always be printed.
    """
    whole, above = path.as_posix(), root.as_posix()
    # As ``relative_to`` does for the common case, a thousand times in a scan.
    if above not in {"", "."} and whole.startswith(f"{above.rstrip('/')}/"):
        return shown(whole[len(above.rstrip("/")) + 1 :])
    try:
        inside = path.relative_to(root)
    except ValueError:
        inside = path
    return shown(inside.as_posix())


@lru_cache(maxsize=4096)  # a scan asks for each name over and over
def shown(name: str) -> str:
    """Write a file name so that it can be printed: NFC, no broken characters."""
    if name.isascii():
        return name
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", readable)


def weight(octets: int) -> str:
    """Say how large a file is in the units people know; never less than it is.

    A megabyte is 1,024 times 1,024 bytes here; one decimal, so that a file just over a bound
    does not read as if it kept it.
    """
    unit, size = ("KB", 2**10) if octets < 2**20 else ("MB", 2**20)
    tenths = -(-octets * 10 // size)
    whole, part = divmod(tenths, 10)
    return f"{whole:,}.{part} {unit}" if part else f"{whole:,} {unit}"


def ignored(name: str) -> bool:
    """Say whether a file is none of the publication's business: ``_drafts``, ``.git`` …"""
    return name.startswith(("_", "."))


def on_disk(root: Path, name: str) -> Path:
    """Find the file that ``relative`` named, also where the disk spells it NFD as macOS does."""
    direct = root / name
    if name.isascii() or direct.exists():
        return direct
    found = root
    for step in name.split("/"):
        exact = found / step
        found = exact if exact.exists() else next(_spelled(found, step), exact)
    return found


def _spelled(folder: Path, name: str) -> Iterator[Path]:
    if folder.is_dir():
        yield from (entry for entry in folder.iterdir() if shown(entry.name) == name)


def is_folder(path: Path) -> bool:
    """Say whether a folder stands there; one that may not be looked at counts as none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_link(path: Path) -> bool:
    """Say whether a name is a symbolic link, as far as one may look."""
    try:
        return path.is_symlink()
    except OSError:
        return False
