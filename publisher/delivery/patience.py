"""Work on the ledger that outlasts the ledger's absence: locked, full, restarted, gone for a while.

An answer held in memory is never dropped because the database is away: nothing new leaves, and the
commit is tried again. Every method used here may safely be repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from publisher.delivery.ports import Deliveries, Sleeper, Stop, Ticks
from publisher.model.ledger import Addressee, Allowance, Chunk, Claim, Settled, Settlement
from publisher.model.problem import OutsideError

_log = logging.getLogger("publisher.delivery")
T = TypeVar("T")

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0


class Patience:
    """Tries again for as long as it takes; when winding up, for as long as that may take."""

    def __init__(self, ticks: Ticks, sleep: Sleeper, drain: float) -> None:
        self._ticks = ticks
        self._sleep = sleep
        self._drain = drain
        self.stop: Stop = lambda: False

    def __call__(self, work: Callable[[], T]) -> T:
        """Do work. Raises OutsideError only when told to stop and out of time."""
        wait = FIRST_WAIT
        stopping: float | None = None
        while True:
            try:
                return work()
            except OutsideError as error:
                if self.stop():
                    stopping = self._ticks() if stopping is None else stopping
                    if self._ticks() - stopping > self._drain:
                        _log.error("gave up on the ledger with answers unwritten: %s", error)
                        raise
                _log.warning("the ledger is away, nothing new leaves: %s", error)
                self._sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)


class PatientDeliveries:
    """The ledger's deliveries, as one that is always there."""

    def __init__(self, deliveries: Deliveries, patience: Patience) -> None:
        self._ledger = deliveries
        self._insist = patience

    def claim(self, release: int, owner: str, size: int, now: datetime) -> Chunk | None:
        return self._insist(lambda: self._ledger.claim(release, owner, size, now))

    def claims(self) -> Sequence[Claim]:
        return self._insist(self._ledger.claims)

    def take_over(
        self, claim: Claim, owner: str, now: datetime, again: datetime | None
    ) -> Chunk | None:
        return self._insist(lambda: self._ledger.take_over(claim, owner, now, again))

    def load(self, chunk: Chunk, after: int, limit: int) -> Sequence[Addressee]:
        return self._insist(lambda: self._ledger.load(chunk, after, limit))

    def settle(self, settlement: Settlement, now: datetime) -> Settled:
        return self._insist(lambda: self._ledger.settle(settlement, now))

    def finish(self, chunk: Chunk) -> bool:
        return self._insist(lambda: self._ledger.finish(chunk))

    def hand_back(self, chunk: Chunk) -> None:
        return self._insist(lambda: self._ledger.hand_back(chunk))

    def resend(self, release: int, now: datetime) -> int:
        return self._insist(lambda: self._ledger.resend(release, now))

    def complete(self, release: int, now: datetime) -> bool:
        return self._insist(lambda: self._ledger.complete(release, now))

    def next_at(self, release: int) -> datetime | None:
        return self._insist(lambda: self._ledger.next_at(release))

    def allowances(self) -> Sequence[Allowance]:
        return self._insist(self._ledger.allowances)
