"""What one file keeps for members is in no other file's head, and in no letter that is frozen."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from publisher.model.episode import Audience
from publisher.model.problem import Problem, ProblemError, Severity
from publisher.model.slot import Slot
from publisher.wiring import building
from publisher.wiring.checking import check
from publisher.wiring.newsroom import open_newsroom
from publisher.wiring.presswork import Presswork
from tests.lint.publications import CONFIG

CLOCK = {"PUBLISHER_CLOCK": "2026-02-01T00:00:00+09:00"}
SECRET = "회원에게만 밝히는 이 연재의 뒷이야기는 편집국의 서랍 속에 있었다."
SERIES = """\
title = "느린"
[cadence]
weekday = "fri"
at = "17:00"
start = 2026-02-06
"""
GATED = f"공개한 글이다.\n\n::: members\n{SECRET}\n:::"
NAMES = ("하나", "두루", "세모", "네모", "다섯", "여섯", "일곱", "여덟", "아홉")


def png(width: int, height: int) -> bytes:
    octets = io.BytesIO()
    Image.new("RGB", (width, height)).save(octets, "PNG")
    return octets.getvalue()


def text(number: int, body: str = "공개한 글이다.", **head: str) -> str:
    name = NAMES[number - 1]
    keys = {"title": f"{name} 이야기", "deck": f"{name} 부제", "teaser": f"{name} 예고"} | head
    lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\n{lines}status: ready\ntags: [{name}]\n---\n\n{body}\n"


def put(root: Path, number: int, body: str = "공개한 글이다.", **head: str) -> None:
    path = root / "episodes" / "slow" / f"{number:02d}-x.md"
    path.write_text(text(number, body, **head), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Nine episodes about nine things: the first has a part for members, the last speaks of none."""
    (tmp_path / "episodes" / "slow").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "episodes" / "slow" / "series.toml").write_text(SERIES, encoding="utf-8")
    for number in range(1, 10):
        put(tmp_path, number)
    put(tmp_path, 1, GATED)
    return tmp_path


def checked(root: Path) -> list[Problem]:
    """Check as a new process does, with what earlier ones remembered."""
    report = check(open_newsroom(root, CLOCK))
    return [p for p in report.problems if p.severity is Severity.ERROR]


def built(root: Path) -> int:
    """Build the site as if all were out; give how many files were written."""
    newsroom = open_newsroom(root, CLOCK)
    return len(building.build(newsroom, root / "site", as_if=True).report.written)


@pytest.mark.parametrize("key", ["deck", "summary", "teaser", "preheader", "subject"])
def test_a_head_that_says_what_a_far_episode_keeps_is_an_error_at_its_line(
    root: Path, key: str
) -> None:
    put(root, 9, **{key: SECRET})

    (problem, *_) = [p for p in checked(root) if p.code == "gate/elsewhere"]

    line = text(9, **{key: SECRET}).splitlines().index(f"{key}: {SECRET}") + 1
    assert str(problem.place) == f"episodes/slow/09-x.md:{line}:1"
    assert dict(problem.details)["other"] == "episodes/slow/01-x.md:12:1"


def test_a_letter_is_held_that_says_what_a_far_episode_keeps(root: Path) -> None:
    """Its bytes would be frozen, and leave once the file itself is mended."""
    put(root, 9, deck=SECRET)
    newsroom = open_newsroom(root, CLOCK)

    prepared = Presswork(newsroom).prepare("slow", 9, Slot.parse("2026-04-03T17:00[Asia/Seoul]"))

    assert {p.code for p in prepared.problems if p.severity is Severity.ERROR} == {
        "gate/elsewhere",
        "gate/leak",
    }


def test_a_template_that_says_it_holds_the_letter_too(root: Path) -> None:
    """No head is to blame: only the final bytes show it."""
    own = root / "templates" / "mail" / "colophon.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text(f"<p>{SECRET}</p>", encoding="utf-8")
    newsroom = open_newsroom(root, CLOCK)
    table = newsroom.table()
    episode = table.find("slow", 9)
    assert episode is not None
    slot = Slot.parse("2026-04-03T17:00[Asia/Seoul]")

    (proof, final) = (
        newsroom.press.pull(table, episode, slot, audiences=(Audience.FREE,), final=final)
        for final in (False, True)
    )

    assert "gate/leak" not in {p.code for p in proof.problems}
    assert "gate/leak" in {p.code for p in final.problems}


def test_a_page_that_was_clean_is_not_believed_once_its_words_go_behind_a_gate(root: Path) -> None:
    """The page itself did not change, so nobody makes it again: its head is asked all the same."""
    put(root, 1, f"{SECRET}\n\n::: members\n다른 문장 하나가 여기에 조용히 숨어 있었다.\n:::")
    put(root, 9, deck=SECRET)
    assert built(root) > 0
    assert built(root) == 0

    put(root, 1, GATED)

    with pytest.raises(ProblemError) as told:
        built(root)
    assert {p.code for p in told.value.problems} == {"gate/elsewhere"}
    put(root, 1, f"{SECRET}\n\n{GATED}")
    assert built(root) > 0


def test_what_was_excused_is_asked_again(root: Path) -> None:
    """Open in the episode's own text, it is no secret in its head; without that text it is."""
    put(root, 9, SECRET, deck=SECRET)
    assert checked(root) == []

    put(root, 9, deck=SECRET)

    assert {p.code for p in checked(root)} == {"gate/elsewhere"}


def test_what_is_found_clean_is_asked_again_when_a_gate_moves(root: Path) -> None:
    put(root, 9, deck=SECRET)
    put(root, 1, "공개한 글이다.\n\n::: members\n다른 문장 하나가 여기에 조용히 숨어 있었다.\n:::")
    assert checked(root) == []

    put(root, 5, GATED)

    (problem,) = checked(root)
    assert dict(problem.details)["other"] == "episodes/slow/05-x.md:12:1"


def test_the_words_around_a_series_keep_a_secret_too(root: Path) -> None:
    """An intro may have a part for members; a head or a template that says it is found."""
    series = root / "episodes" / "slow" / "series.toml"
    intro = f'intro = """\n여는 말이다.\n\n::: members\n{SECRET}\n:::\n"""\n'
    series.write_text(SERIES.replace("[cadence]", f"{intro}[cadence]"), encoding="utf-8")
    put(root, 1)
    assert checked(root) == []

    put(root, 4, deck=SECRET)

    found = {p.code: dict(p.details).get("other", "") for p in checked(root)}
    assert found["gate/elsewhere"].startswith("episodes/slow/series.toml:")
    assert "gate/leak" in found
    with pytest.raises(ProblemError):
        built(root)


def test_what_a_series_describes_openly_though_its_intro_keeps_it_is_told(root: Path) -> None:
    """The description goes into feeds and search engines: what stands in both is given away."""
    series = root / "episodes" / "slow" / "series.toml"
    intro = f'description = "{SECRET}"\nintro = """\n::: members\n{SECRET}\n:::\n"""\n'
    series.write_text(SERIES.replace("[cadence]", f"{intro}[cadence]"), encoding="utf-8")

    put(root, 1)

    (problem,) = checked(root)
    assert str(problem.place) == "episodes/slow/series.toml:2:1"
    with pytest.raises(ProblemError):
        built(root)


def test_a_correction_tells_nothing_from_behind_the_gate(root: Path) -> None:
    """It stands on the page and in the feeds; its own file's gate counts as any other's."""
    put(root, 1, GATED, corrections=f'[{{date: 2026-02-07, text: "{SECRET}"}}]')

    assert {p.code for p in checked(root)} >= {"gate/elsewhere"}


def test_an_address_that_becomes_words_is_looked_for_as_words(root: Path) -> None:
    """Of an address only the whole is secret, of words any long piece: what was clean of one may hold the other."""
    address = "https://archive.example/the-desk/drawer/of/the-editor/second-floor"
    put(root, 1, f"공개한 글이다.\n\n::: members\n[]({address})\n:::")
    put(root, 2, deck=address.removesuffix("/second-floor"))
    assert not {p.code for p in checked(root)} & {"gate/elsewhere"}

    put(root, 1, f"공개한 글이다.\n\n::: members\n`{address}`\n:::")

    assert {p.code for p in checked(root)} >= {"gate/elsewhere"}


@pytest.mark.parametrize("renamed", [True, False])
def test_a_leak_is_told_where_its_sentence_stands_now(root: Path, renamed: bool) -> None:
    """The file next door was renamed, or got a line at its head: what was found there moves along."""
    put(root, 2, deck=SECRET)
    old = root / "episodes" / "slow" / "01-x.md"
    assert {str(p.place) for p in checked(root) if p.code == "gate/leak"} == {
        "episodes/slow/01-x.md:12:1"
    }

    if renamed:
        old.rename(old.with_name("01-y.md"))
    else:
        old.write_text(old.read_text("utf-8").replace("---\n", "---\n# 덧붙임\n", 1), "utf-8")

    expected = "episodes/slow/01-y.md:12:1" if renamed else "episodes/slow/01-x.md:13:1"
    assert {str(p.place) for p in checked(root) if p.code == "gate/leak"} == {expected}


def test_a_picture_that_changes_after_the_files_were_read_is_not_laid_under_its_old_name(
    root: Path,
) -> None:
    """Its name says what it shows, for a year in every cache; another picture has another name."""
    folder = root / "episodes" / "slow" / "02-x"
    (root / "episodes" / "slow" / "02-x.md").unlink()
    folder.mkdir()
    (folder / "index.md").write_text(text(2, "![그림](a.png)"), encoding="utf-8")
    picture = folder / "a.png"
    picture.write_bytes(png(40, 30))
    newsroom = open_newsroom(root, CLOCK)
    table = newsroom.table()
    room = newsroom.reading_room(table, table.as_if_published())
    picture.write_bytes(png(41, 30))

    with pytest.raises(ProblemError) as told:
        room.lay(root / "site")

    assert {p.code for p in told.value.problems} == {"files/changing"}
    assert built(root) > 0


def test_a_letter_is_set_with_the_templates_as_they_are_at_its_hour(root: Path) -> None:
    """Who works on and on sees what the check and the approval saw, not what was there at the start."""
    newsroom = open_newsroom(root, CLOCK)
    work = Presswork(newsroom)
    slot = Slot.parse("2026-02-06T17:00[Asia/Seoul]")
    before = work.prepare("slow", 1, slot).editions[0].html
    press = newsroom.press
    own = root / "templates" / "blocks" / "wall.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("<p>새로 고친 벽</p>", encoding="utf-8")

    after = work.prepare("slow", 1, slot).editions[0].html

    assert "새로 고친 벽" not in before
    assert "새로 고친 벽" in after
    assert newsroom.press is not press
    same = newsroom.press
    work.serials()
    assert newsroom.press is same
    own.unlink()
    assert work.prepare("slow", 1, slot).editions[0].html == before


def test_settings_that_were_saved_since_the_start_are_told(root: Path) -> None:
    newsroom = open_newsroom(root, CLOCK)
    assert newsroom.outdated() == ()

    (root / "config.toml").write_text(CONFIG.replace("느린 신호", "빠른 신호"), encoding="utf-8")

    assert [p.code for p in newsroom.outdated()] == ["wiring/settings-outdated"]
