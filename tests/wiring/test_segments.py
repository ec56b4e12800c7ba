"""Named parts of the list in config.toml."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publisher.model.episode import Audience
from publisher.model.problem import MisuseError, ProblemError
from publisher.model.readership import Segment
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.segments import segment_of, segments_of

BASE = """
[publication]
name = "느린 신호"
url = "https://slow-signal.example"

[sender]
address = "letter@slow-signal.example"
"""


def opened(tmp_path: Path, text: str) -> Newsroom:
    (tmp_path / "config.toml").write_text(BASE + text, encoding="utf-8")
    return open_newsroom(tmp_path, {})


def test_a_segment_is_read_with_days_in_the_publications_zone(tmp_path: Path) -> None:
    newsroom = opened(
        tmp_path,
        """
[segments.old-naver-members]
series = ["ai-x-files"]
audience = "members"
since = 2025-01-01
before = 2026-01-01
domain = ["@Naver.com"]

[segments.everybody]
""",
    )
    seoul = ZoneInfo("Asia/Seoul")
    assert segments_of(newsroom) == {
        "old-naver-members": Segment(
            "old-naver-members",
            series=("ai-x-files",),
            audience=Audience.MEMBERS,
            since=datetime(2025, 1, 1, tzinfo=seoul),
            before=datetime(2026, 1, 1, tzinfo=seoul),
            domains=("naver.com",),
        ),
        "everybody": Segment("everybody"),
    }


def test_a_misspelt_key_of_a_segment_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as caught:
        opened(tmp_path, '\n[segments.x]\naudiense = "members"\n')
    assert len(caught.value.problems) == 1


def test_a_segment_nobody_named_is_misuse(tmp_path: Path) -> None:
    newsroom = opened(tmp_path, "\n[segments.x]\n")
    assert segment_of(newsroom, "x") == Segment("x")
    with pytest.raises(MisuseError) as caught:
        segment_of(newsroom, "y")
    assert [problem.code for problem in caught.value.problems] == ["wiring/no-segment"]
