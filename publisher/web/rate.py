"""How often somebody may knock: a bucket of chances for each name, filled again by the clock."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

#: Names remembered at once; the longest silent is forgotten first, so memory is bounded.
_NAMES = 50_000


class Rate:
    """At most ``count`` in any ``within``, refilled evenly (a token bucket, GCRA)."""

    def __init__(self, count: int, within: timedelta) -> None:
        self._step = within / count
        self._within = within
        self._arrivals: OrderedDict[str, datetime] = OrderedDict()

    def allows(self, name: str, now: datetime) -> bool:
        """Take one chance of a name; False if none is left."""
        arrival = max(self._arrivals.get(name, now), now)
        if arrival + self._step - now > self._within:
            return False
        self._arrivals[name] = arrival + self._step
        self._arrivals.move_to_end(name)
        if len(self._arrivals) > _NAMES:
            self._arrivals.popitem(last=False)
        return True
