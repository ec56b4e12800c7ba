"""What ``publisher check`` prints for people and for code hosts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lint.cases import SERIES, episode
from tests.lint.publications import write

CONFIG = """\
[publication]
name = "느린 신호"
url = "https://slow.kr"
[sender]
address = "hello@slow.kr"
[law]
contact = "hello@slow.kr"
postal_address = "서울"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {"series.toml": SERIES, "01-a.md": episode(body="**마크다운(Markdown)**를 쓴다.")},
        {},
    )
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(root: Path, *more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "publisher", "--lang", "ko", "-C", str(root), "check", *more],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_problem_is_shown_with_its_line_a_caret_and_what_to_do(root: Path) -> None:
    lines = run(root, "--files-only").splitlines()

    assert lines[0].startswith("episodes/slow/01-a.md:7:19: ")
    assert "lint/josa" in lines[0]
    assert lines[1:3] == [
        "    7 │ **마크다운(Markdown)**를 쓴다.",
        "      │                       ^",
    ]
    assert lines[3].startswith("  → ")


def test_code_hosts_get_sarif_in_the_language_of_the_command(root: Path) -> None:
    log = json.loads(run(root, "--files-only", "--sarif"))

    (result,) = log["runs"][0]["results"]
    assert (log["version"], result["ruleId"]) == ("2.1.0", "lint/josa")
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 7,
        "startColumn": 19,
    }
    assert "조사" in result["message"]["text"]
