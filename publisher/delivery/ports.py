"""What the post office needs from others: a press, a ledger, a transport, and the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from publisher.model.calendar import Standing
from publisher.model.delivery import Delivery, DeliveryState
from publisher.model.edition import Edition
from publisher.model.episode import Audience, Episode, Series
from publisher.model.history import History
from publisher.model.ledger import Addressee, Allowance, Chunk, Claim, Proposal, Settled, Settlement
from publisher.model.parcel import News, Parcel, Trouble
from publisher.model.problem import Problem
from publisher.model.release import Release, ReleaseState
from publisher.model.slot import Slot

#: The aware instant it is now.
Clock = Callable[[], datetime]
#: Seconds that only ever grow, whatever happens to the clock on the wall.
Ticks = Callable[[], float]
#: Waits for so many seconds, or less when there is a reason to look up.
Sleeper = Callable[[float], None]
#: Says whether to wind up: no new mail, answers of what is in the air still awaited.
Stop = Callable[[], bool]


def never() -> bool:
    """Go on until nothing is left to do."""
    return False


# --- the press ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Serial:
    """A series and all its episodes, as the files say now."""

    series: Series
    episodes: tuple[Episode, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """One episode made ready for a slot: an edition for each audience, or the problems.

    ``source`` names the state of the files it was made of: the same source, the same editions.
    """

    editions: tuple[Edition, ...] = ()
    problems: tuple[Problem, ...] = ()
    guid: str = ""
    title: str = ""
    source: str = ""


class Press(Protocol):
    """Files to editions, and editions to the website."""

    def serials(self) -> Sequence[Serial]:
        """Give every series that can be read, with its episodes."""

    def prepare(self, series: str, number: int, slot: Slot) -> Prepared:
        """Check, render and prove one episode for a slot. Never raises for a fault of the files."""

    def lay_out(self, releases: Sequence[Release]) -> Sequence[Problem]:
        """Write pages and feeds so that these releases are on the site. Idempotent."""


# --- the ledger ---------------------------------------------------------------------


class Releases(Protocol):
    """The part of the ledger that decisions are written in. Every method is one transaction."""

    def histories(self) -> dict[str, History]:
        """Give what is known of every series."""

    def watch(self, series: Sequence[str], now: datetime) -> None:
        """Begin to watch the series that are new to the ledger."""

    def pulse(self) -> datetime | None:
        """Give the newest instant the ledger has seen, None for a new one."""

    def beat(self, now: datetime) -> None:
        """Note that the ledger has seen this instant."""

    def prepare(self, proposal: Proposal, now: datetime) -> Release | None:
        """Freeze a proposal ahead of its slot; None when slot or episode already stand otherwise."""

    def open(self, proposal: Proposal, now: datetime) -> tuple[Release, bool]:
        """Decide: insert the release or find it there. True when this call opened it.

        What was prepared for the slot is replaced by the proposal. Raises LookupError when slot
        or episode belong to another release.
        """

    def withdraw(self, release: int) -> bool:
        """Take a prepared release back."""

    def settle_slot(
        self,
        series: str,
        slot: Slot,
        standing: Standing,
        number: int | None,
        reason: str,
        now: datetime,
    ) -> bool:
        """Write down that a slot passed without a release. True when this call wrote it."""

    def free_slot(self, series: str, slot: Slot) -> bool:
        """Forget that a slot was held or skipped."""

    def listed(self, *states: ReleaseState) -> Sequence[Release]:
        """Give the releases in these states, or all, in order of their slots."""

    def find(self, series: str, number: int) -> Release | None:
        """Find the release of an episode."""

    def change(self, release: int, after: ReleaseState, reason: str, now: datetime) -> bool:
        """Change a release's state if that is legal; say whether it was."""

    def laid_out(self, which: Sequence[int], now: datetime) -> None:
        """Note that the pages of these releases are on the site: their mails may leave."""

    def skip_held(self, series: str, slot: Slot, reason: str, now: datetime) -> bool:
        """Give a held slot up: its episode takes the next free one. True when it was held."""

    def messages(self, release: int) -> Mapping[Audience, bytes]:
        """Give the frozen mails of a release."""

    def editions(self, release: int) -> Sequence[Edition]:
        """Give all that was frozen of a release."""


class Deliveries(Protocol):
    """The part of the ledger that deliveries are written in. Every method is one transaction."""

    def claim(self, release: int, owner: str, size: int, now: datetime) -> Chunk | None:
        """Take the next run of subscribers of a release, or of deliveries due again; None when
        there is none now."""

    def claims(self) -> Sequence[Claim]:
        """Give every chunk in somebody's hands."""

    def take_over(
        self, claim: Claim, owner: str, now: datetime, again: datetime | None
    ) -> Chunk | None:
        """Take the chunk of an owner that is gone: what it had in the air becomes uncertain, to
        be sent ``again`` at that instant, if at all."""

    def load(self, chunk: Chunk, after: int, limit: int) -> Sequence[Addressee]:
        """Read addressees of a chunk by id; who left meanwhile has no address any more."""

    def settle(self, settlement: Settlement, now: datetime) -> Settled:
        """Write results and starts in one commit. A start that does not hold must not leave."""

    def finish(self, chunk: Chunk) -> bool:
        """Lay a chunk down if nothing in it is left to do."""

    def hand_back(self, chunk: Chunk) -> None:
        """Let go of a chunk, so that anybody may take it up at once."""

    def resend(self, release: int, now: datetime) -> int:
        """Make the uncertain deliveries whose time has come pending again; say how many."""

    def complete(self, release: int, now: datetime) -> bool:
        """Close a release in which nothing is left to do; say whether it is closed now."""

    def next_at(self, release: int) -> datetime | None:
        """Say when the next deferred delivery of a release is due."""

    def allowances(self) -> Sequence[Allowance]:
        """Give what is kept of relays and domains."""

    def withhold_rest(self, release: int, reason: str, now: datetime) -> int:
        """Withhold all of a cancelled release that is not in the air; say how many."""

    def resolve(self, release: int, after: DeliveryState, now: datetime) -> int:
        """Make every uncertain delivery ``sent`` or ``pending``; say how many."""

    def domains(self, release: int) -> dict[str, dict[DeliveryState, int]]:
        """Count the deliveries of a release by recipient domain and state."""

    def counts(self, release: int) -> dict[DeliveryState, int]:
        """Count the deliveries of a release by state."""

    def ahead(self, release: int) -> int:
        """Say about how many readers of a release are still on the list alone, in no chunk yet:
        exactly where they are few."""

    def who(
        self, release: int, states: Sequence[DeliveryState] = (), after: int = 0, limit: int = 1000
    ) -> Sequence[Delivery]:
        """Give deliveries by subscriber id, a page at a time."""


# --- the transport ------------------------------------------------------------------


class Transport(Protocol):
    """A way to hand mails on. Nothing of a mail leaves before ``go``."""

    #: Whether leading dots must be doubled (SMTP's DATA, RFC 5321 section 4.5.2).
    stuffed: bool
    #: Whether a mail handed over twice is one mail there: nothing is ever uncertain.
    idempotent: bool

    def room(self) -> int:
        """Say how many more parcels could be announced now."""

    def announce(self, parcel: Parcel) -> str:
        """Take a parcel on: its envelope may go ahead, its mail may not. Names the relay that
        carries it, for its rate."""

    def poll(self, seconds: float) -> News:
        """Wait for news, at most so long."""

    def go(self, keys: Sequence[tuple[int, int]]) -> None:
        """Let announced parcels leave: the ledger says ``sending``."""

    def recall(self, keys: Sequence[tuple[int, int]]) -> None:
        """Take announced parcels back; they come out as ``returned``."""

    def troubles(self) -> Sequence[Trouble]:
        """Name the relays that cannot be used now."""

    def close(self) -> None:
        """Hang up politely."""


class Personal(Protocol):
    """A subscriber's own tokens, 48 base64url characters each."""

    def leave(self, subscriber: int, epoch: int) -> str:
        """Make the token that ends the subscription."""

    def preferences(self, subscriber: int, epoch: int) -> str:
        """Make the token that opens the preferences."""


# --- people -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person should know; told once for each ``key``."""

    key: str
    problem: Problem


class Bell(Protocol):
    """Tells the editors: log, webhook, mail. Never raises."""

    def ring(self, alert: Alert, now: datetime) -> None:
        """Tell once."""

    def over(self, kind: str, now: datetime) -> None:
        """Note that what was told under keys with this first word has passed."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a domain or relay may be mailed; ``per_second`` 0 is no limit."""

    connections: int = 0
    per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How deliveries are made. Durations are real time."""

    chunk: int = 500
    prepare_ahead: timedelta = timedelta(minutes=10)
    #: How long before its slot the editors are told that nothing stands there.
    warn_ahead: timedelta = timedelta(hours=24)
    resend_uncertain: bool = False
    max_attempts: int = 6
    backoff: timedelta = timedelta(minutes=5)
    backoff_limit: timedelta = timedelta(hours=4)
    pause_after_refusals: int = 50
    #: An owner whose beat has not grown for so many seconds is gone.
    lease: float = 30.0
    #: After so many 4xx answers in a row a domain is left alone for a while.
    domain_patience: int = 5
    #: How long answers are awaited when winding up, in seconds.
    drain: float = 60.0
    domains: Mapping[str, Rate] = field(default_factory=dict)
    relays: Mapping[str, Rate] = field(default_factory=dict)
