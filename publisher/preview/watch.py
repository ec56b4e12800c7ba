"""Sees that a file was saved: the only module that listens to the file system."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

#: Milliseconds of quiet after which a burst of events counts as one save.
QUIET = 15
#: The longest a burst may go on before it is told.
BURST = 120


def _is_ours(_: Change, path: str) -> bool:
    """Leave out what editors and systems write beside a file: swaps, locks, backups."""
    name = Path(path).name
    return not name.startswith((".", "#")) and not name.endswith(("~", ".tmp", ".swp", ".swx"))


async def changes(
    root: Path, folders: tuple[Path, ...], stop: asyncio.Event
) -> AsyncIterator[frozenset[str]]:
    """Yield the paths, relative to the publication, that each burst of saving touched.

    Folders that do not exist or may not be read are left out. Ends when ``stop`` is set.
    """
    there = [folder for folder in folders if folder.exists()]
    if not there:
        await stop.wait()
        return
    resolved = root.resolve()
    async for burst in awatch(
        *there,
        watch_filter=_is_ours,
        step=QUIET,
        debounce=BURST,
        stop_event=stop,
        ignore_permission_denied=True,
        recursive=True,
    ):
        yield frozenset(_relative(Path(path), root, resolved) for _, path in burst)


def _relative(path: Path, root: Path, resolved: Path) -> str:
    for base in (root, resolved):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()
