"""A mail on its way over the wire, and what the other side says to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Parcel(NamedTuple):
    """One mail on its way: envelope, and the pieces of its bytes made when they are needed."""

    key: tuple[int, int]
    sender: str
    recipient: str
    name: str
    pieces: Callable[[], list[bytes]]


class Answer(StrEnum):
    """What the other side said, or failed to say.

    ``returned`` never left and is nobody's fault; ``lost`` left, and its answer did not come;
    ``sender`` is a refusal of us, not of the recipient.
    """

    ACCEPTED = "accepted"
    PUT_OFF = "put-off"
    REFUSED = "refused"
    RETURNED = "returned"
    LOST = "lost"
    SENDER = "sender"


class Outcome(NamedTuple):
    """The end of one parcel's way, with the reply as it came."""

    key: tuple[int, int]
    answer: Answer
    code: int = 0
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A relay that cannot be used: why, for how many more seconds, and whether a person must act."""

    relay: str
    reason: str
    seconds: float = 0.0
    systemic: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What happened on the lines: parcels that may leave once that is committed, and outcomes."""

    ready: tuple[tuple[int, int], ...] = ()
    outcomes: tuple[Outcome, ...] = ()
