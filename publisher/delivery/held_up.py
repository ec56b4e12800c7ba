"""Addressees whose domain must wait: for a moment in memory, for longer in the ledger."""

from __future__ import annotations

from collections.abc import Callable

from publisher.delivery.pace import Pace
from publisher.model.ledger import Addressee

#: A domain that must wait longer than so many seconds does not wait in memory.
PATIENCE = 2.0
#: At most so many parcels wait in memory for their domains.
WAITING = 200


class HeldUp:
    """Those that wait in memory, each with its domain, in order."""

    def __init__(self, domains: Pace) -> None:
        self._domains = domains
        self._waiting: list[tuple[Addressee, str]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, addressee: Addressee, domain: str, wait: float) -> float:
        """Let an addressee wait here and give 0; or, where that would be long, the seconds that it
        is to wait in the ledger."""
        blocked = self._domains.blocked(domain)
        if len(self._waiting) < WAITING and blocked <= PATIENCE:
            self._waiting.append((addressee, domain))
            return 0.0
        ahead = sum(1 for _, other in self._waiting if other == domain)
        rate = self._domains.rate(domain)
        seconds = max(blocked, 1.0) + (ahead / rate if rate else 0.0)
        return max(seconds, wait if wait != float("inf") else 0.0)

    def retry(self, room: Callable[[], int], offer: Callable[[Addressee], object]) -> None:
        """Offer those whose domain has a place now, as long as there is room."""
        waiting, self._waiting = self._waiting, []
        for addressee, domain in waiting:
            if self._domains.wait(domain) <= 0 and room() > 0:
                offer(addressee)
            else:
                self._waiting.append((addressee, domain))

    def forget(self, release: int) -> None:
        """Nothing more of a release is sent."""
        self._waiting = [one for one in self._waiting if one[0].release != release]

    def waits(self) -> list[float]:
        """Say in how many seconds each one's domain may have a place."""
        return [self._domains.wait(domain) for _, domain in self._waiting]
