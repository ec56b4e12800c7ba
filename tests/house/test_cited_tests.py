"""Pages and tests that name a test as their proof name one that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
_DEFINED = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)
_CITED = re.compile(r"\btest_\w+")
PAGES = [
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    TESTS / "render" / "feed" / "test_feed.py",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_proof_that_is_named_is_there(page: Path) -> None:
    """Named by its function, or by the file it stands in."""
    files = [path for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    known = {name for path in files for name in _DEFINED.findall(path.read_text("utf-8"))}
    known |= {path.stem for path in files}

    assert [name for name in _CITED.findall(page.read_text("utf-8")) if name not in known] == []
