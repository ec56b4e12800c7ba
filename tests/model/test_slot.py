"""Slots are local times; their instants follow the zone's own rules."""

from datetime import UTC, datetime, time
from itertools import islice

from publisher.model.slot import Cadence, Slot

SEOUL = "Asia/Seoul"
FRIDAYS = Cadence(weekday=4, at=time(17), timezone=SEOUL)


def test_friday_at_five_in_seoul_is_eight_in_the_morning_utc() -> None:
    slot = next(FRIDAYS.slots(datetime(2026, 11, 21, tzinfo=UTC)))

    assert slot.key == "2026-11-27T17:00[Asia/Seoul]"
    assert slot.shown == "2026-11-27 17:00 Asia/Seoul"
    assert slot.instant == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert Slot.parse(slot.key) == slot


def test_the_slot_of_this_very_instant_counts() -> None:
    instant = datetime(2026, 11, 27, 8, tzinfo=UTC)

    keys = [slot.key for slot in islice(FRIDAYS.slots(instant), 2)]

    assert keys == ["2026-11-27T17:00[Asia/Seoul]", "2026-12-04T17:00[Asia/Seoul]"]


def test_a_time_the_zone_skips_is_the_first_instant_after_the_gap() -> None:
    slot = Slot(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")

    assert slot.instant == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    slot = Slot(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")

    assert slot.instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
