"""What was approved and what differs from it: as readers see it, and as bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from publisher.model.edition import Card, Edition, FeedItem
from publisher.model.episode import Audience, Kind
from publisher.press.approved import as_bytes, as_read, freeze, thaw

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DIGEST = "sha256:" + "0" * 64


def _edition(text: str, subject: str = "제목", html: str = "<p>말</p>") -> Edition:
    item = FeedItem("g", "u", "t", "s", "h", "a", (), NOW, NOW)
    return Edition(
        "ai", 1, Audience.FREE, Kind.LETTER, subject, "미리보기", html, text, b"", "", item,
        Card("t", "d"), DIGEST,
    )  # fmt: skip


TEXT = "첫 문단은 두 줄로\n감겨 있다.\n\n둘째 문단이다.\n\n셋째 문단이다.\n"


def test_nothing_changed_is_nothing_said() -> None:
    """An approval kept and read back agrees with the editions it was made of."""
    kept = thaw(freeze("ai/01", DIGEST, [_edition(TEXT)], " 한  서율 ", NOW))

    assert (kept.by, kept.at, kept.digest) == ("한 서율", NOW, DIGEST)
    assert as_read(kept, [_edition(TEXT)]) == ()
    assert as_bytes(kept, [_edition(TEXT)]) == ()


def test_a_change_is_shown_word_by_word() -> None:
    """One word more does not shift the paragraphs after it, nor does a new wrapping."""
    kept = thaw(freeze("ai/01", DIGEST, [_edition(TEXT)], "한서율", NOW))
    now = TEXT.replace("두 줄로\n감겨", "세 줄로 감겨").replace("둘째 문단이다.\n\n", "")

    changes = as_read(kept, [_edition(now, subject="새 제목")])

    assert [(c.channel, c.marked) for c in changes] == [
        ("subject", "{+새 +}제목"),
        ("text", "첫 문단은 [-두-]{+세+} 줄로 감겨 있다."),
        ("text", "[-둘째 문단이다.-]"),
    ]


def test_bytes_that_no_reader_sees_are_shown_too() -> None:
    """A style that changed is a change of the approved bytes."""
    kept = thaw(freeze("ai/01", DIGEST, [_edition(TEXT)], "한서율", NOW))

    (weighed,) = as_bytes(kept, [_edition(TEXT, html="<p style='color:red'>말</p>")])

    assert (weighed.channel, weighed.before, weighed.after) == ("html", 10, 28)
    assert "-<p>" in weighed.lines
    assert "+<p style='color:red'>" in weighed.lines


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"editions": 3}', "null"])
def test_what_is_no_approval_is_refused(text: str) -> None:
    """A file that was tampered with is not compared with."""
    with pytest.raises(ValueError):  # noqa: PT011 -- json's own or ours, both are ValueError
        thaw(text)
