"""What the library of the command line says, in the language of whoever typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Three words of Latin letters in a row are a sentence that nobody translated.
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "publisher", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("publish",), "빠진 인자: 'EPISODE'."),
        (("publish", "a", "b", "c"), "남는 인자가 있습니다: b c"),
        (("plan", "--weeks", "x"), "'x': 숫자"),
        (("plan", "--wekks", "3"), "'--weeks'"),
        (("plan", "--weeks"), "값이 필요합니다"),
        (("plna",), "plan"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_misuse_is_told_in_korean(words: tuple[str, ...], told: str) -> None:
    ran = typed("--lang", "ko", *words)

    assert ran.returncode == 2
    assert told in ran.stderr
    assert not ENGLISH.search(ran.stderr)


def test_misuse_is_told_in_english() -> None:
    ran = typed("--lang", "en", "publish")

    assert ran.returncode == 2
    assert "Missing argument 'EPISODE'." in ran.stderr


def test_help_is_korean_to_its_last_line() -> None:
    ran = typed("--lang", "ko", "plan", "--help")

    assert ran.stdout.startswith("사용법:")
    assert "이 도움말을 보여 줍니다." in ran.stdout
    assert not ENGLISH.search(ran.stdout)


@pytest.mark.parametrize(
    "verb", ["check", "dry-run", "publish", "approve", "diff", "who", "cancel"]
)
def test_help_says_how_an_episode_is_named(verb: str) -> None:
    assert "ai-wont-save-us/05" in typed("--lang", "en", verb, "--help").stdout
    assert "ai-wont-save-us/05처럼" in typed("--lang", "ko", verb, "--help").stdout


def test_help_of_other_commands_speaks_of_no_episode() -> None:
    assert "ai-wont-save-us/05" not in typed("--lang", "en", "schema", "--help").stdout
