"""What ``publisher publish`` says when it has released something, or will not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.house import House, sample

EPISODE = "ai-wont-save-us/01"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return sample(tmp_path)


@pytest.mark.slow
def test_a_list_without_readers_is_said_in_words(house: House) -> None:
    assert house.fine("publish", EPISODE, "--now").out.splitlines() == [
        f"{EPISODE} · 2026-11-21T12:00[Asia/Seoul] · opened",
        "No mail: nobody on the list is to have it.",
    ]


@pytest.mark.slow
def test_without_mail_says_where_it_is(house: House) -> None:
    done = house.fine("publish", EPISODE, "--slot", "2026-10-23T17:00", "--without-mail")

    assert done.out.splitlines()[1:] == ["On the website and in the feeds; no mail was sent."]


@pytest.mark.slow
def test_a_draft_is_refused_at_its_line(house: House) -> None:
    refused = house.run("publish", "ai-wont-save-us/07", "--now")

    assert refused.code == 1
    assert refused.err.startswith(
        "episodes/ai-wont-save-us/07-textbook-and-material.md:4:1: error wiring/draft:"
    )
