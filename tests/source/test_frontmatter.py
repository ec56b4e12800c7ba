"""Front matter: what stands there, where it stands, and what to say when it cannot be read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from publisher.source import frontmatter
from publisher.source.frontmatter import Front
from tests.source.publication import SERIES, only, publication, read, told, write


def front(text: str) -> Front:
    return frontmatter.read(text, "a.md")


def told_of(text: str) -> list[str]:
    return [f"{p.place.line}:{p.place.column} {p.code}" for p in front(text).problems]


def test_values_stay_the_text_that_was_written() -> None:
    found = front(
        "---\ntitle: 1984\ndeck: no\nsummary: 1:30\nteaser: 2026-03-06\nsubject: ~\n---\n글\n"
    )

    assert found.values == {
        "title": "1984",
        "deck": "no",
        "summary": "1:30",
        "teaser": "2026-03-06",
    }
    assert (found.body, found.first) == ("글\n", 8)


def test_places_of_keys_and_values() -> None:
    found = front("---\ntitle:   가\ncover:\n  src: a.png\n  alt: 나\ntags: [가, #나]\n---\n")

    where = {
        ".".join(map(str, path)): (p.line, p.column) for path, p in found.places.values.items()
    }
    assert where["title"] == (2, 10)
    assert where["cover.src"] == (4, 8)
    assert where["tags.1"] == (6, 11)
    assert found.places.key(("cover", "alt")).column == 3


@pytest.mark.parametrize(
    "written",
    ["[AI, 테크]", "[#AI, #테크]", "['#AI', \"#테크\"]", "#AI #테크", "AI, 테크", "#AI, #테크",
     "\n  - AI\n  - '#테크'", "\n- #AI\n- #테크", "[\n  #AI,\n  #테크\n  ]", "[#AI, #테크] # 주석", "[AI, 테크, ai]"],
)  # fmt: skip
def test_tags_in_every_spelling(tmp_path: Path, written: str) -> None:
    found = publication(tmp_path, {"01-a.md": f"---\ntags: {written}\ntitle: 가\n---\n글\n"})

    assert told(found) == []
    assert only(found).tags == ("AI", "테크")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("글\n", "1:1 source/front-missing"),
        ("\n\n글\n", "3:1 source/front-missing"),
        ("+++\ntitle = 'a'\n+++\n", "1:1 source/front-toml"),
        ("---\ntitle: 가\n\n글이 이어진다\n", "1:1 source/front-open"),
        ("---\ntitle: 앞: 뒤\n---\n", "2:9 source/front-colon"),
        ('---\ntitle: "인용"으로 시작\n---\n', "2:12 source/front-quotes"),
        ('---\ntitle: "인용\ndeck: 나\n---\n', "2:8 source/front-quotes"),
        ("---\ntags: [가, 나\ntitle: 다\n---\n", "2:7 source/front-brackets"),
        ("---\ntitle: [가] 나\n---\n", "2:12 source/front-brackets"),
        ("---\ntitle: 가\ntags: [\n---\n", "3:7 source/front-brackets"),
        ("---\ntitle: 가\ntags: [나,\n---\n", "3:7 source/front-brackets"),
        ("---\ncover: {src: \n---\n", "2:8 source/front-brackets"),
        ("---\ncover: {\n  src: a,\n---\n", "2:8 source/front-brackets"),
        ("---\ntitle: @누구\n---\n", "2:8 source/front-tab"),
        ("---\n\ttitle: 가\n---\n", "2:1 source/front-tab"),
        ("---\ntitle: *중요* 소식\n---\n", "2:8 source/front-alias"),
        ("---\ntitle: &가 나\n---\n", "2:8 source/front-alias"),
        ("---\ntitle: !가 나\n---\n", "2:8 source/front-alias"),
        ("---\ntitle: *a\n---\n", "2:8 source/front-alias"),
        ("---\ntitle: 번호 #1 소식\n---\n", "2:11 source/front-comment"),
        ("---\ntitle: 가\ntitle: 나\n---\n", "3:1 keys/twice"),
        ("---\ncover:\n  src: a\n  src: b\n---\n", "4:3 keys/twice"),
        ("---\n그냥 글\n---\n", "2:1 source/front-no-key"),
        ("---\n- 가\n---\n", "2:1 source/front-no-key"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_place(text: str, problem: str) -> None:
    assert told_of(text) == [problem]


def test_a_value_that_wants_marks_is_read_all_the_same() -> None:
    found = front('---\ntitle: 중국: AI\ndeck: "인용"으로\nstatus: ready\n---\n')

    assert found.values == {"title": "중국: AI", "deck": '"인용"으로', "status": "ready"}
    assert len(found.problems) == 2


def test_a_comment_of_the_usual_kind_is_no_fault() -> None:
    found = front("---\n# 머리\nstatus: ready   # draft | ready\ntitle: C# 이야기\n---\n")

    assert found.problems == []
    assert found.values == {"status": "ready", "title": "C# 이야기"}


def test_an_unended_head_keeps_its_text() -> None:
    found = front("---\ntitle: 가\nstatus: draft\n\n첫 문단\n")

    assert found.values == {"title": "가", "status": "draft"}
    assert found.body == "\n첫 문단\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("titel: 나", "3:1 keys/unknown-near"),
        ("부제: 나", "3:1 keys/unknown-near"),
        ("author: 나", "3:1 keys/unknown-near"),
        ("wholly-else: 나", "3:1 keys/unknown"),
        ("status: Ready", "3:9 keys/not-one-of"),
        ("deck: [가]", "3:7 keys/not-text"),
        ("tags: {가: 나}", "3:7 source/tag"),
        ("tags: [[가]]", "3:7 source/tag"),
        ("cover: {src: a.png, altt: b}", "3:21 keys/unknown-near"),
        ("cover: {alt: b}", "3:1 keys/missing"),
        ("publish_at: 금요일", "3:13 source/moment"),
        ("publish_at: 2026-02-30 17:00", "3:13 source/moment"),
        ("publish_at: 2026-03-06 25:00", "3:13 source/moment"),
        ("byline: 이름 a@", "3:9 source/byline"),
        ("approved: yes", "3:11 source/approved"),
        ("corrections: [{date: 2026-13-01, text: 가}]", "3:22 source/date"),
        ("corrections: [{text: 가}]", "3:15 keys/missing"),
        ("allow: [images/alt]", "3:8 keys/not-table"),
        ("number: 2", "3:9 source/contradiction"),
        ("number: 둘", "3:9 source/number"),
        ("slug: b", "3:7 source/contradiction"),
        ("series: b", "3:9 source/contradiction"),
        (f"deck: {'가' * 501}", "3:7 keys/too-long"),
    ],
)
def test_a_wrong_key_or_value_is_told_at_its_place(tmp_path: Path, line: str, problem: str) -> None:
    found = publication(tmp_path, {"01-a.md": f"---\ntitle: 가\n{line}\n---\n글\n", "a.png": b""})

    assert [t.partition(":")[2] for t in told(found) if "image" not in t] == [problem]
    assert only(found).title == "가"


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("2026-03-06 17:00", datetime(2026, 3, 6, 17, 0)),
        ("2026-03-06T17:00", datetime(2026, 3, 6, 17, 0)),
        ("'2026-03-06 17:00:00'", datetime(2026, 3, 6, 17, 0)),
        ("2026-3-6 9:05", datetime(2026, 3, 6, 9, 5)),
        ("2026-03-06", datetime(2026, 3, 6, 17, 0)),
        ("2026-03-06T08:00:00Z", datetime(2026, 3, 6, 17, 0)),
        ("2026-03-06 10:00 +0200", datetime(2026, 3, 6, 17, 0)),
    ],
)
def test_the_pinned_slot_is_local_time_of_the_series(
    tmp_path: Path, written: str, local: datetime
) -> None:
    found = publication(tmp_path, {"01-a.md": f"---\ntitle: 가\npublish_at: {written}\n---\n글\n"})

    assert told(found) == []
    assert only(found).publish_at == local


def test_a_title_without_value_is_empty_at_its_line(tmp_path: Path) -> None:
    found = publication(tmp_path, {"01-a.md": "---\nstatus: draft\ntitle:\n---\n글\n"})

    assert told(found) == ["01-a.md:3:1 keys/empty"]
    assert only(found).title == "a"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ('titel = "가"\n', ["1:1 keys/missing", "1:1 keys/unknown-near"]),
        ('title = "가"\n[cadance]\nweekday = "fri"\n', ["2:1 keys/unknown-near"]),
        ('title = "가"\n[cadence]\nweekday = "someday"\nat = "17:00"\n', ["3:11 source/weekday"]),
        ('title = "가"\n[cadence]\nweekday = "fri"\nat = "5 PM"\n', ["4:6 source/time"]),
        ('title = "가"\n[cadence]\nweekday = "fri"\n', ["2:1 keys/missing"]),
        ('title = "가"\n[cadence]\nweekday = "fri"\nat = 17:00:00\nskip = [2026-09-25, "x"]\n', ["5:21 source/date"]),
        ('title = "가"\nintro = "글 <b>"\n', ["2:12 source/html"]),
        ('title = "가"\nintro = """\n글\n<b>a\n"""\n', ["4:1 source/html"]),
        ('title = "가"\nintro = "\\"글\\" <b>"\n', ["2:9 source/html"]),
    ],
)  # fmt: skip
def test_faults_of_a_series_stand_at_their_place(
    tmp_path: Path, toml: str, problem: list[str]
) -> None:
    write(tmp_path, {"series.toml": toml, "01-a.md": "---\ntitle: 가\n---\n글\n"})

    found = read(tmp_path)

    assert [each.partition(":")[2] for each in told(found)] == problem
    assert len(found.episodes) == 1


def test_the_cadence_of_the_contract(tmp_path: Path) -> None:
    toml = SERIES + (
        'timezone = "Europe/Berlin"\nstart = 2026-01-02\nskip = [2026-09-25]\nlate_ok = "90m"\n'
        'if_missed = "skip"\nif_not_ready = "skip"\n'
    )
    write(tmp_path, {"series.toml": toml, "01-a.md": "---\ntitle: 가\n---\n글\n"})

    (series,) = read(tmp_path).series

    assert series.cadence is not None
    assert (series.cadence.weekday, series.cadence.at.hour) == (4, 17)
    assert series.cadence.timezone == "Europe/Berlin"
    assert str(series.cadence.start) == "2026-01-02"
    assert [str(day) for day in series.cadence.skip] == ["2026-09-25"]
    assert series.cadence.late_ok.total_seconds() == 5400
    assert (series.cadence.if_missed, series.cadence.if_not_ready) == ("skip", "skip")
