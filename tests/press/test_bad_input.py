"""What goes wrong in real newsrooms: each is a problem with its place, and never a broken mail."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from publisher.config import Config
from publisher.lint import letter
from publisher.model.problem import Problem, in_order
from publisher.press.press import Press, _expected
from tests.golden.samples import ROOT

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SERIES = 'title = "연재"\n[cadence]\nweekday = "fri"\nat = "17:00"\ntimezone = "Asia/Seoul"\n'
FRONT = "---\ntitle: {title}\ndeck: 한 줄로 적은 부제입니다\nstatus: ready\n---\n"


def press(folder: Path, body: str, title: str = "제목") -> Press:
    """A publication of one episode in a folder of its own."""
    series = folder / "episodes" / "s"
    series.mkdir(parents=True, exist_ok=True)
    (series / "series.toml").write_text(SERIES, encoding="utf-8")
    text = FRONT.format(title=title) + body
    (series / "01-first.md").write_bytes(text.encode("utf-8", "surrogatepass"))
    config = Config.model_validate(tomllib.loads((ROOT / "config.toml").read_text()))
    return Press(folder, config.as_publication(), templates=(folder / "templates",))


def told(made: Press) -> tuple[Problem, ...]:
    """Everything that a check finds in files and in the letters made of them."""
    table = made.read({}, NOW)
    found = list(made.check(table))
    for episode in table.episodes:
        slot = table.expected("s").get(episode.number)
        assert slot is not None
        proof = made.pull(table, episode, slot)
        found += proof.problems
        for edition in proof.editions:
            expected = _expected(edition, proof.setting)
            broken = letter.check(edition.message, name="mail", expected=expected)
            assert [p for p in broken if "image" not in p.code] == []
            assert max(map(len, edition.message.split(b"\r\n"))) <= 998
            assert re.findall("[\x80-\x9f\u202a-\u202e\ud800-\udfff]", edition.html) == []
    return in_order(found)


def codes(made: Press) -> set[str]:
    return {f"{problem.place.line}:{problem.code}" for problem in told(made)}


BODY = "\n글입니다.\n"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("\n[말](javascript:alert(1))\n", "7:source/link-scheme"),
        ("\n[말](file:///etc/passwd)\n", "7:source/link-scheme"),
        ("\n[여기를 보라](http://localhost:8000/x)\n", "7:lint/link-local"),
        ("\n글\u0085입니다.\n", "7:files/control-character"),
        ("\n글\u202e입니다.\n", "7:files/direction-character"),
        ("\n![그림](none.png)\n", "7:source/image-missing"),
        ("\n<b>글</b>\n", "7:source/html"),
    ],
)
def test_bad_text_is_a_problem_at_its_line(tmp_path: Path, body: str, problem: str) -> None:
    assert problem in codes(press(tmp_path, body))


def test_half_a_character_is_a_problem(tmp_path: Path) -> None:
    assert "0:files/encoding" in {
        re.sub(r"^\d+", "0", code) for code in codes(press(tmp_path, "\n글\ud83d입니다.\n"))
    }


def test_a_title_of_three_hundred_hangul_is_a_problem(tmp_path: Path) -> None:
    assert "2:keys/too-long" in codes(press(tmp_path, BODY, "가" * 300))


@pytest.mark.parametrize(
    "title",
    [
        '"<기생충>"',
        "“따옴표”와 ‘작은’",
        "🙂👩‍🚀 이모지",
        '"줄이\\n바뀐 제목"',
        '"a\\r\\nBcc: x@y.kr"',
    ],
)
def test_a_hard_title_still_makes_a_sound_mail(tmp_path: Path, title: str) -> None:
    made = press(tmp_path, BODY, title)
    table = made.read({}, NOW)
    assert len(table.episodes) == 1
    told(made)


@pytest.mark.parametrize(
    ("kind", "name", "problem"),
    [("WEBP", "x.webp", "lint/image-format"), ("GIF", "x.gif", "lint/image-animated")],
)
def test_a_picture_that_inboxes_cannot_show_is_a_problem(
    tmp_path: Path, kind: str, name: str, problem: str
) -> None:
    made = press(tmp_path, f"\n![그림의 설명]({name})\n")
    frames = [Image.new("RGB", (600, 400), colour) for colour in ("red", "blue")]
    frames[0].save(
        tmp_path / "episodes" / "s" / name, kind, save_all=kind == "GIF", append_images=frames[1:]
    )
    assert problem in {p.code for p in told(made)}


def test_a_template_that_forgets_a_word_is_a_problem_at_its_line(tmp_path: Path) -> None:
    block = tmp_path / "templates" / "blocks" / "note.html.j2"
    block.parent.mkdir(parents=True)
    block.write_text("<p>\n{{ forgotten }}\n</p>\n", encoding="utf-8")
    made = press(tmp_path, "\n::: note\n글입니다.\n:::\n")
    table = made.read({}, NOW)
    proof = made.pull(table, table.episodes[0], table.expected("s")[1])
    assert proof.editions == ()
    assert [str(p.place) for p in proof.problems] == ["templates/blocks/note.html.j2:2:1"]
    assert [p.code for p in proof.problems] == ["render/template-undefined"]


def test_an_ordinary_letter_has_no_problem(tmp_path: Path) -> None:
    made = press(tmp_path, "\n" + "이 문장은 여느 문장과 같습니다. " * 40 + "\n")
    assert [p for p in told(made) if p.severity == "error"] == []
