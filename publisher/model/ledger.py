"""What is written into the ledger and read from it, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from publisher.model.delivery import DeliveryState
from publisher.model.edition import Edition
from publisher.model.episode import Audience
from publisher.model.readership import EVERYBODY, Segment
from publisher.model.release import Recipients
from publisher.model.slot import Slot


@dataclass(frozen=True, slots=True)
class Proposal:
    """A release about to be written down."""

    series: str
    number: int
    slot: Slot
    guid: str
    title: str = ""
    source: str = ""
    recipients: Recipients = Recipients.LIST
    editions: tuple[Edition, ...] = ()
    segment: Segment = EVERYBODY


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of deliveries in this process's hands; ``epoch`` proves it still is."""

    id: int
    release: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk in somebody's hands: it is alive as long as ``beat`` grows."""

    id: int
    release: int
    owner: str
    epoch: int
    beat: int


class Addressee(NamedTuple):
    """One delivery about to be made: who it is, as the list says at this moment.

    ``address`` is empty when the subscriber has left, was suppressed, is gone, or no longer
    consents to advertising where the mail is ``advertising``.
    """

    release: int
    chunk: int
    subscriber: int
    address: str
    audience: Audience
    since: datetime
    epoch: int
    attempts: int
    advertising: bool = False


class Result(NamedTuple):
    """What became of a delivery in a chunk, to be written down.

    ``tried`` is 1 when the attempt counts although the mail never left.
    """

    release: int
    chunk: int
    subscriber: int
    state: DeliveryState
    code: int = 0
    reply: str = ""
    next_at: datetime | None = None
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a relay or domain stands: the rate's next free moment, a block, failures in a row."""

    name: str
    arrival: datetime | None = None
    blocked_until: datetime | None = None
    failures: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """All that changes at once: what became of mails, which are about to leave, who still works."""

    results: tuple[Result, ...] = ()
    starts: tuple[Addressee, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    allowances: tuple[Allowance, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement found: the starts that hold, as (release, subscriber); chunks lost to
    another owner; releases that are no longer open."""

    started: frozenset[tuple[int, int]] = frozenset()
    lost: frozenset[int] = frozenset()
    halted: frozenset[int] = frozenset()
