"""How fast anything may leave: the paces of recipient domains and of relays, kept side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from publisher.delivery.office import Office
from publisher.delivery.pace import Pace
from publisher.model.ledger import Allowance

#: What a relay's name begins with where relays and domains are kept side by side.
RELAY = "relay "


class Tempo:
    """Domains and relays as they stand."""

    def __init__(self, office: Office) -> None:
        policy = office.policy
        pace = (office.ticks, policy.domain_patience, policy.backoff, policy.backoff_limit)
        self.domains = Pace(policy.domains, *pace)
        self._relays = Pace(policy.relays, *pace)
        self._limited = bool(policy.domains or policy.relays)

    @property
    def easy(self) -> bool:
        """Whether anything may leave at once, whatever its domain and relay."""
        return not self._limited and self.domains.easy and self._relays.easy

    def gap(self, domain: str, relay: str) -> float:
        """Say in how many seconds a mail for a domain may leave over a relay."""
        return max(self.domains.gap(domain), self._relays.gap(relay))

    def leaves(self, domain: str, relay: str) -> None:
        """A mail leaves now."""
        if self._limited:
            self.domains.leaves(domain)
            self._relays.leaves(relay)

    def left(self, domain: str, relay: str) -> None:
        """A mail has just left."""
        if self._limited:
            self.domains.left(domain)
            self._relays.left(relay)

    def remember(self, kept: Sequence[Allowance], now: datetime) -> None:
        """Take up how relays and domains stood when the last process ended."""
        relays = [one for one in kept if one.name.startswith(RELAY)]
        self._relays.remember([replace(one, name=one.name[len(RELAY) :]) for one in relays], now)
        self.domains.remember([one for one in kept if not one.name.startswith(RELAY)], now)

    def changes(self, now: datetime) -> tuple[Allowance, ...]:
        """Give what the ledger should keep, and consider it kept."""
        relays = (replace(one, name=RELAY + one.name) for one in self._relays.changes(now))
        return (*self.domains.changes(now), *relays)
