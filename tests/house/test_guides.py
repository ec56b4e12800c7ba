"""The complete episodes that the guides and the starter show are episodes that work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher.source import scan

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "publisher" / "starter"
SHOWN = re.compile(r"^```markdown episode\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(text, id=f"{guide.name}-{count}")
    for guide in sorted((ROOT / "docs" / "guide").glob("*.md"))
    for count, text in enumerate(SHOWN.findall(guide.read_text(encoding="utf-8")), start=1)
]


def test_the_guides_show_episodes() -> None:
    """The search finds them at all: otherwise the test below proves nothing."""
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_episode_in_a_guide_has_no_problem(tmp_path: Path, text: str) -> None:
    series = tmp_path / "episodes" / "weekly-letter"
    series.mkdir(parents=True)
    settings = STARTER / "episodes" / "weekly-letter" / "series.toml"
    (series / "series.toml").write_bytes(settings.read_bytes())
    (series / "01-shown.md").write_text(text, encoding="utf-8")

    found = scan(tmp_path, Path("episodes"), timezone="Asia/Seoul")

    assert [str(problem) for problem in found.problems] == []
    assert len(found.episodes) == 1


def test_the_starter_has_one_draft_and_no_problem() -> None:
    found = scan(STARTER, Path("episodes"), timezone="Asia/Seoul")

    assert [str(problem) for problem in found.problems] == []
    assert [(episode.name, episode.status) for episode in found.episodes] == [
        ("weekly-letter/01", "draft")
    ]
