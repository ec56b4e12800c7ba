"""Coming in: nobody is on the list before their own mailbox says so."""

from __future__ import annotations

from publisher.audience.door import SignUp
from publisher.model.problem import Problem
from publisher.model.subscriber import Purpose, SubscriberState
from tests.audience.stage import WISH, Stage, arrive, find, leave, one


def test_nobody_is_on_the_list_before_their_mailbox_says_so(stage: Stage) -> None:
    assert stage.door.sign_up(WISH) is None

    assert stage.subscribers.count() == 0
    letter = one(stage.post())
    assert letter.address == "Kim@naver.com"
    assert "구독 신청을 확인" in letter.subject
    assert letter.leave_url == ""


def test_a_confirmed_reader_has_the_consents_given_with_words_time_and_place(stage: Stage) -> None:
    stage.door.sign_up(WISH)
    token = stage.token(one(stage.post()), "subscribe")
    stage.clock.forward(hours=1)

    assert stage.door.confirm(token) is not None

    record = find(stage, "kim@naver.com")
    assert record.subscriber.state is SubscriberState.ACTIVE
    assert record.subscriber.series == ("ai-x-files",)
    assert [(c.purpose, c.given, c.at, c.source, c.text) for c in record.consents] == [
        (p, True, stage.clock.now, WISH.source, WISH.text) for p in Purpose
    ]


def test_looking_at_a_confirmation_changes_nothing(stage: Stage) -> None:
    stage.door.sign_up(WISH)
    token = stage.token(one(stage.post()), "subscribe")

    for _ in range(3):
        assert stage.door.wish(token) is not None

    assert stage.subscribers.count() == 0


def test_pressing_twice_is_pressing_once(stage: Stage) -> None:
    stage.door.sign_up(WISH)
    token = stage.token(one(stage.post()), "subscribe")
    first = stage.door.confirm(token)
    stage.clock.forward(days=30)

    assert stage.door.confirm(token) == first
    assert len(stage.post()) == 1


def test_a_confirmation_opens_for_seven_days(small: Stage) -> None:
    small.door.sign_up(WISH)
    token = small.token(one(small.post()), "subscribe")

    small.clock.forward(days=7)

    assert small.door.wish(token) is None
    assert small.door.confirm(token) is None


def test_the_welcome_mail_brings_the_newest_free_episode_and_the_outcome(small: Stage) -> None:
    arrive(small, SignUp("kim@naver.com", locale="ko"))
    letter = one(small.post())

    assert "구독이 시작되었습니다" in letter.subject
    assert "https://slow-signal.example/ai-wont-save-us/5/" in letter.text
    assert "2026년 11월 21일" in letter.text
    assert "광고성 정보 수신에는 동의하지 않으셨습니다" in letter.text
    assert letter.leave_url.endswith(small.token(letter, "u"))
    assert small.door.preferences(small.token(letter, "p")) is not None


def test_known_and_unknown_addresses_get_the_same_answer(small: Stage) -> None:
    arrive(small)
    small.post()
    small.clock.forward(days=2)

    assert small.door.sign_up(WISH) is None
    assert small.door.sign_up(SignUp("stranger@naver.com")) is None

    assert [(letter.address, "이미" in letter.subject) for letter in small.post()] == [
        ("Kim@naver.com", True),
        ("stranger@naver.com", False),
    ]


def test_nobody_can_bomb_a_mailbox_with_sign_ups(small: Stage) -> None:
    """Whoever asks and however often: three mails a day, ten minutes apart."""
    letters = 0
    for _ in range(24 * 60):
        assert small.door.sign_up(WISH) is None
        letters += len(small.post())
        small.clock.forward(minutes=1)
    assert letters == 3


def test_an_address_an_editor_shut_out_gets_no_mail(small: Stage) -> None:
    small.subscribers.suppress("kim@naver.com")
    assert small.door.sign_up(WISH) is None
    assert small.post() == []


def test_no_address_is_the_only_thing_said(small: Stage) -> None:
    problem = small.door.sign_up(SignUp("kim@naver"))
    assert isinstance(problem, Problem)
    assert problem.code == "address/domain"


def test_who_left_and_who_was_erased_may_come_back_themselves(stage: Stage) -> None:
    gone = arrive(stage)
    stage.post()
    stage.door.leave(leave(stage, gone), "test")
    stage.post()
    stage.clock.forward(days=2)
    assert arrive(stage).subscriber.state is SubscriberState.ACTIVE
    stage.post()
    stage.subscribers.erase("kim@naver.com")
    stage.clock.forward(days=2)

    assert arrive(stage).subscriber.state is SubscriberState.ACTIVE
    assert find(stage, "kim@naver.com").suppression is None
