"""Everything at once in one process: the alarm, the sending, the front door; a clean stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from publisher.delivery import Dispatch, decide
from publisher.model.problem import ProblemError
from publisher.schedule import Alarm, Carrier
from publisher.translation import message_of
from publisher.wiring.clock import wall_clock
from publisher.wiring.courier import RelayCourier
from publisher.wiring.front_door import Door, open_door
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.posthouse import post_office
from publisher.wiring.publishing import stopping
from publisher.wiring.returns import taking_returns

log = logging.getLogger("publisher")
#: Seconds between two rounds of the mails that single readers are owed.
ROUND = 60.0
DAY = 86_400.0
#: Seconds an answer is awaited when winding up, before the rest is left to the next start.
DRAIN = 90.0
#: Tells where the front door can be reached.
Announce = Callable[[str], None]


def run(newsroom: Newsroom, announce: Announce, *, web: bool = True) -> bool:
    """Run schedule, delivery and front door until SIGTERM or SIGINT; True if all wound up in time.

    Raises OutsideError when the database is away or the port cannot be had at the start.
    """
    office = post_office(newsroom)
    carrier = Carrier(lambda stop: Dispatch(office).run(stop).wake, newsroom.clock)

    told: set[str] = set()

    def look() -> datetime | None:
        decided = decide(office, newsroom.clock())
        for problem in (*decided.problems, *newsroom.outdated()):
            if str(problem) in told:  # a look comes every few seconds
                continue
            told.add(str(problem))
            log.warning("%s: %s", problem.code, message_of(problem, newsroom.publication.language))
        carrier.nudge()
        return decided.wake

    alarm = Alarm(look, newsroom.clock, time.monotonic, wall=wall_clock)
    door = open_door(newsroom, RelayCourier(newsroom)) if web else None
    with stopping() as stop, taking_returns(newsroom) as empty_letterbox:
        if door is not None:
            door.server.start()
            announce(f"http://{door.server.host}:{door.server.port}/")
        carrier.start()
        alarm.start()
        _until(stop, door, empty_letterbox)
        alarm.stop()
        drained = carrier.stop(DRAIN)
    if door is not None:
        door.server.stop()
    newsroom.database.close()
    return drained


def _until(
    stop: Callable[[], bool], door: Door | None, empty_letterbox: Callable[[], object]
) -> None:
    """Wait for the signal; meanwhile take bounces in and send single readers what they are owed."""
    next_round = next_day = time.monotonic()
    while not stop():
        time.sleep(0.2)
        now = time.monotonic()
        if now < next_round:
            continue
        next_round = now + ROUND
        try:
            empty_letterbox()
            if door is None:
                continue
            if now >= next_day:
                next_day = now + DAY
                door.notices.tend()
            door.notices.send_due()
        except ProblemError as failure:
            log.warning("%s", failure)
