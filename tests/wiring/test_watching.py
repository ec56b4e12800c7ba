"""Looking on while mail goes out: rate, time left, and the line that says so."""

from __future__ import annotations

import pytest

from publisher.cli.status import tempo_line
from publisher.model.delivery import DeliveryState as S
from publisher.wiring.watching import Stopwatch, Tempo

RELEASE = "slow/01"


def test_the_first_look_knows_no_rate() -> None:
    tempo = Stopwatch().look(RELEASE, {S.PENDING: 90, S.SENT: 10}, 5.0, {})

    assert (tempo.left, tempo.rate, tempo.seconds) == (90, 0.0, None)
    assert tempo_line(tempo) == "slow/01: 90 to go"


def test_rate_and_time_left_follow_from_two_looks() -> None:
    """Refused and withheld are settled as well as sent; deferred and sending are to go."""
    stopwatch = Stopwatch()
    stopwatch.look(RELEASE, {S.PENDING: 8000}, 0.0, {})
    counts = {S.PENDING: 7200, S.DEFERRED: 96, S.SENDING: 4, S.SENT: 690, S.REFUSED: 10}
    tempo = stopwatch.look(RELEASE, counts, 2.0, {})

    assert (tempo.left, tempo.rate) == (7300, 350.0)
    assert tempo.seconds == pytest.approx(20.857, abs=0.01)
    assert tempo_line(tempo) == "slow/01: 7300 to go, 350.0 a second, about 0:00:21 left"


def test_what_was_longer_ago_than_the_span_is_forgotten() -> None:
    stopwatch = Stopwatch(span=10)
    for tick, left in ((0, 1000), (5, 100), (10, 90), (15, 80)):
        tempo = stopwatch.look(RELEASE, {S.PENDING: left, S.SENT: 1000 - left}, tick, {})

    assert tempo.rate == 2.0
    assert tempo.seconds == 40.0


def test_who_is_on_the_list_alone_is_to_go_and_the_cutting_hides_no_progress() -> None:
    """A long list is cut in runs: what is in hand stays the same while mails leave all the time."""
    stopwatch = Stopwatch()
    stopwatch.look(RELEASE, {S.PENDING: 1500}, 0.0, {}, ahead=998_500)
    tempo = stopwatch.look(RELEASE, {S.PENDING: 1500, S.SENT: 4000}, 2.0, {}, ahead=994_500)

    assert (tempo.left, tempo.rate, tempo.seconds) == (996_000, 2000.0, 498.0)


def test_a_release_that_has_more_to_go_than_before_has_no_rate() -> None:
    """Uncertain ones that are sent again come back on the list."""
    stopwatch = Stopwatch()
    stopwatch.look(RELEASE, {S.PENDING: 5}, 0.0, {})

    assert stopwatch.look(RELEASE, {S.PENDING: 9}, 2.0, {}).seconds is None


def test_the_domains_with_the_most_to_go_are_named() -> None:
    domains = {
        "a.example": {S.SENT: 900},
        "b.example": {S.PENDING: 3},
        "c.example": {S.DEFERRED: 7, S.SENT: 2},
    }

    tempo = Stopwatch().look(RELEASE, {S.PENDING: 10}, 0.0, domains)

    assert tempo.waiting == (("c.example", 7), ("b.example", 3))


def test_hours_are_told_as_hours() -> None:
    assert tempo_line(Tempo(RELEASE, 7325, 1.0)).endswith("about 2:02:05 left")
