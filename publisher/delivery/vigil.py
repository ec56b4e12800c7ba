"""Watching other owners' chunks: one whose beat stands still for a whole lease is gone.

Beats are compared with our own ticks, never with anybody's clock: an owner whose clock is ten years
off neither loses its chunks nor takes ours.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from publisher.delivery.ports import Ticks
from publisher.model.ledger import Claim


class Vigil:
    """What was last seen of each foreign chunk, and when."""

    def __init__(self, owner: str, lease: float, ticks: Ticks) -> None:
        self._owner = owner
        self._lease = lease
        self._ticks = ticks
        self._seen: dict[int, tuple[int, int, float]] = {}

    def gone(self, claims: Sequence[Claim]) -> list[Claim]:
        """Look at all claims; give those whose owner let go or has been silent for a lease."""
        now = self._ticks()
        seen: dict[int, tuple[int, int, float]] = {}
        found = []
        for claim in claims:
            if claim.owner == self._owner:
                continue
            if not claim.owner:
                found.append(claim)
                continue
            epoch, beat, since = self._seen.get(claim.id, (-1, -1, now))
            if (epoch, beat) != (claim.epoch, claim.beat):
                since = now
            seen[claim.id] = (claim.epoch, claim.beat, since)
            if now - since >= self._lease:
                found.append(claim)
        self._seen = seen
        return found

    def orphans(self, claims: Sequence[Claim], hands: Collection[int]) -> list[Claim]:
        """Give the claims that are nobody's; ``hands`` are the chunks we have at hand.

        Ours and not at hand: an earlier run of this process broke off, or we never heard that a
        claim was committed.
        """
        ours = [c for c in claims if c.owner == self._owner and c.id not in hands]
        return [*ours, *self.gone(claims)]

    @property
    def watching(self) -> bool:
        """Say whether anybody else holds a chunk."""
        return bool(self._seen)
