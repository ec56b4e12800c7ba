"""What is in the air: counted until it is answered, so that answers can share a commit."""

import time
from dataclasses import replace

from publisher import store
from publisher.delivery import run_due
from publisher.delivery.aloft import Aloft, Flight
from publisher.delivery.dispatch import LONGEST_SHARE
from publisher.delivery.tempo import Tempo
from publisher.model.episode import Audience
from publisher.model.ledger import Addressee
from publisher.transport.relay import Relay, Security
from publisher.transport.smtp import Smtp
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.transport.sink import Sink


def test_a_flight_is_in_the_air_from_its_leave_to_its_answer(database_url: str) -> None:
    database = store.open(database_url)
    house = House(database, lambda: Smtp([Relay("x")], time.monotonic))
    aloft = Aloft(Tempo(house.office))
    one, other, stays = (
        ((1, number), Flight(Addressee(1, 1, number, "a@x", Audience.FREE, FRIDAY, 0, 0), "x", ""))
        for number in (1, 2, 3)
    )
    for key, flight in (one, other, stays):
        aloft.take(key, flight)
    aloft.readied([one[0], other[0]])

    counts = [aloft.flying]
    aloft.leave([one[0], other[0]])
    counts.append(aloft.flying)
    for key in (one[0], stays[0], one[0]):
        aloft.down(key)
        counts.append(aloft.flying)
    database.close()

    assert counts == [0, 2, 1, 1, 1]


def test_answers_are_awaited_for_a_moment_at_most(database_url: str) -> None:
    """However long a commit took: a slow disk must not make the waiting for answers long."""
    slept: list[float] = []
    ticks = 0.0

    def slow_clock() -> float:
        nonlocal ticks
        ticks += 0.05  # so every commit seems to take long
        return time.monotonic() + ticks

    database = store.open(database_url)
    with Sink() as sink:
        relay = Relay("127.0.0.1", sink.port, Security.NONE, connections=4)
        house = House(database, lambda: Smtp([relay], time.monotonic)).with_policy(lease=1e6)
        house.subscribe(readers(60))
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY
        ran = run_due(replace(house.office, ticks=slow_clock, sleep=slept.append), FRIDAY)
    database.close()

    assert ran.rest.sent == 60
    assert LONGEST_SHARE in slept
    assert max(slept) == LONGEST_SHARE
