"""Leaving: one request and nothing else, and links that open one door."""

from __future__ import annotations

from publisher.model.subscriber import Purpose, SubscriberState
from tests.audience.hand import NOON
from tests.audience.stage import Stage, find, leave, one, preferences, reader


def test_one_request_leaves_and_the_outcome_is_told(stage: Stage) -> None:
    record = reader(stage, advertising=True)

    assert stage.door.leave(leave(stage, record), "one-click") is True

    after = find(stage, "a@b.kr")
    assert after.subscriber.state is SubscriberState.LEFT
    assert after.left_at == NOON
    assert [(c.purpose, c.given, c.source) for c in after.consents[2:]] == [
        (Purpose.LETTER, False, "one-click"),
        (Purpose.ADVERTISING, False, "one-click"),
    ]
    letter = one(stage.post())
    assert "수신 거부 처리 결과" in letter.subject
    assert letter.leave_url == ""
    assert stage.door.leave(leave(stage, record), "one-click") is True
    assert stage.post() == []


def test_looking_at_a_leave_link_changes_nothing(small: Stage) -> None:
    record = reader(small)
    assert small.door.leaver(leave(small, record)) == record
    assert find(small, "a@b.kr") == record


def test_links_open_one_door_each(small: Stage) -> None:
    record = reader(small)
    assert small.door.leave(preferences(small, record), "x") is False
    assert small.door.preferences(leave(small, record)) is None
    assert small.door.confirm(leave(small, record)) is None
    assert small.door.wish(preferences(small, record)) is None
    assert find(small, "a@b.kr") == record


def test_many_leave_in_one_transaction(stage: Stage) -> None:
    records = [reader(stage, f"r{n}@b.kr") for n in range(5)]
    tokens = [(leave(stage, record), "storm") for record in records]

    assert stage.door.leave_all([*tokens, ("rubbish", "storm")]) == [True] * 5 + [False]
    assert {r.subscriber.state for r in stage.subscribers.each()} == {SubscriberState.LEFT}
