"""What goes wrong in real newsrooms never makes a broken mail: the letter stays sound, or is held."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.config import Config
from publisher.lint import letter
from publisher.model.problem import Severity
from publisher.press.press import Press, Proof, _expected
from tests.golden.samples import ROOT
from tests.lint.cases import FRONT, SERIES, episode
from tests.lint.publications import write
from tests.lint.test_bad_input import BAD, Bad, laid_out

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BODY = FRONT + "이 문장은 여느 문장과 같습니다. " * 40 + "\n"


def press(folder: Path) -> Press:
    """The press of the publication in a folder, set up as the sample is."""
    config = Config.model_validate(tomllib.loads((ROOT / "config.toml").read_text()))
    return Press(folder, config.as_publication(), templates=(folder / "templates",))


def pulled(made: Press) -> Proof:
    """A proof of the one episode there is."""
    table = made.read(dict, NOW)
    slot = table.expected("slow").get(1)
    assert slot is not None
    return made.pull(table, table.episodes[0], slot)


def assert_sound(proof: Proof) -> None:
    """Both letters pass every check of the final bytes, and hold nothing invisible."""
    assert len(proof.editions) == 2
    for edition in proof.editions:
        found = letter.check(edition.message, expected=_expected(edition, proof.setting))
        assert [str(p) for p in found if p.severity is Severity.ERROR] == []
        assert max(map(len, edition.message.split(b"\r\n"))) <= 998
        assert re.findall("[\x80-\x9f\u202a-\u202e\ud800-\udfff]", edition.html) == []
        assert re.findall("javascript:|file:|localhost|127\\.0\\.0\\.1", edition.html) == []
        assert (
            re.findall(r"\.(?:webp|avif|svg|heic)\"", re.sub(r"<a [^>]*>", "", edition.html)) == []
        )


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_no_bad_input_makes_a_broken_mail(bad: Bad, tmp_path: Path) -> None:
    laid_out(bad, tmp_path)
    if bad.code == "files/encoding":  # nothing can be read, so nothing is set
        assert press(tmp_path).read(dict, NOW).episodes == ()
        return
    assert_sound(pulled(press(tmp_path)))


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
    write(tmp_path, {"series.toml": SERIES, "01-a.md": episode(title)}, {})

    proof = pulled(press(tmp_path))

    assert_sound(proof)
    assert b"\nBcc:" not in proof.editions[0].message
    assert "\n" not in proof.editions[0].subject


def test_a_picture_of_no_known_size_is_a_link_in_the_mail(tmp_path: Path) -> None:
    text = FRONT + '![탑 하나](https://a.kr/tower.jpg "밤의 탑"){source="시청"}\n'
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text}, {})

    html = pulled(press(tmp_path)).editions[0].html

    assert re.findall(r"<img[^>]*tower", html) == []
    assert re.search(r'<a href="https://a.kr/tower.jpg"[^>]*>그림 보기: 탑 하나</a>', html)
    assert "밤의 탑" in html
    assert "출처: 시청" in html


def test_a_picture_elsewhere_whose_size_is_given_is_shown(tmp_path: Path) -> None:
    text = FRONT + "![탑 하나](https://a.kr/tower.jpg){width=1088 height=544}\n"
    cover = "cover: {src: https://a.kr/c.png, alt: 표지의 말, width: 1200, height: 600}\n---\n\n가"
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text.replace("---\n\n", cover)}, {})
    made = press(tmp_path)

    html = pulled(made).editions[0].html

    assert [p.code for p in made.check(made.read(dict, NOW))] == []
    assert re.findall(r'alt="(\S+ \S+)" width="(\d+)" height="(\d+)"', html) == [
        ("표지의 말", "544", "272"),
        ("탑 하나", "544", "272"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("blocks/note.html.j2", "<p>\n{{ forgotten }}\n</p>\n"),
        ("blocks/note.txt.j2", "가\n{{ episode.forgotten }}\n"),
        ("mail/episode.html.j2", "<p>\n{{ forgotten }}\n</p>\n"),
        ("mail/episode.txt.j2", "가\n{{ series.forgotten.title }}\n"),
        ("page/episode.html.j2", "<p>\n{{ forgotten }}\n</p>\n"),
    ],
)
def test_a_template_that_forgets_a_word_is_a_problem_at_its_line(
    name: str, text: str, tmp_path: Path
) -> None:
    template = tmp_path / "templates" / name
    template.parent.mkdir(parents=True)
    template.write_text(text, encoding="utf-8")
    note = FRONT + "::: note\n글입니다.\n:::\n"
    write(tmp_path, {"series.toml": SERIES, "01-a.md": note}, {})

    proof = pulled(press(tmp_path))

    assert proof.editions == ()
    assert [(p.code, str(p.place)) for p in proof.problems] == [
        ("render/template-undefined", f"templates/{name}:2:1")
    ]
    assert proof.problems[0].remedy


@pytest.mark.parametrize(
    ("paragraphs", "code", "severity"),
    [
        (20, "letter/wire-large", "warning"),
        (24, "letter/html-large", "warning"),
        (32, "letter/html-too-large", "error"),
    ],
)
def test_a_heavy_mail_is_told_once_with_the_blocks_that_cost_most(
    paragraphs: int, code: str, severity: str, tmp_path: Path
) -> None:
    text = "".join("이 문장은 여느 문장과 같습니다. " * 70 + "\n\n" for _ in range(paragraphs))
    note = "::: note\n" + "나 " * 1000 + "\n:::\n"
    write(tmp_path, {"series.toml": SERIES, "01-a.md": FRONT + note + text}, {})

    found = pulled(press(tmp_path)).problems

    assert [(p.code, p.severity) for p in found] == [(code, severity)] * 2
    assert all(
        re.search(r"note \(7: 4\.\d KB\)", p.message) and "Paragraph “" in p.message for p in found
    )


def test_an_ordinary_letter_has_no_problem(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": BODY}, {})
    made = press(tmp_path)

    proof = pulled(made)

    assert_sound(proof)
    assert [str(p) for p in (*made.check(made.read(dict, NOW)), *proof.problems)] == []
