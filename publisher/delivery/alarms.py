"""What a person must know while mails leave: a release paused, a doubt, no relay. Told once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from publisher.delivery.office import Office
from publisher.delivery.ports import Alert
from publisher.model.parcel import Trouble
from publisher.model.problem import Fault, Place, Severity

#: The first word of the keys of what is told about relays.
RELAY = "relay"

PAUSED = Fault(
    "delivery/paused",
    Severity.ERROR,
    "The release {release} is paused: {reason}",
    "Mend the cause, then run `publisher resume {release}`; nobody was marked and nobody is missed.",
)
UNCERTAIN = Fault(
    "delivery/uncertain",
    Severity.WARNING,
    "{release} has mails whose answer was lost: they may have arrived, or not.",
    "Run `publisher who {release} --state uncertain`, then `publisher resolve {release} --resend` or `--assume-sent`.",
)
NO_RELAY = Fault(
    "delivery/no-relay",
    Severity.ERROR,
    "No relay can be used, so mails wait: {reason}",
    "See that the relay runs and that [[delivery.relay]] is right; it is tried again by itself.",
)


class Alarms:
    """Rings the bell of the office."""

    def __init__(self, office: Office) -> None:
        self._bell = office.bell
        self._clock = office.clock
        self._trouble = ""
        self._serving = False

    def paused(self, release: str, reason: str, now: datetime) -> None:
        """A release was paused, and why."""
        told = PAUSED.at(Place(""), release=release, reason=reason)
        self._bell.ring(Alert(f"paused {release} {now.isoformat()}", told), now)

    def uncertain(self, release: str) -> None:
        """A release has mails in doubt."""
        told = UNCERTAIN.at(Place(""), release=release)
        self._bell.ring(Alert(f"uncertain {release}", told), self._clock())

    def no_relay(self, troubles: Sequence[Trouble]) -> None:
        """No relay can be used; what is the matter is told again only when it is something else."""
        reason = "; ".join(f"{trouble.relay}: {trouble.reason}" for trouble in troubles)
        if reason == self._trouble:
            return
        self._trouble, self._serving = reason, False
        now = self._clock()
        told = NO_RELAY.at(Place(""), reason=reason)
        self._bell.ring(Alert(f"{RELAY} {now:%Y-%m-%d} {reason}", told), now)

    def relays_serve(self) -> None:
        """A mail was taken: whatever was told of relays, by whichever process, has passed."""
        if self._serving:
            return
        self._trouble, self._serving = "", True
        self._bell.over(RELAY, self._clock())
