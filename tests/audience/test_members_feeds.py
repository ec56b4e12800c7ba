"""A member's own feed: a secret that can be changed, and is closed with the membership."""

from __future__ import annotations

from datetime import timedelta

from publisher.audience.feeds import Access
from publisher.model.episode import Audience
from tests.audience.hand import NOON
from tests.audience.stage import Stage, leave, preferences, reader


def test_a_members_feed_is_a_secret_that_can_be_changed(stage: Stage) -> None:
    record = reader(stage, audience=Audience.MEMBERS, members_until=NOON + timedelta(days=10))
    token = preferences(stage, record)
    first = stage.feeds.issue(token)
    assert first is not None
    assert stage.feeds.access(first) is Access.OPEN

    second = stage.feeds.issue(token)

    assert second is not None
    assert second != first
    assert stage.feeds.access(first) is Access.REVOKED
    assert stage.feeds.access(second) is Access.OPEN
    assert stage.feeds.access("x" * 43) is Access.UNKNOWN
    assert stage.feeds.access("x") is Access.UNKNOWN
    stage.clock.forward(days=10)
    assert stage.feeds.access(second) is Access.REVOKED
    assert stage.feeds.issue(token) is None


def test_a_free_reader_has_no_members_feed(small: Stage) -> None:
    record = reader(small)
    assert small.feeds.issue(preferences(small, record)) is None
    assert small.feeds.issue(leave(small, record)) is None


def test_a_members_feed_closes_on_request_and_on_leaving(small: Stage) -> None:
    record = reader(small, audience=Audience.MEMBERS)
    token = preferences(small, record)
    secret = small.feeds.issue(token)
    assert secret is not None
    assert small.feeds.has(record.subscriber.id)
    assert small.feeds.revoke(token)
    assert not small.feeds.has(record.subscriber.id)
    again = small.feeds.issue(token)
    assert again is not None
    small.door.leave(leave(small, record), "x")
    assert small.feeds.access(again) is Access.REVOKED
