"""Many small changes as few transactions: what waits while one commits goes into the next.

A mailbox provider may send ten thousand one-click requests in a minute. Each is answered after
it is on the disk; they only share the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Thing = TypeVar("Thing")
Outcome = TypeVar("Outcome")
_MOST = 500


class Together(Generic[Thing, Outcome]):
    """Gathers calls into batches of what came while the last batch was at work."""

    def __init__(self, work: Callable[[Sequence[Thing]], Sequence[Outcome]]) -> None:
        self._work = work
        self._waiting: list[tuple[Thing, asyncio.Future[Outcome]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def do(self, thing: Thing) -> Outcome:
        """Have one thing done; returns when its transaction is over, raises if that failed."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            try:
                outcomes = await run_in_threadpool(self._work, [thing for thing, _ in batch])
            except Exception as error:  # noqa: BLE001 - each caller gets it and answers for itself
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)
