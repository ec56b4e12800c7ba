"""From the slot to the mail, once: over an outbox, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.delivery import run_due
from publisher.delivery.ports import Serial
from publisher.model.delivery import DeliveryState as S
from publisher.model.episode import Audience, Status
from publisher.model.problem import Place
from publisher.model.release import ReleaseState
from tests.delivery.house import (
    BEFORE,
    FRIDAY,
    SERIES,
    SLOT,
    UNWRITABLE,
    House,
    episode,
    readers,
)


def mails(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((tmp_path / "outbox").rglob("*.eml"))]


def begin(house: House) -> None:
    """Let the ledger begin to watch, before the slot."""
    house.now.at = BEFORE
    run_due(house.office, BEFORE)
    house.now.at = FRIDAY


def test_at_the_slot_every_reader_gets_one_mail(house: House, tmp_path: Path) -> None:
    house.subscribe(readers(7), members=readers(2))
    begin(house)
    assert mails(tmp_path) == []

    ran = run_due(house.office, FRIDAY)

    release = house.releases.find("slow", 1)
    assert release is not None
    assert release.slot == SLOT
    assert release.state is ReleaseState.COMPLETE
    assert [opened.name for opened in ran.decided.opened] == ["slow/01"]
    assert house.deliveries.counts(release.id)[S.SENT] == 7
    found = mails(tmp_path)
    assert len(found) == 7
    assert sorted(line for mail in found for line in mail.split(b"\r\n") if line[:3] == b"To:") == [
        f"To: {address}".encode() for address in readers(7)
    ]
    assert house.press.laid_out == ["slow/01"]


def test_running_again_changes_nothing(house: House, tmp_path: Path) -> None:
    house.subscribe(readers(3))
    begin(house)
    run_due(house.office, FRIDAY)
    before = mails(tmp_path)

    again = run_due(house.office, FRIDAY)
    house.now.at = FRIDAY + timedelta(hours=1)
    later = run_due(house.office, house.now.at)

    assert again.decided.opened == later.decided.opened == ()
    assert again.rest.sent == later.rest.sent == 0
    assert mails(tmp_path) == before
    assert len(house.releases.listed()) == 1


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 11])
def test_every_size_of_list_around_a_chunk(house: House, count: int) -> None:
    house.with_policy(chunk=5).subscribe(readers(count))
    begin(house)

    run_due(house.office, FRIDAY)

    (release,) = house.releases.listed()
    assert release.state is ReleaseState.COMPLETE
    assert sum(house.deliveries.counts(release.id).values()) == count
    assert house.deliveries.counts(release.id)[S.SENT] == count
    assert house.deliveries.claims() == []


def test_the_slot_finds_it_prepared(house: House) -> None:
    house.subscribe(readers(1))
    begin(house)
    house.now.at = FRIDAY - timedelta(minutes=9)

    ran = run_due(house.office, house.now.at)

    (prepared,) = house.releases.listed()
    assert prepared.state is ReleaseState.PREPARED
    assert ran.wake == FRIDAY
    assert {e.audience for e in house.releases.editions(prepared.id)} == set(Audience)
    run_due(house.office, FRIDAY)
    assert [release.state for release in house.releases.listed()] == [ReleaseState.COMPLETE]


def test_what_is_frozen_comes_back_as_it_was(house: House) -> None:
    begin(house)
    run_due(house.office, FRIDAY)

    (release,) = house.releases.listed()
    editions = house.releases.editions(release.id)

    assert editions == list(house.press.prepare("slow", 1, SLOT).editions)
    assert house.releases.messages(release.id)[Audience.FREE] == editions[0].message


def test_nothing_ready_is_told_a_day_ahead_and_held_at_the_slot(house: House) -> None:
    house.press.shelf = [Serial(SERIES, (episode(1, Status.DRAFT),))]
    begin(house)
    house.now.at = FRIDAY - timedelta(hours=23)
    run_due(house.office, house.now.at)
    assert house.bell.codes == ["delivery/nothing-ready"]

    run_due(house.office, FRIDAY)
    run_due(house.office, FRIDAY)

    assert house.bell.codes == ["delivery/nothing-ready", "delivery/held-not-ready"]
    assert house.releases.listed() == []
    (past,) = house.releases.histories()["slow"].past
    assert (past.slot, past.standing, past.number) == (SLOT, "held", None)


def test_an_episode_with_an_error_is_held_and_says_so(house: House) -> None:
    house.subscribe(readers(2))
    house.press.broken = {1}
    begin(house)

    ran = run_due(house.office, FRIDAY)

    assert house.releases.listed() == []
    assert "tests/broken" in [problem.code for problem in ran.decided.problems]
    assert house.bell.codes == ["delivery/not-prepared", "delivery/held-not-ready"]


def test_no_mail_leaves_before_its_page_is_on_the_site(house: House, tmp_path: Path) -> None:
    house.subscribe(readers(2))
    begin(house)
    house.press.site_fault = [UNWRITABLE.at(Place("public"))]

    run_due(house.office, FRIDAY)
    assert mails(tmp_path) == []
    assert house.bell.codes == ["delivery/not-laid-out"]

    house.press.site_fault = []
    run_due(house.office, FRIDAY)
    assert len(mails(tmp_path)) == 2
