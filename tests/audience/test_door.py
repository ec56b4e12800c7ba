"""The front door: in by one's own mailbox, out by one request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from publisher import store
from publisher.audience.door import Choices, SignUp
from publisher.audience.feeds import Access
from publisher.audience.notices import late
from publisher.audience.ports import Letter
from publisher.audience.subscribers import Added
from publisher.audience.tokens import Purpose as For
from publisher.model.episode import Audience
from publisher.model.problem import Problem
from publisher.model.readership import Backlog, Record
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.store.subscribers import Register
from tests.audience.conftest import NOON, Hand
from tests.audience.stage import Stage

WISH = SignUp(
    "Kim@Naver.com",
    series=("ai-x-files",),
    advertising=True,
    locale="ko",
    source="web 203.0.113.0/24",
    text="연재를 메일로 받겠습니다.",
)


@pytest.fixture
def stage(register: Register, clock: Hand) -> Stage:
    return Stage(register, clock)


@pytest.fixture
def small(tmp_path: Path, clock: Hand) -> Iterator[Stage]:
    """The same on SQLite alone."""
    database = store.open(f"sqlite:///{tmp_path}/small.sqlite3")
    yield Stage(Register(database), clock)
    database.close()


def one(letters: list[Letter]) -> Letter:
    (letter,) = letters
    return letter


def find(stage: Stage, address: str) -> Record:
    record = stage.subscribers.find(address)
    assert isinstance(record, Record), record
    return record


def arrive(stage: Stage, wish: SignUp = WISH) -> Record:
    """Sign up, open the mail, press the button."""
    assert stage.door.sign_up(wish) is None
    record = stage.door.confirm(stage.token(one(stage.post()), "subscribe"))
    assert record is not None
    return record


def reader(stage: Stage, address: str = "a@b.kr", **values: object) -> Record:
    added = stage.subscribers.add(address, notify=False, **values)  # type: ignore[arg-type]  # a test's shorthand
    assert isinstance(added, Added)
    return added.record


def preferences(stage: Stage, record: Record) -> str:
    return stage.tokens.make(For.PREFERENCES, record.subscriber.id, record.epoch)


def leave(stage: Stage, record: Record) -> str:
    return stage.tokens.make(For.LEAVE, record.subscriber.id, record.epoch)


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


def test_a_failed_mail_is_tried_again_and_recorded_once_sent(stage: Stage) -> None:
    stage.satchel.broken = "451 later"
    stage.door.sign_up(WISH)
    assert stage.post() == []
    with stage.register.look() as book:
        (wish,) = book.trace(0, "kim@naver.com").notices
    assert (wish.failure, wish.sent_at, wish.attempts) == ("451 later", None, 1)

    stage.satchel.broken = ""
    stage.clock.forward(minutes=4)
    assert stage.post() == []
    stage.clock.forward(minutes=1)
    assert len(stage.post()) == 1

    with stage.register.look() as book:
        (wish,) = book.trace(0, "kim@naver.com").notices
    assert (wish.failure, wish.sent_at, wish.attempts) == ("", stage.clock.now, 2)
    assert stage.post() == []


def test_consent_is_confirmed_every_two_years_once(stage: Stage) -> None:
    """정보통신망법 시행령 제62조의3."""
    reader(stage, advertising=True)
    stage.clock.forward(days=2 * 365 - 31)
    assert stage.notices.tend().asked == 0
    reader(stage, "young@b.kr")
    stage.clock.forward(days=1, seconds=1)

    assert stage.notices.tend().asked == 1
    assert stage.notices.tend().asked == 0
    letter = one(stage.post())
    assert letter.address == "a@b.kr"
    assert "2년마다" in letter.text
    assert letter.text.count("2026년 11월 21일") == 2
    assert letter.leave_url

    stage.clock.forward(days=2 * 365 - 29)
    assert stage.notices.tend().asked == 2


def test_what_the_law_wants_out_and_waits_is_counted(small: Stage) -> None:
    """With the oldest of them and why it waits; a mere question to confirm is not among them."""
    reader(small)
    small.satchel.broken = "550 no"
    withdrawn = small.clock()
    small.subscribers.remove("a@b.kr")
    small.door.sign_up(WISH)
    small.notices.send_due()
    assert late(small.register, small.clock()) == Backlog()
    small.clock.forward(days=1, seconds=1)
    assert late(small.register, small.clock()) == Backlog(1, withdrawn, "550 no")


def test_wishes_nobody_confirmed_are_forgotten(small: Stage) -> None:
    small.door.sign_up(WISH)
    small.clock.forward(days=31)
    small.notices.tend()
    with small.register.look() as book:
        assert book.trace(0, "kim@naver.com").wishes == ()


def test_every_mail_exists_in_both_languages_and_says_the_same_in_html(small: Stage) -> None:
    for locale in ("ko", "en"):
        arrive(small, SignUp(f"{locale}@b.kr", locale=locale, series=("ai-x-files",)))
        record = find(small, f"{locale}@b.kr")
        small.door.move(preferences(small, record), f"new-{locale}@b.kr", "p")
        letters = small.post()
        small.door.confirm(small.token(letters[-1], "subscribe"))
        record = find(small, f"new-{locale}@b.kr")
        small.clock.forward(days=2)
        small.door.sign_up(SignUp(f"new-{locale}@b.kr", locale=locale))
        small.door.prefer(preferences(small, record), Choices((), True, locale, "p"))
        letters += small.post()
        small.clock.forward(days=700)
        small.notices.tend()
        small.door.leave(leave(small, record), "p")
        letters += small.post() + small.satchel.letters
        assert len(letters) >= 6
        for letter in letters:
            assert "\n" not in letter.subject
            assert letter.subject.startswith("[느린 신호] ")
            assert "{{" not in letter.text + letter.html
            assert "None" not in letter.text
            assert "\n\n\n" not in letter.text
            assert "editor@slow-signal.example" in letter.text
            for line in letter.text.splitlines():
                if line.startswith("https://"):
                    assert f'href="{line}"' in letter.html
            assert f'lang="{locale}"' in letter.html


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
