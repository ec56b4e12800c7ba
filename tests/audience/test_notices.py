"""What readers are told of their subscription, as the law asks: at once, and every two years."""

from __future__ import annotations

from publisher.audience.door import Choices, SignUp
from publisher.audience.notices import late
from publisher.model.readership import Backlog
from tests.audience.stage import WISH, Stage, arrive, find, leave, one, preferences, reader


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
