"""Work that a copy of this process does meanwhile, and hands over piece by piece.

The copy (fork) has all that this process has read. It only ever saves time: where it cannot be
made, or dies, whoever waits for it is told that nothing more will come, and does the rest.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from typing import BinaryIO, Generic, TypeVar, cast

from publisher.press.hands import can_copy

Piece = TypeVar("Piece")


class Meanwhile(Generic[Piece]):
    """The pieces of ``work``, as they become ready; picklable all. Never raises what ``work`` does.

    Only for a process that has no threads yet. ``close`` it, whether it has ended or not.
    """

    def __init__(self, work: Callable[[], Iterator[Piece]]) -> None:
        self._copy = 0
        self._given: BinaryIO | None = None
        if not can_copy():
            return
        here, there = os.pipe()
        # A copy that is interrupted before it looks away would go on as if it were the first.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._copy = os.fork()
            if self._copy == 0:
                os.close(here)
                _work(work, there)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.close(there)
        self._given = os.fdopen(here, "rb")

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        """Wait for the next piece. Raises StopIteration when none will come, whatever the reason."""
        try:
            if self._given is not None:
                return cast("Piece", pickle.load(self._given))  # noqa: S301 -- from a copy of ourselves
        except (EOFError, pickle.UnpicklingError):
            self.close()
        raise StopIteration

    def close(self) -> None:
        """Need no more of it: the copy ends."""
        if self._given is None:
            return
        self._given.close()
        self._given = None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._copy, signal.SIGKILL)
        os.waitpid(self._copy, 0)


def _work(work: Callable[[], Iterator[object]], out: int) -> None:
    """Work in the copy, to its end or to that of the process that waits for it."""
    try:
        # Whoever interrupts the command speaks to the first process alone.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.freeze()
        with os.fdopen(out, "wb") as pipe:
            for piece in work():
                pickle.dump(piece, pipe, protocol=pickle.HIGHEST_PROTOCOL)
                pipe.flush()
    except BaseException:  # noqa: BLE001 -- the first process meets the same fault and tells it
        os._exit(1)
    finally:
        os._exit(0)
