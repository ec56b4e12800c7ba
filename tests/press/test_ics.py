"""The calendar for calendar programs: readable by their rules, the same for the same plan."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from publisher.model.calendar import Entry, Standing
from publisher.model.publication import Publication, Sender
from publisher.model.slot import Slot
from publisher.press.holidays import holidays_of
from publisher.press.ics import Appointment, calendar

PUBLICATION = Publication(
    name="느린 신호; 천천히, 읽기",
    url="https://slow-signal.example",
    timezone="Asia/Seoul",
    language="ko",
    sender=Sender("느린 신호", "letter@slow-signal.example"),
)
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def _entry(day: date, standing: Standing, number: int | None = None) -> Entry:
    slot = Slot(datetime(day.year, day.month, day.day, 17), "Asia/Seoul")
    return Entry("ai", slot, standing, None, number)


READY = Appointment(_entry(date(2026, 11, 27), Standing.READY, 5), "AI 연재", "칩과 강")
EMPTY = Appointment(
    _entry(date(2026, 12, 25), Standing.MISSING), "AI 연재", wanting="아직 회차가 없습니다"
)


def _unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_slot_is_an_event_at_its_instant() -> None:
    """In UTC, a quarter of an hour, named by series, number and title."""
    lines = _unfolded(calendar([READY], PUBLICATION, NOW))

    assert "DTSTART:20261127T080000Z" in lines
    assert "DTSTAMP:20261121T030000Z" in lines
    assert "UID:ai-20261127T1700@slow-signal.example" in lines
    assert "SUMMARY:AI 연재 5화 · 칩과 강" in lines
    assert "STATUS:CONFIRMED" in lines
    assert "BEGIN:VALARM" not in lines


def test_an_empty_slot_reminds_twice_and_names_the_holiday() -> None:
    """Two days and three hours ahead; what is wanting is in the words."""
    found = holidays_of("Asia/Seoul", [2026], "ko")
    holidays = {("Asia/Seoul", day): name for day, name in found.items()}

    lines = _unfolded(calendar([EMPTY], PUBLICATION, NOW, "ko", holidays))

    assert [line for line in lines if line.startswith("TRIGGER")] == [
        "TRIGGER:-P2D", "TRIGGER:-PT3H",
    ]  # fmt: skip
    assert "STATUS:TENTATIVE" in lines
    (words,) = [line for line in lines if line.startswith("DESCRIPTION:아직 회차가 없습니다\\n")]
    assert "기독탄신일" in words


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    """Three octets a Hangul syllable: none is torn."""
    long = Appointment(
        _entry(date(2026, 11, 27), Standing.READY, 5), "가" * 60, "나\n다;라,마\\" * 9
    )

    text = calendar([long], PUBLICATION, NOW)

    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert ("나\\n다\\;라\\,마\\\\" * 9) in "".join(_unfolded(text))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_the_same_plan_gives_the_same_bytes_in_any_order() -> None:
    """A calendar program sees no change where there is none."""
    assert calendar([READY, EMPTY], PUBLICATION, NOW) == calendar([EMPTY, READY], PUBLICATION, NOW)


@pytest.mark.parametrize(
    ("zone", "language", "day", "name"),
    [
        ("Asia/Seoul", "ko", date(2026, 9, 25), "추석"),
        ("Asia/Seoul", "en", date(2026, 9, 25), "Chuseok"),
        ("Europe/Berlin", "en", date(2026, 10, 3), "German Unity Day"),
    ],
)
def test_holidays_are_those_of_the_country_of_the_zone(
    zone: str, language: str, day: date, name: str
) -> None:
    """Said in the editor's language where the country's holidays are."""
    assert holidays_of(zone, [2026], language)[day] == name


def test_a_zone_without_a_country_has_no_holidays() -> None:
    """UTC belongs to nobody."""
    assert holidays_of("UTC", [2026]) == {}
