"""What a person may do to a release under way: pause, resume, cancel, resolve what is in doubt.

All of it is a word in the ledger: whichever process is sending reads it before the next mail, so
it takes hold within what is in the air at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from publisher.delivery.ports import Deliveries, Releases
from publisher.model.calendar import Standing
from publisher.model.delivery import Delivery, DeliveryState
from publisher.model.problem import Fault, MisuseError, Place, Severity
from publisher.model.release import Release, ReleaseState

NO_RELEASE = Fault(
    "delivery/no-release",
    Severity.ERROR,
    "There is no release {release}.",
    "Name it as `publisher status` does: series/number.",
)
NOT_NOW = Fault(
    "delivery/not-now",
    Severity.ERROR,
    "{release} is {state}, so this cannot be done to it.",
    "See `publisher status`.",
)
BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The two halves of the ledger."""

    releases: Releases
    deliveries: Deliveries


def find(ledger: Ledger, series: str, number: int) -> Release:
    """Find a release that is decided. Raises MisuseError when there is none."""
    release = ledger.releases.find(series, number)
    if release is None:
        raise MisuseError(NO_RELEASE.at(Place(""), release=f"{series}/{number:02d}"))
    return release


def pause(ledger: Ledger, release: Release, now: datetime, reason: str = BY_HAND) -> None:
    """Let no more mail of a release leave. Raises MisuseError unless it is open."""
    _change(ledger, release, ReleaseState.PAUSED, reason, now)


def resume(ledger: Ledger, release: Release, now: datetime) -> None:
    """Go on with a paused release. Raises MisuseError unless it is paused."""
    if release.state is not ReleaseState.PAUSED:
        raise _not_now(release)
    _change(ledger, release, ReleaseState.OPEN, "", now)


def cancel(ledger: Ledger, release: Release, now: datetime, reason: str = BY_HAND) -> int:
    """End a release: who has not been mailed never is. Gives how many that are.

    Done twice it finishes what a crash had interrupted. Raises MisuseError for one that is over.
    """
    if release.state is not ReleaseState.CANCELLED:
        _change(ledger, release, ReleaseState.CANCELLED, reason, now)
    return ledger.deliveries.withhold_rest(release.id, reason, now)


def give_up_slot(ledger: Ledger, series: str, number: int, now: datetime) -> bool:
    """Let an episode that was held take the next free slot. False when it was not held."""
    history = ledger.releases.histories().get(series)
    held = [
        past.slot
        for past in (history.past if history else ())
        if past.number == number and past.standing is Standing.HELD
    ]
    return any(ledger.releases.skip_held(series, slot, BY_HAND, now) for slot in held)


def resolve(ledger: Ledger, release: Release, now: datetime, *, resend: bool) -> int:
    """Decide about all mails of a release whose answer was lost: sent again, or assumed sent.

    Gives how many there were. Raises MisuseError for sending again what was cancelled.
    """
    if not resend:
        return ledger.deliveries.resolve(release.id, DeliveryState.SENT, now)
    if release.state is ReleaseState.CANCELLED:
        raise _not_now(release)
    count = ledger.deliveries.resolve(release.id, DeliveryState.PENDING, now)
    if count and release.state is ReleaseState.COMPLETE:
        _change(ledger, release, ReleaseState.OPEN, "", now)
    return count


def who(
    ledger: Ledger, release: Release, states: Sequence[DeliveryState] = ()
) -> Iterator[Delivery]:
    """Give every delivery of a release by subscriber id, however many there are."""
    after = 0
    while True:
        page = ledger.deliveries.who(release.id, states, after)
        yield from page
        if not page:
            return
        after = page[-1].subscriber


def _change(
    ledger: Ledger, release: Release, after: ReleaseState, reason: str, now: datetime
) -> None:
    if not ledger.releases.change(release.id, after, reason, now):
        raise _not_now(ledger.releases.find(release.series, release.number) or release)


def _not_now(release: Release) -> MisuseError:
    return MisuseError(NOT_NOW.at(Place(""), release=release.name, state=release.state))
