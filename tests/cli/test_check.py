"""What ``publisher check`` prints for people and for code hosts."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.lint.cases import SERIES, episode
from tests.lint.publications import CONFIG, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {"series.toml": SERIES, "01-a.md": episode(body="**마크다운(Markdown)**를 쓴다.")},
        {},
    )
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(root: Path, *more: str, fails: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "publisher", "--lang", "ko", "-C", str(root), "check", *more],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (int(fails), "")
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


def test_the_line_is_shown_of_a_file_that_a_mac_named(root: Path) -> None:
    file = root / "episodes/slow/01-a.md"
    file.rename(file.with_name(unicodedata.normalize("NFD", "01-첫 글.md")))

    lines = run(root, "--files-only").splitlines()

    assert lines[0].startswith("episodes/slow/01-첫 글.md:7:19: ")
    assert lines[1] == "    7 │ **마크다운(Markdown)**를 쓴다."


def test_code_hosts_get_sarif_in_the_language_of_the_command(root: Path) -> None:
    log = json.loads(run(root, "--files-only", "--sarif"))

    (result,) = log["runs"][0]["results"]
    assert (log["version"], result["ruleId"]) == ("2.1.0", "lint/josa")
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 7,
        "startColumn": 19,
    }
    assert "조사" in result["message"]["text"]


def test_three_thousand_faults_of_a_kind_make_a_short_report_and_are_all_counted(
    root: Path,
) -> None:
    """Text, JSON and SARIF show the first fifty, say how many follow, and fail all the same."""
    lines = "\n\n".join(f"[{n}화를 보세요](episode:slow/99)." for n in range(3000))
    (root / "episodes/slow/02-b.md").write_text(episode(body=lines), encoding="utf-8")

    text = run(root, "--files-only", fails=True)
    data = json.loads(run(root, "--files-only", "--json", fails=True))
    (log,) = json.loads(run(root, "--files-only", "--sarif", fails=True))["runs"]

    assert text.count("lint/link-episode: ") == 50
    assert "같은 지적(lint/link-episode)이 2950개 이상 더 있습니다." in text
    assert len(text) < 30_000
    assert [p["code"] for p in data["problems"]].count("lint/link-episode") == 50
    assert [p["severity"] for p in data["problems"] if p["code"] == "lint/more"] == ["error"]
    assert data["errors"] == 3000
    kinds = [result["ruleId"] for result in log["results"]]
    assert (kinds.count("lint/link-episode"), kinds.count("lint/more")) == (50, 1)
