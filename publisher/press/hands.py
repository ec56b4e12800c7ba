"""Many hands: the same work on every core, where there is enough of it to be worth the while.

The hands are copies of this process (fork), so that nothing that was read need be read again or
sent to them; only what they find travels back. Where processes cannot be copied safely, the
work is done here, one after the other.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator
from threading import Thread
from typing import TypeVar

from publisher.model.problem import Fault, OutsideError, Place, Severity

Result = TypeVar("Result")

LOST = Fault(
    "press/hand-lost",
    Severity.ERROR,
    "A process that helped was ended from outside; memory may have run out.",
    "Close what is not needed, and run the command again.",
)
#: With less to do than this, copying the process costs more than it saves.
WORTH = 50
#: Pieces handed over in one go: few enough that all hands end at the same time.
_BATCH = 5

_work: Callable[[int], object] | None = None


def spread(
    work: Callable[[int], Result], count: int, hands: int, *, batch: int = _BATCH
) -> Generator[Result, None, None]:
    """Give ``work(0)`` … ``work(count - 1)`` in this order, done by several processes.

    Results must be picklable; ``batch`` of them are worked out in a row by one process. Raises
    what the work raises, and OutsideError when a process dies.
    """
    if hands < 2 or count < WORTH or not can_copy():
        yield from map(work, range(count))
        return
    import multiprocessing
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(hands, context, _take_up, (work,))
    done: Callable[[int], Result] = _do  # type: ignore[assignment]  # what was taken up
    try:
        # A copy that is interrupted before it looks away would say so at length.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            found = pool.map(done, range(count), chunksize=batch)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        yield from found
    except BrokenProcessPool as failure:
        raise OutsideError(LOST.at(Place(""))) from failure
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def can_copy() -> bool:
    """Say whether a copy of this process is safe: on macOS its system libraries forbid it."""
    return sys.platform != "darwin" and hasattr(os, "fork")


def _take_up(work: Callable[[int], object]) -> None:
    """Begin in the copy: whoever interrupts the command speaks to the first process alone."""
    global _work  # noqa: PLW0603 -- the copy has this one task
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    Thread(target=_leave_with_the_first, daemon=True).start()


def _leave_with_the_first() -> None:
    """End when the first process does, however it ended: nobody else would hand out work."""
    from multiprocessing import parent_process

    first = parent_process()
    assert first is not None
    first.join()
    os._exit(1)


def _do(place: int) -> object:
    assert _work is not None
    return _work(place)
