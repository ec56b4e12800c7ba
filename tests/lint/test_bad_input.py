"""What an editor can get wrong at worst: told at its place before the slot, never a broken mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.lint import check
from tests.lint.cases import FRONT, SERIES, Picture, episode
from tests.lint.publications import reading, write

PICTURES = {
    "moving.gif": Picture(format="GIF", frames=2),
    "new.webp": Picture(format="WEBP"),
    "huge.png": Picture(100, 6100),
}
BAD = {
    "missing image": (FRONT + "![빈자리](none.png)\n", "source/image-missing", 7),
    "huge image": (FRONT + "![두루마리](huge.png)\n", "lint/image-huge", 7),
    "animated image": (FRONT + "![등불](moving.gif)\n", "lint/image-animated", 7),
    "image of a new kind": (FRONT + "![등불](new.webp)\n", "lint/image-format", 7),
    "distant image of a new kind": (
        FRONT + "![등불](https://slow.kr/a.avif)\n",
        "lint/image-format",
        7,
    ),
    "distant drawing": (FRONT + "![등불](https://slow.kr/a.svg)\n", "lint/image-format", 7),
    "endless title": (episode("밤" * 300), "keys/too-long", 2),
    "emoji": (episode("밤 🌙"), "lint/subject-emoji", 2),
    "script": (FRONT + "[문](javascript:alert(1))\n", "source/link-scheme", 7),
    "file": (FRONT + "[문](file:///etc/passwd)\n", "source/link-scheme", 7),
    "own machine": (FRONT + "[문](http://localhost/a)\n", "lint/link-local", 7),
    "control": (FRONT + "밤\x85이다.\n", "files/control-character", 7),
    "direction": (FRONT + "밤\u202e이다.\n", "files/direction-character", 7),
}


@pytest.mark.parametrize(("text", "code", "line"), BAD.values(), ids=BAD)
def test_bad_input_is_told_at_its_line(text: str, code: str, line: int, tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text}, PICTURES)
    whole, complaints = reading(tmp_path)

    found = {(p.code, p.place.line) for p in (*complaints, *check(whole))}

    assert (code, line) in found


@pytest.mark.parametrize("title", ["<기생충>을 다시 보다", "“말”과 ‘글’", "\"큰\" '작은'", "A & B"])
def test_a_title_with_brackets_or_quotation_marks_is_fine(title: str, tmp_path: Path) -> None:
    text = episode("'" + title.replace("'", "''") + "'")
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text}, {})
    whole, complaints = reading(tmp_path)

    assert whole.episodes[0].title == title
    assert [str(p) for p in (*complaints, *check(whole))] == []
