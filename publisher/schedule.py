"""The alarm clock: wakes the delivery and knows nothing of Fridays.

APScheduler ticks, once at the start and then every few seconds, and is set exactly for the next
known slot. A clock that is stepped back silences its triggers until it has caught up again, so a
watchdog on ticks that no clock touches brings them back. What is due is never decided here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from publisher.model.problem import ProblemError

#: Seconds between two ticks when nothing is known to come.
TICK = 25.0
#: Looks at what is due and gives the next instant worth waking for, if it knows one.
Look = Callable[[], datetime | None]

_log = logging.getLogger("publisher.schedule")
_WORK = "look"
_EXACT = "exact"


class Alarm:
    """Calls ``look`` at the start, every few seconds, and at the instants it names itself.

    Looks never overlap. One that raises is logged, and the next comes all the same. ``wall`` is
    the clock of the scheduler itself, where ``clock`` is one of a rehearsal.
    """

    def __init__(
        self,
        look: Look,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
        tick: float = TICK,
        wall: Callable[[], datetime] | None = None,
    ) -> None:
        self._look = look
        self._wall = wall or clock
        self._clock = clock
        self._ticks = ticks
        self._tick = tick
        self._one_at_a_time = Lock()
        self._looked = ticks()
        self._stopped = Event()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._watchdog = Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin, with a look at once."""
        self._scheduler.add_job(
            self.look,
            IntervalTrigger(seconds=self._tick, timezone="UTC"),
            id=_WORK,
            next_run_time=self._wall(),
        )
        self._scheduler.start()
        self._watchdog.start()

    def stop(self) -> None:
        """End, when the look under way is over."""
        self._stopped.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        if self._watchdog.is_alive():
            self._watchdog.join(self._tick)

    def look(self) -> None:
        """Look now, unless a look is under way."""
        if not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            self._looked = self._ticks()
            wake = self._look()
        except Exception as error:  # noqa: BLE001 - the alarm outlives whatever a look runs into
            _complain("looking at what is due failed; the next look comes by itself", error)
            wake = None
        finally:
            self._one_at_a_time.release()
        if wake is not None and not self._stopped.is_set():
            self._set(wake)

    def _set(self, wake: datetime) -> None:
        """Wake exactly then, if that is sooner than the next tick."""
        ahead = wake - self._clock()
        if timedelta(0) < ahead <= timedelta(seconds=2 * self._tick):
            self._scheduler.add_job(
                self.look, "date", run_date=self._wall() + ahead, id=_EXACT, replace_existing=True
            )

    def _watch(self) -> None:
        """See by ticks alone that looks happen; revive the alarm when they do not."""
        while not self._stopped.wait(self._tick):
            silent = self._ticks() - self._looked
            if silent > 2 * self._tick and not self._one_at_a_time.locked():
                _log.warning("no look for %.0f seconds: the clock was set back", silent)
                self._scheduler.modify_job(_WORK, next_run_time=self._wall())
                self.look()


def _complain(what: str, error: Exception) -> None:
    """Log a failure: one with a remedy as its own words, one of ours with all there is to know."""
    _log.error("%s: %s", what, error, exc_info=not isinstance(error, ProblemError))


class Carrier:
    """Sends in a thread of its own, so that a long release never keeps the next slot waiting.

    ``send`` is called when nudged, at the instant it named last, and every tick; it is given the
    question whether to wind up, and gives the next instant worth sending at.
    """

    def __init__(
        self,
        send: Callable[[Callable[[], bool]], datetime | None],
        clock: Callable[[], datetime],
        tick: float = TICK,
    ) -> None:
        self._send = send
        self._clock = clock
        self._tick = tick
        self._nudged = Event()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="carrier", daemon=True)

    def start(self) -> None:
        """Begin, with whatever is open already."""
        self._nudged.set()
        self._thread.start()

    def nudge(self) -> None:
        """There is something to send."""
        self._nudged.set()

    def stop(self, seconds: float | None = None) -> bool:
        """Wind up: what is in the air is awaited. False when that took longer than allowed."""
        self._stopped.set()
        self._nudged.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        wait = self._tick
        while not self._stopped.is_set():
            self._nudged.wait(wait)
            self._nudged.clear()
            wait = self._tick
            try:
                wake = None if self._stopped.is_set() else self._send(self._stopped.is_set)
            except Exception as error:  # noqa: BLE001 - and so does the carrier
                _complain("sending failed; it is tried again by itself", error)
                continue
            if wake is not None:
                wait = min(max((wake - self._clock()).total_seconds(), 0.1), self._tick)
