"""The calendar keeps numbers in order and never brings a settled slot back."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice

from publisher.model.body import Body
from publisher.model.calendar import Entry, Past, Standing, coming
from publisher.model.episode import Course, Episode, Series, Status
from publisher.model.slot import Cadence, Slot

SEOUL = "Asia/Seoul"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
FRIDAYS = Cadence(weekday=4, at=time(17), timezone=SEOUL)
SERIES = Series("s", "연재", "episodes/s/series.toml", cadence=FRIDAYS)


def friday(month: int, day: int) -> Slot:
    return Slot(datetime(2026, month, day, 17), SEOUL)


def episode(number: int, status: Status = Status.READY) -> Episode:
    return Episode("s", number, "x", f"{number}.md", f"제목 {number}", status, Body(), "", "")


def take(
    entries: int, *episodes: Episode, series: Series = SERIES, past: tuple[Past, ...] = ()
) -> list[Entry]:
    return list(islice(coming(series, episodes, past, NOW, NOW), entries))


def lines(entries: list[Entry]) -> list[tuple[str, Standing, int | None]]:
    return [(e.slot.key[:10], e.standing, e.number) for e in entries]


def test_a_draft_is_never_overtaken() -> None:
    found = take(3, episode(2), episode(1, Status.DRAFT))

    assert lines(found) == [
        ("2026-11-27", Standing.DRAFT, 1),
        ("2026-12-04", Standing.READY, 2),
        ("2026-12-11", Standing.MISSING, None),
    ]


def test_a_pinned_episode_takes_its_slot_from_the_cadence() -> None:
    pinned = replace(episode(1), publish_at=datetime(2026, 12, 4, 17))

    found = take(3, pinned, episode(2), episode(3))

    assert lines(found) == [
        ("2026-11-27", Standing.READY, 2),
        ("2026-12-04", Standing.READY, 1),
        ("2026-12-11", Standing.READY, 3),
    ]


def test_slots_from_the_start_of_a_cadence_are_late_until_settled() -> None:
    """Two Fridays passed before anybody looked; the first was released since."""
    started = replace(SERIES, cadence=replace(FRIDAYS, start=date(2026, 11, 13)))
    past = (Past(friday(11, 13), Standing.RELEASED, 1),)

    assert lines(take(2, episode(1), episode(2), series=started)) == [
        ("2026-11-13", Standing.LATE, 1),
        ("2026-11-20", Standing.LATE, 2),
    ]
    assert lines(take(2, episode(1), episode(2), series=started, past=past)) == [
        ("2026-11-20", Standing.LATE, 2),
        ("2026-11-27", Standing.MISSING, None),
    ]


def test_a_release_by_hand_on_a_wednesday_does_not_bring_an_old_friday_back() -> None:
    started = replace(SERIES, cadence=replace(FRIDAYS, start=date(2026, 11, 6)))
    by_hand = Past(Slot(datetime(2026, 11, 18, 14, 23), SEOUL), Standing.RELEASED, 1)

    found = take(1, episode(1), episode(2), series=started, past=(by_hand,))

    assert lines(found) == [("2026-11-20", Standing.LATE, 2)]


def test_skipped_dates_have_no_slot() -> None:
    resting = replace(SERIES, cadence=replace(FRIDAYS, skip=frozenset([date(2026, 11, 27)])))

    assert lines(take(1, episode(1), series=resting)) == [("2026-12-04", Standing.READY, 1)]


def test_a_series_at_rest_has_no_slots_and_a_finished_one_only_for_what_is_left() -> None:
    resting = replace(SERIES, course=Course.HIATUS)
    finished = replace(SERIES, course=Course.FINISHED)

    assert take(1, episode(1), series=resting) == []
    assert lines(take(5, episode(1), series=finished)) == [("2026-11-27", Standing.READY, 1)]


def test_a_held_episode_waits_and_the_next_goes_on() -> None:
    held = (Past(friday(11, 20), Standing.HELD, 1),)

    assert lines(take(1, episode(1), episode(2), past=held)) == [("2026-11-27", Standing.READY, 2)]
