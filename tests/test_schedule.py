"""The alarm rings at the start, on time, again and again, whatever the clock does."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from publisher.schedule import Alarm, Carrier


def wall() -> datetime:
    return datetime.now(UTC)


def until(true: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_it_looks_at_the_start_and_then_every_tick() -> None:
    looks: list[float] = []
    alarm = Alarm(lambda: looks.append(time.monotonic()), wall, time.monotonic, 0.2)
    alarm.start()
    try:
        assert until(lambda: len(looks) >= 4)
    finally:
        alarm.stop()
    assert looks[0] + 0.4 <= looks[3]


def test_it_wakes_exactly_for_a_slot_and_not_at_the_next_tick() -> None:
    began = wall()
    slot = began + timedelta(seconds=0.6)
    looks: list[datetime] = []

    def look() -> datetime | None:
        looks.append(wall())
        return slot if wall() < slot else None

    alarm = Alarm(look, wall, time.monotonic, 20)
    alarm.start()
    try:
        assert until(lambda: len(looks) >= 2)
    finally:
        alarm.stop()
    assert slot <= looks[1] < slot + timedelta(seconds=1)


def test_it_wakes_by_the_clock_of_a_rehearsal() -> None:
    """The rehearsal is in 2031; the scheduler's own clock is not."""
    start, began = datetime(2031, 1, 3, 7, 59, 59, 500_000, tzinfo=UTC), time.monotonic()
    slot = datetime(2031, 1, 3, 8, tzinfo=UTC)

    def clock() -> datetime:
        return start + timedelta(seconds=time.monotonic() - began)

    looks: list[datetime] = []

    def look() -> datetime | None:
        looks.append(clock())
        return slot if clock() < slot else None

    alarm = Alarm(look, clock, time.monotonic, 20, wall)
    alarm.start()
    try:
        assert until(lambda: len(looks) >= 2)
    finally:
        alarm.stop()
    assert slot <= looks[1] < slot + timedelta(seconds=1)


def test_a_look_that_fails_does_not_end_the_looking(caplog: pytest.LogCaptureFixture) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        raise ValueError("no")

    alarm = Alarm(look, wall, time.monotonic, 0.1)
    alarm.start()
    try:
        assert until(lambda: len(looks) >= 3)
    finally:
        alarm.stop()
    assert "looking at what is due failed" in caplog.text


def test_the_watchdog_revives_an_alarm_that_a_clock_set_back_has_silenced() -> None:
    """After a step back of an hour the scheduler's next time lies an hour ahead: so it is put there."""
    looks: list[int] = []
    alarm = Alarm(lambda: looks.append(1), wall, time.monotonic, 0.2)
    alarm.start()
    try:
        assert until(lambda: len(looks) >= 1)
        hour = wall() + timedelta(hours=1)
        alarm._scheduler.modify_job("look", next_run_time=hour)  # what a step back amounts to
        before = len(looks)
        assert until(lambda: len(looks) >= before + 3)
    finally:
        alarm.stop()


def test_the_carrier_sends_when_nudged_and_when_it_said_it_would() -> None:
    sent: list[float] = []

    def send(_: Callable[[], bool]) -> datetime | None:
        sent.append(time.monotonic())
        return wall() + timedelta(seconds=0.3) if len(sent) == 2 else None

    carrier = Carrier(send, wall, 30)
    carrier.start()
    assert until(lambda: len(sent) == 1)
    carrier.nudge()
    assert until(lambda: len(sent) == 3)
    assert carrier.stop(5)
    assert sent[2] - sent[1] >= 0.25


def test_the_carrier_winds_up_when_stopped() -> None:
    ended = Event()

    def send(stop: Callable[[], bool]) -> None:
        until(stop)
        ended.set()

    carrier = Carrier(send, wall, 30)
    carrier.start()
    time.sleep(0.05)

    assert carrier.stop(5)
    assert ended.is_set()
