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


def test_what_the_system_refuses_has_a_place_a_code_and_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named from where one stands, not by the whole path of the machine."""
    assert run(["init", str(tmp_path)]) == 0
    config = tmp_path / "config.toml"
    name = "a" * 300
    database = f'[database]\nurl = "sqlite:///{name}/a.sqlite3"\n'
    config.write_text(config.read_text(encoding="utf-8") + database, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    code = run(["--lang", "ko", "plan"])

    assert capsys.readouterr().err.splitlines() == [
        f"{name}/a.sqlite3: 오류 outside/system: 컴퓨터가 거절했습니다: 이름이 너무 김.",
        "  → 파일이나 폴더의 권한과 디스크의 남은 공간을 확인하고 다시 해 보세요.",
    ]
    assert code == 3
