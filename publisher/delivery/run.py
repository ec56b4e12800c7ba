"""The whole of delivery in one call: decide what is due, then send what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from publisher.delivery.dispatch import Dispatch, Rest
from publisher.delivery.due import Decided, decide
from publisher.delivery.office import Office
from publisher.delivery.ports import Stop, never


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run came to; ``wake`` is the next instant worth running at, if any is known."""

    decided: Decided
    rest: Rest

    @property
    def wake(self) -> datetime | None:
        moments = [moment for moment in (self.decided.wake, self.rest.wake) if moment is not None]
        return min(moments, default=None)


def run_due(office: Office, now: datetime, stop: Stop = never) -> Ran:
    """Release what is due at an instant and send until nothing is left to do for now.

    Safe to call at any time, by any number of processes, after any crash. Raises OutsideError when
    the ledger cannot be reached to decide; call again.
    """
    decided = decide(office, now)
    return Ran(decided, Dispatch(office).run(stop))
