"""Choosing: letters, advertising and another address, each by its own link."""

from __future__ import annotations

from publisher.audience.door import Choices
from publisher.model.subscriber import Purpose, SubscriberState
from tests.audience.stage import Stage, find, leave, one, preferences, reader


def test_preferences_keep_letter_and_advertising_apart(stage: Stage) -> None:
    record = reader(stage, advertising=True)
    token = preferences(stage, record)

    after = stage.door.prefer(token, Choices(("ai-x-files",), False, "en", "preferences", ""))

    assert after == find(stage, "a@b.kr")
    assert after is not None
    assert (after.subscriber.series, after.subscriber.locale) == (("ai-x-files",), "en")
    assert after.consents_to(Purpose.LETTER)
    assert not after.consents_to(Purpose.ADVERTISING)
    assert "consent" in one(stage.post()).subject


def test_who_left_comes_back_through_the_preferences(small: Stage) -> None:
    record = reader(small)
    token = preferences(small, record)
    assert small.door.withdraw(token, "preferences") is not None
    assert find(small, "a@b.kr").subscriber.state is SubscriberState.LEFT

    small.door.prefer(token, Choices((), False, "ko", "preferences", "다시"))

    assert find(small, "a@b.kr").subscriber.state is SubscriberState.ACTIVE


def test_an_address_changes_when_the_new_mailbox_says_so(stage: Stage) -> None:
    record = reader(stage)
    token = preferences(stage, record)

    assert stage.door.move(token, "New@B.kr", "preferences") is True
    letter = one(stage.post())
    assert letter.address == "New@b.kr"
    assert find(stage, "a@b.kr") == record

    assert stage.door.confirm(stage.token(letter, "subscribe")) is not None

    moved = find(stage, "new@b.kr")
    assert (moved.subscriber.id, moved.subscriber.address) == (record.subscriber.id, "New@b.kr")
    told = one(stage.post())
    assert told.address == "a@b.kr"
    assert "N•••@b.kr" in told.text
    assert stage.door.preferences(token) is None
    assert stage.door.leave(leave(stage, record), "old mail") is False
    assert stage.door.preferences(preferences(stage, moved)) == moved


def test_moving_to_a_known_address_says_and_does_nothing(small: Stage) -> None:
    record = reader(small)
    reader(small, "taken@b.kr")

    assert small.door.move(preferences(small, record), "taken@b.kr", "p") is True
    assert small.post() == []


def test_an_address_taken_meanwhile_stays_with_its_reader(small: Stage) -> None:
    record = reader(small)
    small.door.move(preferences(small, record), "new@b.kr", "p")
    token = small.token(one(small.post()), "subscribe")
    reader(small, "new@b.kr")

    assert small.door.confirm(token) is None
    assert find(small, "a@b.kr") == record
