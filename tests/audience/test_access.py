"""What a person who asks is told."""

from __future__ import annotations

import json

from publisher.audience.access import everything_about
from publisher.audience.door import SignUp
from publisher.audience.subscribers import Added
from publisher.model.episode import Audience
from publisher.store.subscribers import Register
from tests.audience.hand import NOON, Hand
from tests.audience.stage import Stage


def test_everything_that_is_known_is_told(register: Register, clock: Hand) -> None:
    stage = Stage(register, clock)
    stage.door.sign_up(SignUp("Kim@Naver.com", text="동의합니다", source="web 203.0.113.0/24"))
    added = stage.subscribers.add("kim@naver.com", name="김독자", audience=Audience.MEMBERS)
    assert isinstance(added, Added)
    with register.change() as book:
        book.paid("evt_1", "kim@naver.com", "granted", NOON, NOON)
        book.add_feed("f" * 64, added.record.subscriber.id, NOON)
    stage.post()

    told = everything_about(register, "kim@naver.com")

    assert isinstance(told, dict)
    text = json.dumps(told, ensure_ascii=False)
    assert told["subscriber"]["name"] == "김독자"
    assert [act["purpose"] for act in told["consents"]] == ["letter"]
    assert [wish["text"] for wish in told["requests"]] == ["동의합니다"]
    assert [mail["kind"] for mail in told["mails_about_the_subscription"]] == ["confirm", "consent"]
    assert [payment["kind"] for payment in told["payments"]] == ["granted"]
    assert told["feeds"] == [{"created_at": NOON.isoformat(), "revoked_at": ""}]
    assert "f" * 64 not in text
    assert told["suppression"] is None


def test_after_erasure_only_the_tombstone_is_left(register: Register, clock: Hand) -> None:
    stage = Stage(register, clock)
    stage.subscribers.add("kim@naver.com")
    stage.subscribers.erase("kim@naver.com")

    told = everything_about(register, "kim@naver.com")

    assert isinstance(told, dict)
    left = {key: value for key, value in told.items() if value}
    assert left == {"address": "kim@naver.com", "erased_at": NOON.isoformat()}
