"""Sees that a file was saved: the only module that listens to the file system."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import Change, awatch

#: Milliseconds of quiet after which a burst of events counts as one save.
QUIET = 5
#: The longest a burst may go on before it is told.
BURST = 120


def _is_ours(_: Change, path: str) -> bool:
    """Leave out what editors and systems write beside a file: swaps, locks, backups."""
    name = Path(path).name
    return not name.startswith((".", "#")) and not name.endswith(("~", ".tmp", ".swp", ".swx"))


async def changes(
    root: Path, watched: tuple[Path, ...], stop: asyncio.Event
) -> AsyncIterator[frozenset[str]]:
    """Yield the paths, relative to the publication, that each burst of saving touched.

    ``watched`` are folders, seen with all that is in them, and single files. What does not exist
    or may not be read is left out. Ends when ``stop`` is set.
    """
    folders = [path for path in watched if path.is_dir()]
    files = frozenset(path.resolve() for path in watched if path.is_file())
    bursts: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    resolved = root.resolve()

    async def follow(paths: Iterable[Path], *, deep: bool) -> None:
        def is_ours(change: Change, path: str) -> bool:
            return _is_ours(change, path) and (deep or Path(path).resolve() in files)

        async for burst in awatch(
            *paths,
            watch_filter=is_ours,
            step=QUIET,
            debounce=BURST,
            stop_event=stop,
            ignore_permission_denied=True,
            recursive=deep,
        ):
            bursts.put_nowait(frozenset(_relative(Path(p), root, resolved) for _, p in burst))

    tasks: list[asyncio.Task[object]] = [asyncio.create_task(stop.wait())]
    if folders:
        tasks.append(asyncio.create_task(follow(folders, deep=True)))
    if files:
        # A file that is saved under another name first has to be seen from its folder.
        around = {path.parent for path in files}
        tasks.append(asyncio.create_task(follow(around, deep=False)))
    try:
        while not stop.is_set():
            following = asyncio.create_task(bursts.get())
            done, _ = await asyncio.wait([following, *tasks], return_when=asyncio.FIRST_COMPLETED)
            if following in done:
                yield following.result()
                continue
            following.cancel()
            for task in done:
                task.result()  # a watcher that failed says why
            return
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _relative(path: Path, root: Path, resolved: Path) -> str:
    for base in (root, resolved):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()
