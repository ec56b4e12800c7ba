"""What follows from what comes back: an address is never mailed again, taken off, counted, or nothing.

A report is about the delivery whose postmark it carries; one without a postmark of ours is about
nobody, whoever it names. The same report twice counts once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from publisher.delivery.ports import Alert, Bell
from publisher.delivery.postmark import Postmark
from publisher.model.problem import Fault, Place, Severity
from publisher.model.report import Report, Weight, weigh

SENDERS_FAULT = Fault(
    "delivery/senders-fault",
    Severity.ERROR,
    "A receiver blames us, not the reader: {status} {said}",
    "Look at SPF, DKIM and DMARC of the sender's domain; no reader was touched.",
)
#: So many counted bounces within so many days, and the address is taken for dead.
LIMIT = 5
#: What stands before the mark in an address of ours: the envelope's, and the one to leave by.
COINED = frozenset({"b", "leave"})
DAYS = timedelta(days=90)


class BouncesLedger(Protocol):
    """Where bounces are written down, and what they do to the list. Each call is one transaction."""

    def note(
        self,
        digest: str,
        report: Report,
        weight: Weight,
        release: int,
        subscriber: int,
        now: datetime,
    ) -> bool:
        """Write a report down; False when it was there already."""

    def known(self, digest: str) -> bool:
        """Say whether a report is written down."""

    def counted(self, subscriber: int, since: datetime) -> int:
        """Count the bounces of a reader that weigh, since an instant."""

    def suppress(self, subscriber: int, weight: Weight, note: str, now: datetime) -> bool:
        """Never mail a reader again: bounced, or by a complaint as good as left."""


@dataclass(frozen=True, slots=True)
class Received:
    """What one report came to; ``suppressed``: its reader is mailed no more because of it."""

    report: Report
    weight: Weight
    ours: bool = False
    fresh: bool = False
    suppressed: bool = False


@dataclass(frozen=True)
class Intake:
    """The desk where reports come in. ``read`` parses raw octets, given the envelope's recipient."""

    ledger: BouncesLedger
    postmark: Postmark
    bell: Bell
    read: Callable[[bytes, str], Report]
    #: Takes a reader off the list, as by any other way to leave; says whether that changed anything.
    leave: Callable[[int], bool]
    limit: int = LIMIT

    def wanted(self, recipient: str) -> bool:
        """Say whether anything sent to an address is for us: only to one that we coined."""
        name, _, mark = recipient.rpartition("@")[0].rpartition("+")
        return name.lower() in COINED and self.postmark.open(mark) is not None

    def receive(self, raw: bytes, now: datetime, recipient: str = "") -> Received:
        """Take in one report and do what follows. Raises OutsideError when the ledger is away."""
        report = self.read(raw, recipient)
        weight = weigh(report)
        found = next((who for mark in report.marks if (who := self.postmark.open(mark))), None)
        if found is None:
            return Received(report, weight)
        digest = hashlib.sha256(raw).hexdigest()
        if weight is Weight.LEAVE and self.ledger.known(digest):
            # Whoever came back since must not be taken off by an old mail that is read again.
            return Received(report, weight, ours=True)
        gone = weight is Weight.LEAVE and self.leave(found[1])
        fresh = self.ledger.note(digest, report, weight, *found, now)
        # Even one known already is followed to its end: a crash may have come in between.
        suppressed = self._follow(report, weight, found[1], now)
        return Received(report, weight, ours=True, fresh=fresh, suppressed=suppressed or gone)

    def _follow(self, report: Report, weight: Weight, subscriber: int, now: datetime) -> bool:
        note = f"{report.status} {report.diagnostic}".strip()
        match weight:
            case Weight.HARD | Weight.COMPLAINT:
                return self.ledger.suppress(subscriber, weight, note, now)
            case Weight.COUNTED:
                if self.ledger.counted(subscriber, now - DAYS) >= self.limit:
                    return self.ledger.suppress(subscriber, weight, note, now)
            case Weight.SENDER:
                told = SENDERS_FAULT.at(Place(""), status=report.status, said=report.diagnostic)
                self.bell.ring(Alert(f"blamed {report.status} {now:%Y-%m-%d}", told), now)
            case _:
                pass
        return False
