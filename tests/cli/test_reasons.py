"""What the system says of a file reaches an editor in the editor's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.cli.command import run
from publisher.translation import LANGUAGES, REASONS, reason_of


def test_every_reason_has_its_korean_words() -> None:
    """And English ones stay as the system says them."""
    assert LANGUAGES == ("ko", "en")
    assert all(reason_of(reason, "en") == reason for reason in REASONS)
    assert all("가" <= letter <= "힣" for r in REASONS for letter in reason_of(r, "ko")[:1])


def test_other_words_stay_as_they_are() -> None:
    """A server's answer is quoted, whatever it is."""
    assert reason_of("550 no such user", "ko") == "550 no such user"


def test_a_file_that_is_not_there_is_said_in_korean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of the system's English stands in the line."""
    assert run(["init", str(tmp_path)]) == 0
    code = run(["--lang", "ko", "-C", str(tmp_path), "import", str(tmp_path / "없음.txt")])

    first = capsys.readouterr().err.splitlines()[0]
    assert code == 2
    assert first.endswith("/없음.txt (파일이나 폴더가 없음)")
