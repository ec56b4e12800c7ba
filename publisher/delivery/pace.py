"""How fast relays and recipient domains are mailed: a rate, connections at once, and patience.

The rate is kept as its theoretical arrival time (the generic cell rate algorithm with a burst of
one): in every window of n seconds at most n times the rate, and one, leave. It is measured with
ticks, which no change of the clock touches, and noted as instants so that it outlives a restart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.delivery.ports import Rate, Ticks
from publisher.model.ledger import Allowance

NO_LIMIT = Rate()


@dataclass
class _State:
    """One relay or domain, in ticks."""

    arrival: float = 0.0
    blocked: float = 0.0
    failures: int = 0
    note: str = ""


class Pace:
    """The rates of a number of names (domains, or relays) and how each of them stands."""

    def __init__(
        self,
        rates: Mapping[str, Rate],
        ticks: Ticks,
        patience: int,
        block: timedelta,
        block_limit: timedelta,
    ) -> None:
        self._rates = dict(rates)
        self._ticks = ticks
        self._patience = patience
        self._block = block.total_seconds()
        self._block_limit = block_limit.total_seconds()
        self._states: dict[str, _State] = {}
        self._on: Counter[str] = Counter()
        self._changed: set[str] = set()

    def remember(self, kept: Iterable[Allowance], now: datetime) -> None:
        """Take up what the ledger kept. A wait is never longer than its rule could have made it,
        however wrong the clock was that wrote it."""
        ticks = self._ticks()
        for one in kept:
            state = self._states.setdefault(one.name, _State())
            state.failures, state.note = one.failures, one.note
            if one.arrival is not None:
                rate = self._rates.get(one.name, NO_LIMIT).per_second
                longest = 1 / rate if rate else 0.0
                state.arrival = ticks + _seconds(one.arrival - now, longest)
            if one.blocked_until is not None:
                state.blocked = ticks + _seconds(one.blocked_until - now, self._block_limit)

    @property
    def easy(self) -> bool:
        """Whether there is no limit and nobody is waited for: then nobody need be asked by name."""
        return not self._rates and not self._states

    def wait(self, name: str) -> float:
        """Say in how many seconds one more may be announced; infinity while all places are taken."""
        rate = self._rates.get(name)
        if rate is None:
            return self.gap(name)
        on = self._on[name]
        if rate.connections and on >= rate.connections:
            return float("inf")
        wait = self.gap(name)
        return wait + on / rate.per_second if rate.per_second else wait

    def gap(self, name: str) -> float:
        """Say in how many seconds one more may leave."""
        state = self._states.get(name) if self._states else None
        if state is None:
            return 0.0
        return max(0.0, max(state.arrival, state.blocked) - self._ticks())

    def blocked(self, name: str) -> float:
        """Say for how many more seconds a name is left alone."""
        state = self._states.get(name)
        return max(0.0, state.blocked - self._ticks()) if state else 0.0

    def rate(self, name: str) -> float:
        """Give the messages a second that a name may be sent, 0 for no limit."""
        return self._rates.get(name, NO_LIMIT).per_second

    def taken(self, name: str) -> None:
        """One was announced."""
        if name in self._rates:
            self._on[name] += 1

    def done(self, name: str) -> None:
        """One came to its end, or was taken back."""
        if name in self._rates:
            self._on[name] -= 1

    def leaves(self, name: str) -> None:
        """One leaves now: the next may follow after the rate's interval."""
        rate = self._rates.get(name, NO_LIMIT).per_second
        if rate:
            state = self._states.setdefault(name, _State())
            state.arrival = max(state.arrival, self._ticks()) + 1 / rate
            self._changed.add(name)

    def left(self, name: str) -> None:
        """One has just left, perhaps later than planned: the interval counts from here."""
        rate = self._rates.get(name, NO_LIMIT).per_second
        if rate:
            state = self._states.setdefault(name, _State())
            state.arrival = max(state.arrival, self._ticks() + 1 / rate)

    def answered(self, name: str) -> None:
        """The other side took one: all is well there."""
        state = self._states.get(name)
        if state is not None and state.failures:
            state.failures, state.note = 0, ""
            self._changed.add(name)

    def put_off(self, name: str, reply: str) -> None:
        """The other side said later: too many in a row, and it is left alone for a while."""
        state = self._states.setdefault(name, _State())
        state.failures += 1
        state.note = reply
        self._changed.add(name)
        over = state.failures - self._patience
        if over >= 0:
            wait = min(self._block * 2 ** min(over // self._patience, 20), self._block_limit)
            state.blocked = self._ticks() + wait

    def changes(self, now: datetime) -> tuple[Allowance, ...]:
        """Give what the ledger should keep, and consider it kept."""
        ticks = self._ticks()
        kept = []
        for name in sorted(self._changed):
            state = self._states[name]
            kept.append(
                Allowance(
                    name,
                    arrival=_instant(now, state.arrival - ticks),
                    blocked_until=_instant(now, state.blocked - ticks),
                    failures=state.failures,
                    note=state.note[:200],
                )
            )
        self._changed.clear()
        return tuple(kept)


def _seconds(wait: timedelta, longest: float) -> float:
    return min(max(wait.total_seconds(), 0.0), longest)


def _instant(now: datetime, seconds: float) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds > 0 else None
