"""New files for a publication: written once, never over an old one, and never mailed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from publisher.cli.command import run
from publisher.intake.exports import Service
from publisher.model.problem import MisuseError, ProblemError
from publisher.wiring.approving import approve, compare
from publisher.wiring.checking import check
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.taking_in import begin, take_archive, take_article
from tests.intake.documents import PIXEL, docx, p, relations
from tests.intake.test_archive import GHOST
from tests.intake.test_article import PASTE
from tests.preview.folder import write_publication

CONFIG = """\
[publication]
name = "느린 신호"
url = "https://slow-signal.example"
[sender]
address = "letter@slow-signal.example"
"""


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    write_publication(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return open_newsroom(tmp_path, {"PUBLISHER_CLOCK": "2026-11-21T12:00:00+09:00"})


def test_a_new_episode_is_a_draft_that_knows_its_slot(newsroom: Newsroom) -> None:
    """It stands after the three that wait already, and the calendar agrees."""
    done = begin(newsroom, "ai", "칩을 건넌 강", "ko")

    assert done.paths == ("episodes/ai/04-칩을-건넌-강.md",)
    assert done.slot is not None
    assert done.slot.key == "2026-12-18T17:00[Asia/Seoul]"
    entry = next(e for e in newsroom.table().calendar("ai", 6) if e.number == 4)
    assert (entry.slot, str(entry.standing)) == (done.slot, "draft")


@pytest.mark.parametrize(
    ("title", "code"),
    [("", "no-title"), (" … ", "no-title"), ("가" * 201, "long-title")],
)
def test_a_title_that_no_episode_may_have_is_refused(
    newsroom: Newsroom, title: str, code: str
) -> None:
    """Before a file is written that the next check would refuse."""
    before = sorted(newsroom.root.rglob("*"))

    with pytest.raises(MisuseError) as misuse:
        begin(newsroom, "ai", title, "ko")

    assert misuse.value.problems[0].code == f"wiring/{code}"
    assert sorted(newsroom.root.rglob("*")) == before


@pytest.mark.parametrize("by", ["", "  ", "\u202e김", "가" * 101])
def test_nobody_approves_without_a_name(newsroom: Newsroom, by: str) -> None:
    """An approval is a person’s word."""
    with pytest.raises(MisuseError) as misuse:
        approve(newsroom, "ai/1", by)

    assert misuse.value.problems[0].code == "wiring/approved-by-nobody"


@pytest.mark.parametrize("slug", ["", "../../x", "a/b", "_a", ".a", "a\0", "가" * 81, "a."])
def test_a_series_that_is_no_folder_of_its_own_is_refused(
    newsroom: Newsroom, tmp_path: Path, slug: str
) -> None:
    """No path out of the publication, and nothing that a scan would pass over."""
    with pytest.raises(MisuseError) as misuse:
        take_archive(newsroom, str(tmp_path / "none.json"), Service.GHOST, slug, "", "ko")

    assert misuse.value.problems[0].code == "wiring/series-name"


def test_a_series_nobody_has_is_said_with_the_nearest(newsroom: Newsroom) -> None:
    """A typing mistake costs one look."""
    with pytest.raises(MisuseError) as misuse:
        begin(newsroom, "aii", "제목", "ko")

    assert misuse.value.problems[0].remedy == "Name a folder of the episodes: ai"


def test_a_series_that_cannot_be_read_says_so(newsroom: Newsroom) -> None:
    """That its name is unknown would be no help."""
    elsewhere = newsroom.root.parent / "elsewhere"
    elsewhere.mkdir()
    (newsroom.root / "episodes" / "linked").symlink_to(elsewhere)

    with pytest.raises(MisuseError) as misuse:
        begin(newsroom, "linked", "제목", "ko")

    assert [(p.place.path, p.code) for p in misuse.value.problems] == [
        ("episodes/linked", "files/outside")
    ]


def test_an_article_takes_the_next_number_when_its_own_is_taken(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    """Nothing is overwritten; the contradiction is said."""
    source = tmp_path / "paste.txt"
    source.write_text(PASTE, encoding="utf-8")

    done = take_article(newsroom, str(source), "ai", None, "ko")

    assert done.paths == ("episodes/ai/04-중국에도-ai가-있다.md",)
    assert "intake/second-number" in [note.code for note in done.notes]
    assert {note.place.path for note in done.notes} == set(done.paths)
    with pytest.raises(MisuseError) as misuse:
        take_article(newsroom, str(source), "ai", 2, "ko")
    assert misuse.value.problems[0].code == "wiring/there-already"


def test_an_article_finds_its_series_by_name(newsroom: Newsroom, tmp_path: Path) -> None:
    """With several series, the one whose title stands at its head; else a clear question."""
    other = newsroom.root / "episodes" / "other"
    other.mkdir()
    (other / "series.toml").write_text('title = "다른 연재"\n', encoding="utf-8")
    source = tmp_path / "paste.txt"
    source.write_text(PASTE, encoding="utf-8")
    nameless = tmp_path / "nameless.txt"
    nameless.write_text("제목이다\n\n글이다.", encoding="utf-8")

    done = take_article(newsroom, str(source), None, None, "ko")
    with pytest.raises(MisuseError) as misuse:
        take_article(newsroom, str(nameless), None, None, "ko")

    assert done.paths[0].startswith("episodes/ai/04-")
    assert misuse.value.problems[0].remedy == "Name it with --series, one of: ai, other"


def test_an_article_with_pictures_gets_a_folder(newsroom: Newsroom, tmp_path: Path) -> None:
    """The text becomes its index.md, and the picture is found there."""
    body = (
        p("제목", "a0")
        + p('<w:r><w:drawing><a:blip r:embed="r1"/></w:drawing></w:r>')
        + p("글이다.")
    )
    source = tmp_path / "a.docx"
    members: dict[str, str | bytes] = {
        "word/_rels/document.xml.rels": relations(("r1", "image", "media/점.png")),
        "word/media/점.png": PIXEL,
    }
    source.write_bytes(docx(body, **members))

    done = take_article(newsroom, str(source), "ai", None, "ko")

    assert done.paths == ("episodes/ai/04-제목/index.md", "episodes/ai/04-제목/점.png")
    episode = newsroom.table().find("ai", 4)
    assert episode is not None
    assert episode.cover is not None
    assert episode.cover.picture.width == 1


def test_words_around_a_page_are_kept_beside_it(newsroom: Newsroom, tmp_path: Path) -> None:
    """In a file that is nobody's episode."""
    source = tmp_path / "a.html"
    source.write_text(
        "<body><nav>홈 메뉴</nav><article><h1>글</h1><p>글이다.</p></article>", "utf-8"
    )

    done = take_article(newsroom, str(source), "ai", None, "ko")

    assert done.paths[1] == "episodes/ai/_04-글.left-out.txt"
    assert "홈 메뉴" in (newsroom.root / done.paths[1]).read_text(encoding="utf-8")
    assert len(newsroom.table().episodes) == 4


def test_an_archive_is_out_already_and_mails_nobody(newsroom: Newsroom, tmp_path: Path) -> None:
    """The ledger knows its letters by their old names; none is due, held or late."""
    source = tmp_path / "ghost.json"
    source.write_text(json.dumps(GHOST), encoding="utf-8")

    done = take_archive(newsroom, str(source), Service.GHOST, "old", "https://old.example", "ko")

    assert done.handed_over == 2
    table = newsroom.table()
    out = table.published()
    assert [(out["old", n].guid, out["old", n].slot.key) for n in (1, 2)] == [
        ("a1", "2026-03-06T17:00[Asia/Seoul]"),
        ("b2", "2026-03-13T17:00[Asia/Seoul]"),
    ]
    assert [(e.number, str(e.standing)) for e in table.calendar("old", 9)] == []
    with pytest.raises(MisuseError):
        take_archive(newsroom, str(source), Service.GHOST, "old", "", "ko")


def test_an_archive_that_is_none_leaves_nothing_behind(newsroom: Newsroom, tmp_path: Path) -> None:
    """No folder, no half a series."""
    source = tmp_path / "ghost.json"
    source.write_text("{}", encoding="utf-8")

    with pytest.raises(ProblemError):
        take_archive(newsroom, str(source), Service.GHOST, "old", "", "ko")

    assert sorted(e.name for e in (newsroom.root / "episodes").iterdir()) == ["ai"]


def test_an_approval_holds_until_a_word_changes(newsroom: Newsroom) -> None:
    """The file carries the digest; what changed since is shown as readers see it."""
    done = approve(newsroom, "ai/1", "한서율")
    path = newsroom.root / done.episode.path
    approved = newsroom.table().find("ai", 1)

    assert approved is not None
    assert approved.approved == done.digest
    assert newsroom.press.approval(newsroom.table(), approved) == ()
    assert compare(newsroom, "ai/1").holds

    path.write_text(
        path.read_text(encoding="utf-8").replace("첫 문장", "새 문장"), encoding="utf-8"
    )
    changed = compare(newsroom, "ai/1")

    assert not changed.holds
    assert {c.marked for c in changed.changes if c.channel == "text"} == {
        "1화의 [-첫-]{+새+} 문장이다."
    }
    assert changed.approval.by == "한서율"
    assert f"{changed.when:%m-%d %H:%M} {changed.when.tzinfo}" == "11-21 12:00 Asia/Seoul"


@pytest.mark.parametrize("asked", [None, "ai/1"])
def test_a_check_tells_of_an_approval_that_holds_no_more(
    newsroom: Newsroom, asked: str | None
) -> None:
    """Such an episode would be held at its slot, whether approval is required or not."""

    def voided() -> list[str]:
        found = check(newsroom, asked).problems
        return [str(p.place) for p in found if p.code == "press/approval-void"]

    path = newsroom.root / approve(newsroom, "ai/1", "한서율").episode.path
    assert voided() == []

    path.write_text(path.read_text("utf-8").replace("첫 문장", "새 문장"), encoding="utf-8")

    assert voided() == ["episodes/ai/01-화.md:5:1"]


def test_an_approval_that_is_not_kept_is_said(newsroom: Newsroom) -> None:
    """Never approved, or approved on another machine: two different remedies."""
    with pytest.raises(MisuseError) as never:
        compare(newsroom, "ai/1")
    approve(newsroom, "ai/1", "한서율")
    for record in (newsroom.root / "data/approvals").iterdir():
        record.unlink()
    with pytest.raises(MisuseError) as elsewhere:
        compare(newsroom, "ai/1")

    assert never.value.problems[0].code == "wiring/not-approved"
    assert elsewhere.value.problems[0].code == "wiring/approval-not-kept"


def test_an_episode_with_an_error_cannot_be_approved(newsroom: Newsroom) -> None:
    """Nothing is written into it."""
    path = newsroom.root / "episodes/ai/02-화.md"
    broken = path.read_text(encoding="utf-8").replace("status: ready", "statuz: ready")
    path.write_text(broken, encoding="utf-8")

    with pytest.raises(ProblemError):
        approve(newsroom, "ai/2", "한서율")

    assert path.read_text(encoding="utf-8") == broken


def test_the_verbs_speak_for_themselves(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """new, import, approve and diff: exit codes, JSON, and a paste on standard input."""
    root = str(newsroom.root)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PASTE.encode())))

    assert run(["--lang", "en", "-C", root, "new", "ai", "강", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == "episodes/ai/04-강.md"
    assert run(["--lang", "en", "-C", root, "import", "-", "--series", "ai"]) == 0
    assert "guesses are marked TODO" in capsys.readouterr().out
    assert run(["--lang", "en", "-C", root, "approve", "ai/1", "--by", "Han"]) == 0
    assert "ai/01 is approved by Han." in capsys.readouterr().out
    assert run(["--lang", "en", "-C", root, "diff", "ai/1"]) == 0
    assert "Nothing has changed since." in capsys.readouterr().out
    assert run(["--lang", "en", "-C", root, "import", "no.txt", "--series", "ai"]) == 2
    assert "cannot be read" in capsys.readouterr().err
