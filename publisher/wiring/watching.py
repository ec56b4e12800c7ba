"""Looking on while mail goes out: how fast it goes, and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from publisher.model.delivery import UNFINISHED, DeliveryState
from publisher.model.release import ReleaseState
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.publishing import stopping
from publisher.wiring.standing import Overview, standing

#: Seconds between two looks, and over how many of them the rate is taken.
EVERY, SPAN = 2.0, 60.0
#: So many domains are named, those with the most mails to go.
DOMAINS = 5

Counts = Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class Tempo:
    """How one open release goes: readers to go, about; deliveries settled a second.

    ``waiting`` are the domains with the most to go, most first.
    """

    release: str
    left: int
    rate: float
    waiting: tuple[tuple[str, int], ...] = ()

    @property
    def seconds(self) -> float | None:
        """Give the seconds it takes to the end at this rate; nothing while none is settled."""
        return self.left / self.rate if self.rate > 0 else None


class Stopwatch:
    """Remembers the looks of the last minute, so that the rate is today's and yet does not jump."""

    def __init__(self, span: float = SPAN) -> None:
        self._span = span
        self._looks: dict[str, deque[tuple[float, int]]] = {}

    def look(
        self,
        release: str,
        counts: Counts,
        tick: float,
        domains: Mapping[str, Counts],
        ahead: int = 0,
    ) -> Tempo:
        """Take the counts of a release at a tick, in seconds; the first look knows no rate yet.

        ``ahead`` are those who are on the list and in no count yet.
        """
        left = _to_go(counts) + ahead
        settled = sum(counts.values()) - _to_go(counts)
        looks = self._looks.setdefault(release, deque())
        looks.append((tick, settled))
        while tick - looks[0][0] > self._span:
            looks.popleft()
        since, before = looks[0]
        rate = max(0, settled - before) / (tick - since) if tick > since else 0.0
        waiting = sorted(
            ((name, _to_go(one)) for name, one in domains.items()),
            key=lambda one: (-one[1], one[0]),
        )
        return Tempo(release, left, rate, tuple(one for one in waiting if one[1])[:DOMAINS])


def _to_go(counts: Counts) -> int:
    return sum(counts.get(state, 0) for state in UNFINISHED)


def watch(
    newsroom: Newsroom,
    show: Callable[[Overview, tuple[Tempo, ...]], None],
    language: str = "",
    *,
    every: float = EVERY,
) -> None:
    """Show how everything stands again and again, until SIGINT or SIGTERM. Never writes.

    ``language`` is that of what a person is needed for.
    """
    stopwatch = Stopwatch()
    with stopping() as stop:
        while not stop():
            overview = standing(newsroom, language)
            show(overview, _tempi(newsroom, overview, stopwatch))
            end = time.monotonic() + every
            while not stop() and time.monotonic() < end:
                time.sleep(0.1)


def _tempi(newsroom: Newsroom, overview: Overview, stopwatch: Stopwatch) -> tuple[Tempo, ...]:
    going = [one for one in overview.releases if one.release.state is ReleaseState.OPEN]
    if not going:
        return ()
    from publisher.store.deliveries import Deliveries

    deliveries = Deliveries(newsroom.database)
    return tuple(
        stopwatch.look(
            one.release.name,
            one.counts,
            time.monotonic(),
            deliveries.domains(one.release.id),
            one.ahead,
        )
        for one in going
    )
