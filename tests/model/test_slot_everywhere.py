"""Slots over every zone and the years 2000 to 2060: in order, a week apart, each instant real."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model.slot import Cadence, Slot

zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@settings(max_examples=300, deadline=None)
@given(zones, days, times)
def test_an_instant_is_the_first_at_which_the_local_clock_has_come_so_far(
    zone: str, day: date, at: time
) -> None:
    local = datetime.combine(day, at)
    instant = Slot(local, zone).instant
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert instant.tzinfo is UTC
    assert shown >= local > before or shown == local


@settings(max_examples=150, deadline=None)
@given(zones, days, times, st.integers(0, 6))
def test_a_cadence_yields_every_week_once_in_order(
    zone: str, day: date, at: time, weekday: int
) -> None:
    cadence = Cadence(weekday=weekday, at=at, timezone=zone)
    since = datetime.combine(day, time(12), tzinfo=UTC)

    slots = list(islice(cadence.slots(since), 60))

    dates = [slot.local.date() for slot in slots]
    assert dates == [dates[0] + timedelta(weeks=n) for n in range(60)]
    assert all(slot.local.weekday() == weekday and cadence.is_slot(slot) for slot in slots)
    instants = [slot.instant for slot in slots]
    assert instants[0] >= since
    assert instants == sorted(set(instants))
    assert Slot.parse(slots[0].key) == slots[0]
    earlier = Slot(slots[0].local - timedelta(weeks=1), zone)
    assert earlier.instant < since


@settings(max_examples=100, deadline=None)
@given(zones, days, times, st.integers(0, 6))
def test_the_slots_do_not_depend_on_where_one_begins_to_look(
    zone: str, day: date, at: time, weekday: int
) -> None:
    cadence = Cadence(weekday=weekday, at=at, timezone=zone)
    since = datetime.combine(day, time(12), tzinfo=UTC)
    run = list(islice(cadence.slots(since), 5))

    for number, slot in enumerate(run):
        again = list(islice(cadence.slots(slot.instant), 5 - number))
        assert again == run[number:]
