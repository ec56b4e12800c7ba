"""One release to one subscriber: its states, and the changes that are legal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands.

    ``sending`` is committed before a byte of the mail leaves, so a crash leaves behind exactly
    what was in the air, and that becomes ``uncertain``. A refusal is not a doubt: ``refused`` has
    a reply that says never, ``deferred`` one that says later.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    WITHHELD = "withheld"


_S = DeliveryState
#: Every legal change of a delivery, and when it happens. What is not here must never be written.
DELIVERY_CHANGES: dict[tuple[DeliveryState, DeliveryState], str] = {
    (_S.PENDING, _S.SENDING): "its turn came",
    (_S.DEFERRED, _S.SENDING): "its next attempt came",
    (_S.PENDING, _S.DEFERRED): "its domain has to wait, or its recipient was put off",
    (_S.PENDING, _S.REFUSED): "the recipient was refused before the mail left",
    (_S.DEFERRED, _S.REFUSED): "refused before the mail left, or out of attempts",
    (_S.DEFERRED, _S.DEFERRED): "put off again",
    (_S.PENDING, _S.WITHHELD): "left, suppressed, erased or cancelled before its turn",
    (_S.DEFERRED, _S.WITHHELD): "left, suppressed, erased or cancelled before its next attempt",
    (_S.SENDING, _S.SENT): "accepted",
    (_S.SENDING, _S.DEFERRED): "put off, or the line was cut before the end of the mail",
    (_S.SENDING, _S.REFUSED): "refused",
    (_S.SENDING, _S.PENDING): "the refusal is the sender's fault: nobody is marked",
    (_S.SENDING, _S.UNCERTAIN): "sent, and the answer was lost",
    (_S.UNCERTAIN, _S.SENT): "the answer came after all, or a person assumes it",
    (_S.UNCERTAIN, _S.DEFERRED): "the answer came after all: later",
    (_S.UNCERTAIN, _S.REFUSED): "the answer came after all: never",
    (_S.UNCERTAIN, _S.PENDING): "sent again, by policy or by a person",
    (_S.UNCERTAIN, _S.WITHHELD): "left, suppressed or erased before it was sent again",
}

#: What stands beside a delivery that was withheld because its reader is no longer to be mailed.
NO_LONGER = "left, or must not be mailed, since the release was opened"

#: States that never change again.
TERMINAL = frozenset({_S.SENT, _S.REFUSED, _S.WITHHELD})
#: States that keep a release from being complete.
UNFINISHED = frozenset({_S.PENDING, _S.SENDING, _S.DEFERRED})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of the ledger: who, how it stands, what the other side said.

    ``reply`` is the answer of the last attempt, ``attempts`` how often the mail was handed over,
    ``doubts`` how often an answer was lost: the most copies that can exist are ``1 + doubts``.
    """

    release: int
    subscriber: int
    address: str
    state: DeliveryState
    attempts: int = 0
    doubts: int = 0
    code: int = 0
    reply: str = ""
    at: datetime | None = None
    next_at: datetime | None = None


def may_become(before: DeliveryState, after: DeliveryState) -> bool:
    """Say whether a delivery may change so."""
    return (before, after) in DELIVERY_CHANGES
