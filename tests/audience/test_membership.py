"""What payment services tell us."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from publisher.audience.membership import Membership, Receipt, signed
from publisher.audience.subscribers import Added
from publisher.model.episode import Audience
from publisher.model.readership import Record
from publisher.model.subscriber import SubscriberState
from tests.audience.hand import NOON
from tests.audience.stage import Stage

SECRET = b"shared with the shop only"


def event(kind: str = "granted", **values: object) -> bytes:
    data = {
        "id": "evt_1",
        "type": kind,
        "address": "Kim@Naver.com",
        "at": "2026-11-21T20:59:00+09:00",
        **values,
    }
    return json.dumps(data).encode()


def send(stage: Stage, body: bytes, secret: bytes = SECRET) -> Receipt:
    hook = Membership(stage.register, [b"new secret of the shop", SECRET], stage.clock, "동의")
    return hook.receive(signed(secret, stage.clock.now, body), body)


def reader(stage: Stage) -> None:
    assert isinstance(stage.subscribers.add("kim@naver.com", notify=False), Added)


def find(stage: Stage) -> Record:
    record = stage.subscribers.find("kim@naver.com")
    assert isinstance(record, Record)
    return record


def test_a_reader_becomes_a_member_and_ceases_to_be_one(stage: Stage) -> None:
    reader(stage)
    until = "2027-01-01T00:00:00+09:00"
    assert send(stage, event(until=until)) is Receipt.TAKEN
    who = find(stage).subscriber
    assert who.audience is Audience.MEMBERS
    assert who.members_until == datetime(2026, 12, 31, 15, tzinfo=UTC)

    assert (
        send(stage, event("revoked", id="evt_2", at="2026-11-21T21:00:00+09:00")) is Receipt.TAKEN
    )
    assert find(stage).subscriber.audience is Audience.FREE


def test_the_same_event_counts_once(stage: Stage) -> None:
    reader(stage)
    assert send(stage, event()) is Receipt.TAKEN
    stage.subscribers.revoke("kim@naver.com")
    stage.clock.forward(minutes=1)
    assert send(stage, event()) is Receipt.KNOWN
    assert find(stage).subscriber.audience is Audience.FREE


def test_an_older_event_never_undoes_a_newer_one(stage: Stage) -> None:
    reader(stage)
    assert send(stage, event("revoked", id="b", at="2026-11-21T21:00:00+09:00")) is Receipt.TAKEN
    assert send(stage, event("granted", id="a", at="2026-11-21T20:00:00+09:00")) is Receipt.KNOWN
    assert find(stage).subscriber.audience is Audience.FREE


def test_a_buyer_nobody_knows_is_asked_before_any_letter(stage: Stage) -> None:
    assert send(stage, event()) is Receipt.TAKEN
    assert find(stage).subscriber.state is SubscriberState.PENDING
    (letter,) = stage.post()
    assert "구독 신청을 확인" in letter.subject

    assert stage.door.confirm(stage.token(letter, "subscribe")) is not None

    who = find(stage)
    assert (who.subscriber.state, who.subscriber.audience) == (
        SubscriberState.ACTIVE,
        Audience.MEMBERS,
    )
    assert who.consents[0].text == "동의"


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=1,v1=00",
        "v1=00",
        "t=x,v1=00",
        "t=1" + ",v1=00" * 1000,
        "t=" + "9" * 400 + ",v1=00",
    ],
)
def test_an_unsigned_request_is_refused(stage: Stage, signature: str) -> None:
    hook = Membership(stage.register, [SECRET], stage.clock)
    assert hook.receive(signature, event()) is Receipt.UNSIGNED


def test_a_request_signed_by_others_or_altered_is_refused(stage: Stage) -> None:
    assert send(stage, event(), b"another secret") is Receipt.UNSIGNED
    hook = Membership(stage.register, [SECRET], stage.clock)
    header = signed(SECRET, NOON, event())
    assert hook.receive(header, event() + b" ") is Receipt.UNSIGNED
    later = header.replace(f"t={int(NOON.timestamp())}", f"t={int(NOON.timestamp()) + 1}")
    assert hook.receive(later, event()) is Receipt.UNSIGNED


def test_without_a_secret_nobody_is_believed(stage: Stage) -> None:
    hook = Membership(stage.register, [], stage.clock)
    assert hook.receive(signed(b"", NOON, event()), event()) is Receipt.UNSIGNED


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_replayed_request_is_stale(stage: Stage, seconds: int) -> None:
    hook = Membership(stage.register, [SECRET], stage.clock)
    header = signed(SECRET, NOON + timedelta(seconds=seconds), event())
    assert hook.receive(header, event()) is Receipt.STALE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        event("bought"),
        event(address="kim@naver"),
        event(at="2026-11-21T20:59:00"),
        event(until="soon"),
        event(id=""),
        event(id="x" * 201),
    ],
)
def test_what_is_no_event_changes_nothing(stage: Stage, body: bytes) -> None:
    assert send(stage, body) is Receipt.UNREADABLE
    assert stage.subscribers.count() == 0
