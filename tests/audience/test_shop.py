"""A shop's list makes memberships and nothing else: no consent, no return of who left."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from publisher.audience.shop import Synced, sync_members
from publisher.audience.subscribers import Added
from publisher.model.episode import Audience
from publisher.model.problem import Problem
from publisher.model.readership import Record
from publisher.model.subscriber import SubscriberState
from publisher.store.subscribers import Register
from tests.audience.hand import Hand
from tests.audience.stage import Stage

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def stage(register: Register, clock: Hand) -> Stage:
    """A list with two members, a free reader and one who left."""
    made = Stage(register, clock)
    for address, audience in (
        *(("stays@b.kr", Audience.MEMBERS), ("ends@b.kr", Audience.MEMBERS)),
        *(("free@b.kr", Audience.FREE), ("left@b.kr", Audience.FREE)),
    ):
        added = made.subscribers.add(address, audience=audience, notify=False)
        assert isinstance(added, Added)
    made.subscribers.remove("left@b.kr", notify=False)
    return made


def synced(stage: Stage, text: str, *, dry_run: bool = False) -> Synced:
    file = io.BytesIO(text.encode())
    done = sync_members(
        file, "m.csv", stage.register, stage.clock(), SEOUL, consent="받겠습니다.", dry_run=dry_run
    )
    assert isinstance(done, Synced), done
    return done


def reader(stage: Stage, address: str) -> Record:
    found = stage.subscribers.find(address)
    assert isinstance(found, Record), found
    return found


def audiences(stage: Stage) -> dict[str, str]:
    return {
        record.subscriber.address.partition("@")[0]: str(record.subscriber.audience)
        for record in stage.subscribers.each()
    }


def test_who_is_in_the_file_is_a_member_and_who_is_not_is_none(stage: Stage) -> None:
    """To the end of the day it names; whose membership ends stays a reader."""
    done = synced(stage, "email,members_until\nstays@b.kr,\nFREE@b.kr,2027-03-31\n")

    assert done.counts == {
        "granted": 1, "changed": 0, "same": 1, "asked": 0, "ended": 1, "kept": 0, "shut_out": 0,
    }  # fmt: skip
    assert audiences(stage) == {
        "stays": "members",
        "ends": "free",
        "free": "members",
        "left": "free",
    }
    until = reader(stage, "free@b.kr").subscriber.members_until
    assert until == datetime(2027, 4, 1, tzinfo=SEOUL)
    assert reader(stage, "ends@b.kr").subscriber.state is SubscriberState.ACTIVE


def test_taking_the_same_file_twice_changes_nothing_more(stage: Stage) -> None:
    text = "email,members_until\nstays@b.kr,2027-03-31\nnew@b.kr,\n"
    assert synced(stage, text).counts["changed"] == 1

    again = synced(stage, text).counts

    assert again == dict.fromkeys(again, 0) | {"same": 2}


def test_a_newcomer_is_asked_once_and_who_left_is_not(stage: Stage) -> None:
    """Paying is not consenting: no letter before the mailbox has said yes."""
    text = "email\nstays@b.kr\nends@b.kr\nnew@b.kr\nleft@b.kr\n"
    done = synced(stage, text)
    synced(stage, text)

    assert (done.asked, done.granted) == (1, 1)
    assert [letter.address for letter in stage.post()] == ["new@b.kr"]
    assert reader(stage, "new@b.kr").subscriber.state is SubscriberState.PENDING
    assert reader(stage, "left@b.kr").subscriber.state is SubscriberState.LEFT


def test_who_was_erased_or_wants_no_mail_is_left_alone(stage: Stage) -> None:
    stage.subscribers.erase("free@b.kr")
    stage.subscribers.suppress("never@b.kr")

    done = synced(stage, "email\nstays@b.kr\nends@b.kr\nfree@b.kr\nnever@b.kr\n")

    assert (done.shut_out, done.asked) == (2, 0)
    assert stage.post() == []
    assert "free" not in audiences(stage)


@pytest.mark.parametrize(
    "text",
    ["email\nstays@b.kr\nnot an address\n", "email,members_until\nstays@b.kr,soon\n", "email\n"],
)
def test_a_file_that_may_not_be_whole_ends_nobody(stage: Stage, text: str) -> None:
    """A row that cannot be read might have named anybody."""
    done = synced(stage, text)

    assert done.ended == 0
    assert done.kept >= 1
    assert audiences(stage)["ends"] == "members"


def test_who_the_file_calls_free_is_no_member(stage: Stage) -> None:
    done = synced(stage, "email,audience\nstays@b.kr,members\nends@b.kr,free\n")

    assert (done.same, done.ended) == (1, 1)


def test_a_dry_run_says_the_same_and_changes_nothing(stage: Stage) -> None:
    before = audiences(stage)
    text = "email\nstays@b.kr\nnew@b.kr\n"

    tried = synced(stage, text, dry_run=True)

    assert audiences(stage) == before
    assert stage.post() == []
    assert tried == synced(stage, text)


def test_an_ended_members_feed_is_closed(stage: Stage) -> None:
    """The secret address answers no more."""
    record = reader(stage, "ends@b.kr")
    with stage.register.change() as book:
        book.add_feed("fingerprint", record.subscriber.id, datetime(2026, 11, 1, tzinfo=UTC))
    synced(stage, "email\nstays@b.kr\n")

    with stage.register.look() as book:
        assert book.has_feed(record.subscriber.id) is False


@pytest.mark.parametrize(("data", "code"), [(b"", "import/empty"), (b"a,b\n1,2\n", None)])
def test_a_file_without_addresses_is_one_problem(
    stage: Stage, data: bytes, code: str | None
) -> None:
    found = sync_members(io.BytesIO(data), "m.csv", stage.register, stage.clock(), SEOUL)

    assert isinstance(found, Problem)
    assert found.code == (code or "import/no-address-column")
