"""A release to a part of the list reaches that part, whatever happens in between, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from publisher.delivery import Dispatch, run_due
from publisher.delivery.by_hand import ByHand, release_by_hand
from publisher.model.delivery import DeliveryState as S
from publisher.model.episode import Audience, Kind
from publisher.model.readership import EVERYBODY, Segment
from publisher.model.release import ReleaseState
from publisher.store.reach import reach
from publisher.store.schema import subscriber_series, subscribers
from publisher.store.segments import segment_of, written
from publisher.transport.outbox import Outbox
from tests.delivery.house import BEFORE, FRIDAY, SLOT, House, readers

NAVER = readers(6)
DAUM = readers(5, "daum.example")
AT_NAVER = Segment("naver", domains=("naver.example",))


@pytest.fixture
def office(house: House) -> House:
    """A house with readers of two domains, some of them members; the third at naver consents to nothing."""
    house.subscribe([*NAVER[:2], *NAVER[3:], *DAUM], members=[*NAVER[:3], *DAUM[:1]])
    house.subscribe(NAVER[2:3], purposes=())
    house.now.at = BEFORE
    run_due(house.office, BEFORE)
    house.now.at = FRIDAY
    return house


def opened(house: House, segment: Segment) -> ByHand:
    return release_by_hand(house.office, "slow", 1, SLOT, FRIDAY, segment=segment)


def got(folder: Path) -> set[str]:
    """Give the addresses of the mails in an outbox."""
    heads = [path.read_bytes().partition(b"\r\n\r\n")[0] for path in folder.rglob("*.eml")]
    return {
        line[4:].decode() for head in heads for line in head.split(b"\r\n") if line[:4] == b"To: "
    }


def test_only_consenting_readers_of_the_segment_are_mailed(office: House, tmp_path: Path) -> None:
    done = opened(office, AT_NAVER)
    assert done.release is not None
    assert done.release.segment == "naver"

    Dispatch(office.office).run()

    assert got(tmp_path / "outbox") == set(NAVER) - {NAVER[2]}
    assert office.deliveries.counts(done.release.id)[S.SENT] == 5
    assert sum(office.deliveries.counts(done.release.id).values()) == 5
    (release,) = office.releases.listed()
    assert (release.state, release.segment) == (ReleaseState.COMPLETE, "naver")


def test_after_a_crash_the_same_readers_are_cut_whatever_the_settings_say_now(
    office: House, tmp_path: Path
) -> None:
    office.with_policy(chunk=2)
    done = opened(office, AT_NAVER)
    assert done.release is not None
    assert office.deliveries.claim(done.release.id, "gone", 2, FRIDAY) is not None

    fresh = House(office.database, lambda: Outbox(tmp_path / "outbox"), owner="heir")
    fresh.with_policy(chunk=2)
    fresh.now.at = FRIDAY
    again = opened(fresh, replace(AT_NAVER, domains=("daum.example",)))
    assert (again.opened, again.problems) == (False, ())
    Dispatch(fresh.office).run()

    assert got(tmp_path / "outbox") == set(NAVER) - {NAVER[2]}


def test_going_on_without_naming_the_segment_stays_within_it(office: House) -> None:
    opened(office, AT_NAVER)

    again = opened(office, EVERYBODY)
    assert again.release is not None
    Dispatch(office.office).run()

    assert (again.opened, again.release.segment) == (False, "naver")
    assert office.deliveries.counts(again.release.id)[S.SENT] == 5


@pytest.mark.parametrize(
    ("first", "code"),
    [(EVERYBODY, "delivery/for-everybody"), (Segment("daum"), "delivery/for-others")],
)
def test_what_was_opened_for_others_is_told_and_stays_theirs(
    office: House, first: Segment, code: str
) -> None:
    opened(office, first)

    again = opened(office, AT_NAVER)

    assert again.release is None
    assert [problem.code for problem in again.problems] == [code]
    assert [release.segment for release in office.releases.listed()] == [first.name]


def test_cancelling_withholds_from_the_segment_alone(office: House) -> None:
    done = opened(office, AT_NAVER)
    assert done.release is not None
    office.releases.change(done.release.id, ReleaseState.CANCELLED, "by hand", FRIDAY)

    assert office.deliveries.withhold_rest(done.release.id, "by hand", FRIDAY) == 5


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (Segment("m", audience=Audience.MEMBERS), {NAVER[0], DAUM[0]}),
        (Segment("d", domains=("daum.example",), audience=Audience.FREE), {NAVER[1], *DAUM[1:]}),
        (Segment("s", series=("other",)), {DAUM[4]}),
        (Segment("new", since=BEFORE + timedelta(seconds=1)), set()),
        (Segment("old", before=BEFORE + timedelta(seconds=1)), {*NAVER, *DAUM} - {NAVER[2]}),
    ],
)
def test_every_filter_means_the_same_to_the_plan_and_to_the_release(
    office: House, tmp_path: Path, segment: Segment, expected: set[str]
) -> None:
    """The second of naver moved to daum and let a membership lapse; the last of daum reads another series too."""
    with office.database.write() as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.key == NAVER[1])
            .values(members_until=FRIDAY - timedelta(days=1), key=f"x{DAUM[0]}")
        )
        known = connection.execute(select(subscribers.c.key, subscribers.c.id)).all()
        rows = [
            {"subscriber_id": number, "series": slug}
            for key, number in known
            for slug in (("slow", "other") if key == DAUM[4] else ("slow",))
        ]
        connection.execute(insert(subscriber_series), rows)
    kinds = dict.fromkeys(Audience, Kind.LETTER)
    planned, _ = reach(office.database, "slow", kinds, SLOT.instant, segment)

    opened(office, segment)
    Dispatch(office.office).run()

    assert got(tmp_path / "outbox") == expected
    assert sum(planned.values()) == len(expected)


def test_a_segment_comes_back_from_the_ledger_as_it_was() -> None:
    whole = Segment(
        "온전", ("a", "b"), Audience.MEMBERS, BEFORE, FRIDAY, ("naver.example",), None, "김"
    )

    assert segment_of(written(whole)) == whole
    assert segment_of(written(Segment("bare"))) == Segment("bare")
    assert (written(EVERYBODY), segment_of("")) == ("", EVERYBODY)
