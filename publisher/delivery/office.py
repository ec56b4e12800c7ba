"""The post office: everything a release needs, in one place, handed in by the wiring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from publisher.delivery.ports import (
    Bell,
    Clock,
    Deliveries,
    Personal,
    Policy,
    Press,
    Releases,
    Sleeper,
    Ticks,
    Transport,
)
from publisher.delivery.postmark import Postmark

#: Gives header lines (with CRLF) that sign a mail of these pieces, leading dots single.
Signer = Callable[[Sequence[bytes]], bytes]


@dataclass(frozen=True)
class Office:
    """What the use cases of delivery work with.

    ``transport`` opens the way out; it is called when there is something to send. ``owner`` names
    this process in the ledger, unlike any other, ever.
    """

    press: Press
    releases: Releases
    deliveries: Deliveries
    transport: Callable[[], Transport]
    personal: Personal
    postmark: Postmark
    bell: Bell
    owner: str
    clock: Clock
    ticks: Ticks
    sleep: Sleeper
    bounce_domain: str
    signer: Signer | None = None
    policy: Policy = field(default_factory=Policy)
