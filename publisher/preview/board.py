"""The desk's memory: the newest snapshot, what was set from it, and who waits for news.

Everything slow happens on one worker thread, in the order it was asked for; the event loop only
hands out what is there. Whatever fails is told and the last good state stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from publisher.model.episode import Audience, Episode
from publisher.model.problem import Fault, Place, Problem, ProblemError, Severity, in_order
from publisher.preview.ports import Asset, Desk, Proof, Snapshot

UNREADABLE = Fault(
    "preview/unreadable",
    Severity.ERROR,
    "The publication could not be read just now: {reason}.",
    "What you see is the last state that could be read. Check the folder and its rights; the desk reads it again at the next change.",
)
UNSET = Fault(
    "preview/unset",
    Severity.ERROR,
    "The episode could not be set: {reason}.",
    "Mend the problems named beside it; if none is, look at the newest change of a template.",
)

UNCHECKED = Fault(
    "preview/unchecked",
    Severity.ERROR,
    "The rules could not read everything: {reason}.",
    "Run “publisher check”, which says more; the desk goes on without it.",
)

#: Seconds the rules wait, so that the tabs have the interpreter to themselves after a save.
BREATH = 0.3
#: Seconds after which a waiting tab is told that nothing is new.
KEEP_ALIVE = 15
#: Open tabs that may wait for news at once.
LISTENERS = 64
#: Proofs remembered: both audiences of the episodes last looked at.
REMEMBERED = 64

#: An episode for an audience: series, number, audience.
_Key = tuple[str, int, Audience]


class Board:
    """One publication, looked at by any number of tabs."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.version = 0
        self.snapshot: Snapshot | None = None
        self.trouble: Problem | None = None
        self.findings: tuple[Problem, ...] = ()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._checker = ThreadPoolExecutor(1, thread_name_prefix="desk-check")
        self._proofs: dict[_Key, Proof] = {}
        self._being_set: dict[_Key, asyncio.Future[Proof]] = {}
        self._looked_at: _Key | None = None
        self._news = asyncio.Condition()
        self._listeners = 0
        self._closing = False
        self._checking: asyncio.Task[None] | None = None
        self._examining: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Look for the first time."""
        await self.refresh(frozenset())
        # What was read stays: to look for circles among it again and again would hold up a save.
        gc.collect()
        gc.freeze()

    async def let_go(self) -> None:
        """End the wait of every tab: the desk is about to close."""
        self._closing = True
        await self._tell()

    async def close(self) -> None:
        """Let the worker threads go and every tab that waits."""
        for task in (self._checking, *self._examining, *self._being_set.values()):
            if task is not None:
                task.cancel()
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._checker.shutdown(wait=False, cancel_futures=True)
        await self.let_go()

    async def refresh(self, changed: frozenset[str]) -> None:
        """Look at what changed, tell the tabs, and have the rules read it all meanwhile."""
        loop = asyncio.get_running_loop()
        try:
            self.snapshot = await loop.run_in_executor(self._worker, self.desk.look, changed)
            self.trouble = None
        except Exception as fault:  # noqa: BLE001  whatever failed is told, and the desk stays up
            self.trouble = UNREADABLE.at(Place("."), reason=_reason(fault))
        self._proofs.clear()
        self._being_set.clear()
        self._set_ahead()
        await self._tell()
        if self._checking is not None:
            self._checking.cancel()
        self._checking = asyncio.create_task(self._check())

    async def _check(self) -> None:
        """Run the rules after the tabs have been served; a newer look makes this one void."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        await asyncio.sleep(BREATH)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._checker, self.desk.check, snapshot)
        except Exception as fault:  # noqa: BLE001  whatever failed is told, and the desk stays up
            found = (UNCHECKED.at(Place("."), reason=_reason(fault)),)
        if self.snapshot is snapshot and found != self.findings:
            self.findings = found
            await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self.version += 1
            self._news.notify_all()

    async def news(self, since: int) -> AsyncIterator[int]:
        """Yield each newer version; after a while of nothing the old one again."""
        if self._listeners >= LISTENERS:
            return
        self._listeners += 1
        try:
            while not self._closing:
                since = await self._newer(since)
                if not self._closing:
                    yield since
        finally:
            self._listeners -= 1

    async def _newer(self, since: int) -> int:
        async with self._news:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KEEP_ALIVE):
                    await self._news.wait_for(lambda: self.version != since)
            return self.version

    def problems(self) -> tuple[Problem, ...]:
        """Give every problem known, the newest findings of the rules among them."""
        known = self.snapshot.problems if self.snapshot else ()
        trouble = (self.trouble,) if self.trouble else ()
        return in_order((*trouble, *known, *self.findings))

    async def proof(self, episode: Episode, audience: Audience) -> Proof:
        """Set an episode, or remember it set. Never raises for what an editor can write."""
        key = (episode.series, episode.number, audience)
        snapshot = self.snapshot
        if snapshot is None:
            return Proof(None)
        self._looked_at = key
        known = self._proofs.get(key)
        if known is not None:
            return known
        setting = self._being_set.get(key)
        if setting is None:
            # A page and the frame in it ask at the same time: it is set once for both.
            setting = asyncio.ensure_future(self._made(snapshot, key, episode))
            self._being_set[key] = setting
        return await asyncio.shield(setting)

    async def _made(self, snapshot: Snapshot, key: _Key, episode: Episode) -> Proof:
        loop = asyncio.get_running_loop()
        try:
            made = await loop.run_in_executor(self._worker, self._set, snapshot, episode, key[2])
        finally:
            if self.snapshot is snapshot:
                self._being_set.pop(key, None)
        if self.snapshot is snapshot:  # else the file was saved again meanwhile
            while len(self._proofs) >= REMEMBERED:
                self._proofs.pop(next(iter(self._proofs)))
            self._proofs[key] = made
            if made.more is not None:
                self._start(self._examine(snapshot, key, made))
        return made

    def _set_ahead(self) -> None:
        """Begin to set what was looked at last: its tab will ask for it as soon as it is told."""
        snapshot, key = self.snapshot, self._looked_at
        episode = snapshot.find(*key[:2]) if snapshot and key else None
        if snapshot and key and episode and key not in self._being_set:
            setting = asyncio.ensure_future(self._made(snapshot, key, episode))
            self._being_set[key] = setting

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._examining.add(task)
        task.add_done_callback(self._examining.discard)

    async def _examine(self, snapshot: Snapshot, key: _Key, made: Proof) -> None:
        """Read a proof's final bytes once its tab has been served, and tell what came to light."""
        await asyncio.sleep(BREATH)
        if made.more is None or self.snapshot is not snapshot:
            return
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._checker, _found, made.more)
        if self.snapshot is snapshot:
            whole = in_order((*made.problems, *found))
            self._proofs[key] = replace(made, problems=whole, more=None)
            if found:
                await self._tell()

    def _set(self, snapshot: Snapshot, episode: Episode, audience: Audience) -> Proof:
        try:
            return self.desk.proof(snapshot, episode, audience)
        except ProblemError as fault:
            return Proof(None, fault.problems)
        except Exception as fault:  # noqa: BLE001  a template may raise anything; the desk stays up
            return Proof(None, (UNSET.at(Place(episode.path), reason=_reason(fault)),))

    async def source(self, path: str) -> str | None:
        """Read a source file that some problem or episode names; no other."""
        named = {p.place.path for p in self.problems()}
        if self.snapshot is None or path not in named:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self.desk.source, path)

    async def asset(self, path: str) -> Asset | None:
        """Find an image or a style sheet of the website to be."""
        if self.snapshot is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self.desk.asset, self.snapshot, path)


def _found(more: Callable[[], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """Ask for more; a fault that is nobody's to mend is one problem and no end of the desk."""
    try:
        return more()
    except ProblemError as fault:
        return fault.problems
    except Exception as fault:  # noqa: BLE001  whatever failed is told, and the desk stays up
        return (UNCHECKED.at(Place("."), reason=_reason(fault)),)


def _reason(fault: Exception) -> str:
    """Say what failed without a path of this machine or a traceback."""
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    return str(fault).splitlines()[0][:200].rstrip(".") if str(fault) else type(fault).__name__
