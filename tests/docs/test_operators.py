"""What the operators' guides show besides commands: tables of settings, and what a proxy lets through."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from publisher.config import load
from tests.docs.typed import ROOT

GUIDES = sorted((ROOT / "docs").rglob("*.md"))
_TOML = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SAMPLE = (ROOT / "config.toml").read_text(encoding="utf-8")
TABLES = [
    pytest.param(text, id=f"{guide.name}-{count}")
    for guide in GUIDES
    for count, text in enumerate(_TOML.findall(guide.read_text(encoding="utf-8")), start=1)
]


def test_the_guides_show_settings() -> None:
    """The search finds them at all."""
    assert len(TABLES) >= 6


@pytest.mark.parametrize("text", TABLES)
def test_a_table_of_settings_is_one_that_works(text: str, tmp_path: Path) -> None:
    """In place of the sample's table of the same name, it is read without a problem."""
    tables = tomllib.loads(text).keys()
    kept = [
        part
        for part in re.split(r"^(?=\[)", SAMPLE, flags=re.MULTILINE)
        if not re.match(rf"\[({'|'.join(tables)})\]", part)
    ]
    file = tmp_path / "config.toml"
    file.write_text("".join(kept) + "\n" + text, encoding="utf-8")

    config, problems = load(file)

    assert [str(problem) for problem in problems] == []
    assert config is not None


def test_the_proxy_lets_every_door_through() -> None:
    """Every address of the front door but its own health is in the nginx snippet."""
    page = (ROOT / "docs" / "guide" / "operators.md").read_text(encoding="utf-8")
    let = re.search(r"location ~ (\^\S+) \{", page)
    assert let is not None
    sources = (ROOT / "publisher" / "web").glob("*.py")
    routes = {
        path
        for source in sources
        for path in re.findall(r'Route\(\s*"(/[^"]+)"', source.read_text(encoding="utf-8"))
    }

    assert len(routes) >= 6
    assert [r for r in sorted(routes - {"/health"}) if not re.match(let[1], r)] == []
