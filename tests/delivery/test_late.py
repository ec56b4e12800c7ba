"""Down over the slot, and clocks that are wrong: late is decided, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from publisher.delivery import run_due
from publisher.delivery.ports import Serial
from publisher.model.calendar import Standing
from publisher.model.slot import IfMissed, Slot
from tests.delivery.house import (
    BEFORE,
    CADENCE,
    FRIDAY,
    SEOUL,
    SERIES,
    SLOT,
    House,
    episode,
    readers,
)

WEEK = timedelta(days=7)


def ready(house: House, if_missed: IfMissed = IfMissed.HOLD) -> None:
    series = replace(SERIES, cadence=replace(CADENCE, if_missed=if_missed))
    house.press.shelf = [Serial(series, (episode(1), episode(2)))]
    house.subscribe(readers(2))
    house.now.at = BEFORE
    run_due(house.office, BEFORE)


def run(house: House, at: datetime) -> list[tuple[str, str]]:
    house.now.at = at
    run_due(house.office, at)
    return [(release.name, release.slot.key[:10]) for release in house.releases.listed()]


def past(house: House) -> list[tuple[str, Standing, int | None]]:
    found = house.releases.histories()["slow"].past
    return sorted((p.slot.key[:10], p.standing, p.number) for p in found)


def test_ten_minutes_late_it_goes_by_itself(house: House) -> None:
    ready(house)

    assert run(house, FRIDAY + timedelta(minutes=10)) == [("slow/01", "2026-11-27")]


def test_eight_days_late_a_person_decides_and_the_next_friday_goes_on(house: House) -> None:
    ready(house)

    assert run(house, FRIDAY + timedelta(days=8)) == []
    assert house.bell.codes[:1] == ["delivery/held-missed"]
    assert ("2026-11-27", Standing.HELD, 1) in past(house)


def test_missed_and_sent_all_the_same(house: House) -> None:
    ready(house, IfMissed.SEND)

    assert run(house, FRIDAY + timedelta(days=1)) == [("slow/01", "2026-11-27")]


def test_missed_and_skipped_the_episode_takes_the_next_slot(house: House) -> None:
    ready(house, IfMissed.SKIP)

    assert run(house, FRIDAY + timedelta(days=1)) == []
    assert past(house) == [("2026-11-27", Standing.SKIPPED, None)]
    assert run(house, FRIDAY + WEEK) == [("slow/01", "2026-12-04")]


@pytest.mark.parametrize(
    ("off", "code"),
    [
        (timedelta(hours=-1), "delivery/clock-behind"),
        (timedelta(days=3650), "delivery/clock-ahead"),
    ],
)
def test_a_clock_that_cannot_be_right_releases_nothing(
    house: House, off: timedelta, code: str
) -> None:
    ready(house)
    run(house, FRIDAY - timedelta(hours=1))

    assert run(house, FRIDAY + off - timedelta(hours=1)) == []
    assert house.bell.codes[-1:] == [code]
    assert run(house, FRIDAY) == [("slow/01", "2026-11-27")]


def test_a_clock_ninety_minutes_ahead_releases_once(house: House) -> None:
    """Nobody can know; when the clock is put right, the slot is not released again."""
    ready(house)

    early = run(house, FRIDAY - timedelta(minutes=10) + timedelta(minutes=90))
    again = run(house, FRIDAY - timedelta(minutes=5))
    after = run(house, FRIDAY + timedelta(hours=3))

    assert early == again == after == [("slow/01", "2026-11-27")]


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("America/New_York", datetime(2027, 3, 14, 2, 30), "2027-03-14T07:00"),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), "2026-10-25T00:30"),
        ("Asia/Beirut", datetime(2027, 3, 28, 0, 0), "2027-03-27T22:00"),
        ("Africa/Cairo", datetime(2027, 4, 30, 0, 0), "2027-04-29T22:00"),
    ],
)
def test_a_slot_in_a_gap_a_fold_or_at_a_midnight_that_is_not_goes_out_once(
    house: House, zone: str, local: datetime, utc: str
) -> None:
    cadence = replace(CADENCE, weekday=local.weekday(), at=local.time(), timezone=zone)
    house.press.shelf = [Serial(replace(SERIES, cadence=cadence), (episode(1), episode(2)))]
    house.subscribe(readers(1))
    instant = Slot(local, zone).instant
    assert instant.isoformat()[:16] == utc
    run(house, instant - timedelta(days=1))

    assert run(house, instant - timedelta(seconds=1)) in ([], [("slow/01", f"{local:%Y-%m-%d}")])
    for minutes in (0, 1, 59, 60, 61, 120):
        found = run(house, instant + timedelta(minutes=minutes))
        assert found == [("slow/01", f"{local:%Y-%m-%d}")]
    assert SLOT.timezone == SEOUL
