"""What surrounds an episode is derived from files, calendar and history, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from publisher.model.body import Body
from publisher.model.calendar import Past, Standing
from publisher.model.episode import Correction, Course, Episode, Series, Status
from publisher.model.history import History, Published, guid_of
from publisher.model.publication import Publication, Sender
from publisher.model.slot import Cadence, Slot
from publisher.press.table import Table, by_slug

SEOUL = "Asia/Seoul"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
FRIDAY = Slot(datetime(2026, 11, 27, 17), SEOUL)
LAST_FRIDAY = Slot(datetime(2026, 11, 20, 17), SEOUL)
PUBLICATION = Publication(
    "느린 신호", "https://slow-signal.example", SEOUL, "ko", Sender("느린 신호", "a@b.example")
)


def series(course: Course = Course.RUNNING) -> Series:
    cadence = Cadence(weekday=4, at=time(17), timezone=SEOUL)
    return Series(
        "s", "연재", "episodes/s/series.toml", tags=("AI",), cadence=cadence, course=course
    )


def episode(number: int, status: Status = Status.READY, *tags: str) -> Episode:
    return Episode(
        series="s",
        number=number,
        slug="x",
        path=f"episodes/s/{number:02d}-x.md",
        title=f"제목 {number}",
        status=status,
        body=Body(),
        text="",
        digest="",
        tags=("AI", *tags),
        teaser=f"예고 {number}",
    )


def table(*episodes: Episode, history: History | None = None, one: Series | None = None) -> Table:
    one = one or series()
    return Table(PUBLICATION, by_slug([one]), episodes, {"s": history or History()}, NOW)


def released(number: int, slot: Slot) -> History:
    return History(
        since=NOW - timedelta(days=90),
        past=(Past(slot, Standing.RELEASED, number),),
        published=(Published("s", number, slot, guid_of(PUBLICATION.url, "s", number, slot)),),
    )


def test_the_next_box_speaks_of_the_following_number_and_its_expected_slot() -> None:
    one, two = episode(1), episode(2, Status.DRAFT)

    setting = table(one, two).setting(one, FRIDAY, {})

    assert setting.next is not None
    assert (setting.next.number, setting.next.teaser) == (2, "예고 2")
    assert setting.next.slot == Slot(datetime(2026, 12, 4, 17), SEOUL)
    assert not setting.finale


def test_the_last_of_a_finished_series_says_so() -> None:
    one = episode(1)

    setting = table(one, one=series(Course.FINISHED)).setting(one, FRIDAY, {})

    assert setting.finale
    assert setting.next is None


def test_only_what_is_out_is_previous_or_related() -> None:
    """Two shares a tag with one and with three; three is later and not out."""
    one, two, three = (episode(n, Status.READY, "칩") for n in (1, 2, 3))
    laid = table(one, two, three, history=released(1, LAST_FRIDAY))

    setting = laid.setting(two, FRIDAY, laid.published())

    assert setting.previous is not None
    assert setting.previous.number == 1
    assert [near.number for near in setting.related] == [1]


def test_tags_of_the_whole_series_make_nothing_related() -> None:
    one, two = episode(1), episode(2)
    laid = table(one, two, history=released(1, LAST_FRIDAY))

    assert laid.setting(two, FRIDAY, laid.published()).related == ()


def test_expected_slots_follow_the_numbers_from_the_next_free_slot() -> None:
    laid = table(episode(2), episode(3), history=released(1, LAST_FRIDAY))

    assert laid.expected("s") == {2: FRIDAY, 3: Slot(datetime(2026, 12, 4, 17), SEOUL)}


def test_a_guid_names_host_date_series_and_number() -> None:
    assert guid_of(PUBLICATION.url, "s", 3, FRIDAY) == "tag:slow-signal.example,2026-11-27:s/3"
    assert (
        guid_of(PUBLICATION.url, "칩", 3, FRIDAY)
        == "tag:slow-signal.example,2026-11-27:%EC%B9%A9/3"
    )


def test_a_correction_counts_from_its_day_on() -> None:
    """One that is dated ahead moves no date: no feed may say it changed tomorrow."""
    slot = Slot(datetime(2026, 11, 13, 17), SEOUL)
    corrected = replace(
        episode(1),
        corrections=(
            Correction(date(2026, 11, 20), "고침"),
            Correction(date(2026, 11, 24), "앞날"),
        ),
    )

    def updated(now: datetime) -> datetime:
        made = Table(PUBLICATION, by_slug([series()]), (corrected,), {}, now)
        return made.setting(corrected, slot, {}).updated

    assert updated(NOW) == datetime(2026, 11, 19, 15, tzinfo=UTC)
    assert updated(datetime(2026, 11, 23, 15, tzinfo=UTC)) == datetime(2026, 11, 23, 15, tzinfo=UTC)
