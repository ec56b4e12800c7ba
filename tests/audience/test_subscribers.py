"""The list in the hands of its editor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from publisher.audience.standing import is_member
from publisher.audience.subscribers import Added, Subscribers
from publisher.audience.tokens import tombstone
from publisher.model.episode import Audience
from publisher.model.problem import Problem
from publisher.model.readership import NoticeKind, Record, Segment
from publisher.model.subscriber import Purpose, SubscriberState, SuppressionReason
from publisher.store.subscribers import Register
from tests.audience.hand import NOON, Hand


def added(result: Added | Problem) -> Record:
    assert isinstance(result, Added), result
    return result.record


def good(result: Record | Problem) -> Record:
    assert isinstance(result, Record), result
    return result


def code(result: object) -> str:
    assert isinstance(result, Problem), result
    assert result.message
    assert result.remedy
    return result.code


def test_an_added_reader_is_active_with_a_consent_on_record(subscribers: Subscribers) -> None:
    added(
        subscribers.add(
            "Kim@Naver.COM", name="김독자", series=["b", "a"], consent="구두 동의", locale="en"
        )
    )

    record = good(subscribers.find("kim@naver.com"))

    who = record.subscriber
    assert (who.address, who.key, who.name) == ("Kim@naver.com", "kim@naver.com", "김독자")
    assert (who.state, who.audience) == (SubscriberState.ACTIVE, Audience.FREE)
    assert (who.series, who.locale, who.since, who.source) == (("a", "b"), "en", NOON, "by hand")
    assert [(c.purpose, c.given, c.at, c.text) for c in record.consents] == [
        (Purpose.LETTER, True, NOON, "구두 동의")
    ]
    assert record.left_at is None


def test_adding_twice_is_adding_once(subscribers: Subscribers) -> None:
    first = added(subscribers.add("a@b.kr"))
    again = subscribers.add("A@B.kr")

    assert isinstance(again, Added)
    assert (again.new, again.changed) == (False, False)
    assert again.record == first
    assert subscribers.count() == 1


def test_leaving_withdraws_every_consent_and_is_told(
    subscribers: Subscribers, register: Register, clock: Hand
) -> None:
    added(subscribers.add("a@b.kr", advertising=True))
    clock.forward(days=1)

    record = good(subscribers.remove("a@b.kr"))

    assert record.subscriber.state is SubscriberState.LEFT
    assert record.left_at == clock.now
    assert [(c.purpose, c.given) for c in record.consents] == [
        (Purpose.LETTER, True),
        (Purpose.ADVERTISING, True),
        (Purpose.LETTER, False),
        (Purpose.ADVERTISING, False),
    ]
    with register.look() as book:
        owed = book.owed(clock.now)
    assert [(n.kind, n.about) for n in owed] == [
        (NoticeKind.CONSENT, NOON),
        (NoticeKind.WITHDRAWAL, clock.now),
    ]
    assert good(subscribers.find("a@b.kr")) == record


def test_leaving_twice_is_leaving_once(subscribers: Subscribers, register: Register) -> None:
    added(subscribers.add("a@b.kr", notify=False))
    first = good(subscribers.remove("a@b.kr"))
    assert good(subscribers.remove("a@b.kr")) == first
    with register.look() as book:
        assert len(book.owed(NOON)) == 1


def test_who_left_cannot_be_put_back_by_others(subscribers: Subscribers) -> None:
    added(subscribers.add("a@b.kr"))
    good(subscribers.remove("a@b.kr"))

    assert code(subscribers.add("a@b.kr")) == "subscribers/left"
    assert good(subscribers.find("a@b.kr")).subscriber.state is SubscriberState.LEFT


def test_who_is_not_on_the_list_is_said_so(subscribers: Subscribers) -> None:
    for verb in (subscribers.remove, subscribers.find, subscribers.grant, subscribers.revoke):
        assert code(verb("a@b.kr")) == "subscribers/unknown"
        assert code(verb("a@b")) == "address/domain"


def test_a_membership_lasts_until_its_end(subscribers: Subscribers, clock: Hand) -> None:
    added(subscribers.add("a@b.kr"))
    end = NOON + timedelta(days=30)
    record = good(subscribers.grant("a@b.kr", end))

    assert record == good(subscribers.find("a@b.kr"))
    assert is_member(record, end - timedelta(seconds=1))
    assert not is_member(record, end)
    assert is_member(good(subscribers.grant("a@b.kr")), NOON + timedelta(days=9999))
    revoked = good(subscribers.revoke("a@b.kr"))
    assert (revoked.subscriber.audience, revoked.subscriber.members_until) == (Audience.FREE, None)


def test_revoking_closes_the_members_feed(subscribers: Subscribers, register: Register) -> None:
    record = added(subscribers.add("a@b.kr", audience=Audience.MEMBERS))
    with register.change() as book:
        book.add_feed("f" * 64, record.subscriber.id, NOON)
        assert book.feed("f" * 64) == (record.subscriber.id, False)

    subscribers.revoke("a@b.kr")

    with register.look() as book:
        assert book.feed("f" * 64) == (record.subscriber.id, True)
        assert not book.has_feed(record.subscriber.id)


def test_erasing_leaves_only_a_tombstone(subscribers: Subscribers, register: Register) -> None:
    record = added(subscribers.add("a@b.kr", name="김독자"))
    with register.change() as book:
        book.paid("evt_1", "a@b.kr", "granted", NOON, NOON)
        book.add_feed("f" * 64, record.subscriber.id, NOON)

    assert subscribers.erase("A@b.kr") is True

    assert code(subscribers.find("a@b.kr")) == "subscribers/unknown"
    assert code(subscribers.add("a@b.kr")) == "subscribers/erased"
    with register.look() as book:
        trace = book.trace(record.subscriber.id, "a@b.kr")
        assert (trace.wishes, trace.notices, trace.payments, trace.feeds) == ((), (), (), ())
        assert book.feed("f" * 64) == (0, True)
        (stone,) = book.strays()
    assert (stone.key, stone.reason, stone.note) == (
        tombstone("a@b.kr"),
        SuppressionReason.ERASED,
        "",
    )
    assert subscribers.erase("a@b.kr") is False


def test_a_suppressed_address_is_not_added(subscribers: Subscribers) -> None:
    subscribers.suppress("a@b.kr", "항의 전화")

    assert code(subscribers.add("a@b.kr")) == "subscribers/suppressed"


def test_segments_narrow_the_list(subscribers: Subscribers, clock: Hand) -> None:
    added(subscribers.add("all@naver.com", name="모두"))
    clock.forward(days=10)
    added(subscribers.add("one@gmail.com", series=["a"], audience=Audience.MEMBERS))
    added(subscribers.add("two@naver.com", series=["b"]))
    added(subscribers.add("three@notnaver.com", series=["a", "b"]))
    good(subscribers.remove("two@naver.com"))

    def who(segment: Segment) -> list[str]:
        found = [r.subscriber.key.partition("@")[0] for r in subscribers.each(segment)]
        assert subscribers.count(segment) == len(found)
        return found

    assert who(Segment()) == ["all", "one", "two", "three"]
    assert who(Segment(series=("a",))) == ["all", "one", "three"]
    assert who(Segment(series=("b",), domains=("naver.com",))) == ["all", "two"]
    assert who(Segment(audience=Audience.MEMBERS)) == ["one"]
    assert who(Segment(since=NOON + timedelta(days=1))) == ["one", "two", "three"]
    assert who(Segment(before=NOON + timedelta(days=1))) == ["all"]
    assert who(Segment(state=SubscriberState.LEFT)) == ["two"]
    assert who(Segment(named="모두")) == ["all"]
    assert who(Segment(named="%")) == []


def test_a_walk_never_holds_the_list(subscribers: Subscribers) -> None:
    for number in range(7):
        added(subscribers.add(f"r{number}@b.kr", notify=False))

    assert [r.subscriber.key for r in subscribers.each(limit=3)] == [
        "r0@b.kr",
        "r1@b.kr",
        "r2@b.kr",
    ]
    assert len(list(subscribers.each())) == 7


@pytest.mark.parametrize("end", [datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=UTC), None])
def test_instants_survive_the_store(subscribers: Subscribers, end: datetime | None) -> None:
    added(subscribers.add("a@b.kr", audience=Audience.MEMBERS, members_until=end))
    assert good(subscribers.find("a@b.kr")).subscriber.members_until == end
