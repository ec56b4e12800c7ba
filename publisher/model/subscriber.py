"""A reader's address: its state, its audience, what it consented to, and why it is never mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publisher.model.episode import Audience


class SubscriberState(StrEnum):
    """Where a subscriber stands. Only ``active`` ones are mailed."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"
    ERASED = "erased"


class Purpose(StrEnum):
    """What a consent is for: the letter itself, or advertising in it (정보통신망법 제50조)."""

    LETTER = "letter"
    ADVERTISING = "advertising"


@dataclass(frozen=True, slots=True)
class Consent:
    """One act of consent or withdrawal: to what, in which words, when and from where."""

    purpose: Purpose
    given: bool
    at: datetime
    source: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the moment of a consent is an aware instant")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address with a state, an audience and its consents.

    ``address`` is as written (IDN domains in Unicode); ``key`` is its canonical form, lower case
    with an A-label domain: two subscribers never share one. ``series`` is empty for all.
    """

    id: int
    address: str
    key: str
    state: SubscriberState
    audience: Audience
    since: datetime
    name: str = ""
    members_until: datetime | None = None
    series: tuple[str, ...] = ()
    locale: str = "ko"
    source: str = ""


class SuppressionReason(StrEnum):
    """Why an address is never mailed again, whoever subscribes it."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    LEFT = "left"
    ERASED = "erased"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address never to be mailed, and why. Keyed by address; outlives the subscriber."""

    key: str
    reason: SuppressionReason
    at: datetime
    note: str = ""
