"""Releasing by hand: what a slip of the hand must not send."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.model.problem import MisuseError
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.publishing import publish
from tests.wiring.slow import CONFIG, SERIES

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
EPISODE = "---\ntitle: 첫 회\ndeck: 부제\nstatus: {status}\n{more}---\n\n본문입니다.\n"


def opened(root: Path, status: str, more: str = "") -> Newsroom:
    folder = root / "episodes" / "slow"
    folder.mkdir(parents=True)
    (root / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "series.toml").write_text(SERIES, encoding="utf-8")
    (folder / "01-x.md").write_text(EPISODE.format(status=status, more=more), encoding="utf-8")
    newsroom = open_newsroom(root, {})
    newsroom.clock = lambda: NOW
    return newsroom


@pytest.mark.parametrize("mail", [True, False])
def test_a_draft_is_not_released_by_hand(tmp_path: Path, mail: bool) -> None:
    done = publish(opened(tmp_path, "draft"), "slow/01", at_once=True, mail=mail)

    assert done.release is None
    assert [str(problem.place) for problem in done.problems] == ["episodes/slow/01-x.md:4:1"]
    assert [problem.code for problem in done.problems] == ["wiring/draft"]


def test_an_episode_made_a_draft_again_after_it_went_out_stays_released(tmp_path: Path) -> None:
    newsroom = opened(tmp_path, "ready")
    first = publish(newsroom, "slow/01", at_once=True)
    file = tmp_path / "episodes/slow/01-x.md"
    file.write_text(EPISODE.format(status="draft", more=""), encoding="utf-8")

    again = publish(newsroom, "slow/01", at_once=True)

    assert first.opened
    assert again.release is not None
    assert not again.opened


def test_a_mistyped_slot_is_refused_with_the_one_near_it(tmp_path: Path) -> None:
    with pytest.raises(MisuseError) as refused:
        publish(opened(tmp_path, "ready"), "slow/01", slot="2026-11-19T17:00")

    (problem,) = refused.value.problems
    assert problem.code == "wiring/off-calendar"
    assert "2026-11-20T17:00" in problem.remedy


@pytest.mark.parametrize(
    ("slot", "mail", "more"),
    [
        ("2026-11-20T17:00", True, ""),
        ("2024-02-07T09:00", False, ""),
        ("2026-11-19T09:00", True, "publish_at: 2026-11-19 09:00\n"),
    ],
    ids=["on the calendar", "an archive taken over", "pinned by the episode"],
)
def test_slots_that_are_meant_are_taken(tmp_path: Path, slot: str, mail: bool, more: str) -> None:
    done = publish(opened(tmp_path, "ready", more), "slow/01", slot=slot, mail=mail)

    assert done.opened
    assert done.release is not None
    assert done.release.slot.key == f"{slot}[Asia/Seoul]"
