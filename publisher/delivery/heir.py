"""Taking up what owners that are gone have left: their chunks, and the doubts about their mails."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.delivery.alarms import Alarms
from publisher.delivery.office import Office
from publisher.delivery.patience import PatientDeliveries
from publisher.delivery.queues import Queues
from publisher.delivery.verdict import Verdicts
from publisher.delivery.vigil import Vigil
from publisher.model.ledger import Claim


class Heir:
    """Watches every other owner, and puts what is nobody's into our queues."""

    def __init__(
        self,
        office: Office,
        ledger: PatientDeliveries,
        queues: Queues,
        verdicts: Verdicts,
        alarms: Alarms,
    ) -> None:
        self._office = office
        self._ledger = ledger
        self._queues = queues
        self._verdicts = verdicts
        self._alarms = alarms
        self._vigil = Vigil(office.owner, office.policy.lease, office.ticks)

    @property
    def watching(self) -> bool:
        """Say whether anybody else was seen to hold a chunk."""
        return self._vigil.watching

    def look(self, *, idempotent: bool) -> None:
        """See who holds what, and take up what is nobody's, until nobody is quicker than we.

        What a gone owner had in the air is uncertain, unless the way out is ``idempotent``.
        """
        while not self._take_up(self._ledger.claims(), idempotent):
            pass

    def _take_up(self, claims: Sequence[Claim], idempotent: bool) -> bool:
        """Say false when another took one of these first: what was seen is not how it stands."""
        office = self._office
        quickest = True
        for claim in self._vigil.orphans(claims, self._queues.hands()):
            queue = self._queues.of(claim.release)
            if not claim.owner and (queue is None or queue.halted):
                continue
            now = office.clock()
            again = self._verdicts.again(now, idempotent=idempotent)
            chunk = self._ledger.take_over(claim, office.owner, now, again)
            if chunk is None:
                quickest = False
                continue
            if claim.owner and not idempotent and queue is not None:
                self._alarms.uncertain(queue.release.name)
            if queue is not None and not queue.halted:
                queue.adopt(chunk)
                self._ledger.resend(claim.release, office.clock())
                queue.dry = False
            else:
                self._ledger.hand_back(chunk)
        return quickest
