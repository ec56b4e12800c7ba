"""The website over a real folder: what a series that has not begun may say of itself."""

import shutil
from pathlib import Path

from publisher.model.problem import Severity
from publisher.press.site import feeds_too_heavy
from publisher.wiring.building import build
from publisher.wiring.checking import check
from publisher.wiring.newsroom import open_newsroom
from publisher.wiring.stall import Stall

CLOCK = {"PUBLISHER_CLOCK": "2026-11-22T00:00:00+00:00", "PUBLISHER_SECRET": "s" * 32}
SAMPLE = Path(__file__).parents[2]
SERIES = """title = "곧 시작하는 연재"
description = "설명은 누구나 읽습니다."
intro = "아직 아무도 읽지 못할 여는 말"
{more}
[cadence]
weekday = "tue"
at = "08:00"
start = 2026-12-01
"""


def publication(folder: Path, more: str = "") -> Path:
    """A publication with one series that has a draft and a ready episode, and nothing out."""
    shutil.copy(SAMPLE / "config.toml", folder / "config.toml")
    series = folder / "episodes" / "soon"
    series.mkdir(parents=True)
    (series / "series.toml").write_text(SERIES.format(more=more), encoding="utf-8")
    for number, status in ((1, "ready"), (2, "draft")):
        text = f"---\ntitle: 감춰 둔 제목 {number}\nstatus: {status}\ndeck: 감춰 둔 부제\n---\n\n감춰 둔 본문\n"
        (series / f"{number:02d}-hidden.md").write_text(text, encoding="utf-8")
    return folder


def built(root: Path) -> dict[str, str]:
    """The text files of the site."""
    folder = root / "public"
    build(open_newsroom(root, CLOCK), folder)
    texts = (p for p in folder.rglob("*") if p.suffix in {".html", ".xml", ".json"})
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in texts}


def test_a_coming_series_is_announced_by_its_settings_alone(tmp_path: Path) -> None:
    """Title, description, rhythm and first day; no word of any episode, draft or ready, nor the intro."""
    made = built(publication(tmp_path))

    for words in (
        "곧 시작하는 연재",
        "설명은 누구나 읽습니다.",
        "매주 화요일 오전 8시",
        "첫 화 2026년 12월 1일 화요일",
    ):
        assert words in made["index.html"]
        assert words in made["soon/index.html"]
    assert "soon/feed.xml" in made
    assert [p for p, text in made.items() if "감춰 둔" in text or "여는 말" in text] == []
    assert [p for p in made if p.startswith(("soon/1", "soon/2"))] == []


def test_a_series_that_rests_or_is_over_is_not_announced(tmp_path: Path) -> None:
    """``hiatus`` is how an editor keeps a series to the desk until it is ready to be told of."""
    for course in ("hiatus", "finished"):
        root = tmp_path / course
        root.mkdir()
        made = built(publication(root, f'status = "{course}"'))
        assert [path for path, text in made.items() if "곧 시작하는" in text] == []


def test_the_sign_up_form_offers_what_the_website_tells_of(tmp_path: Path) -> None:
    """A series that rests before it began is on neither."""
    for course, offered in (("running", ["soon"]), ("hiatus", []), ("finished", [])):
        root = tmp_path / course
        root.mkdir()
        stall = Stall(open_newsroom(publication(root, f'status = "{course}"'), CLOCK))
        assert [offer.slug for offer in stall.offers()] == offered


def test_a_feed_rule_for_nothing_is_told_at_its_place(tmp_path: Path) -> None:
    """By check and by build, with the name that was meant; numbers may have a nought before them."""
    root = publication(tmp_path)
    config = (root / "config.toml").read_text("utf-8")
    rules = '\n[site.feeds]\nsoon = "teaser"\n"soon/01" = "omit"\nson = "omit"\n"soon/9" = "omit"\n'
    (root / "config.toml").write_text(config + rules, encoding="utf-8")
    line = config.count("\n") + 5

    newsroom = open_newsroom(root, CLOCK)
    for problems in (check(newsroom, editions=False).problems, build(newsroom).problems):
        found = [p for p in problems if p.code == "wiring/no-such-name"]
        assert [(p.place.line, p.place.column, dict(p.details)["name"]) for p in found] == [
            (line, 1, "son"),
            (line + 1, 1, "soon/9"),
        ]
        assert [dict(p.details)["nearest"] for p in found] == ["soon", "soon/1"]
    assert newsroom.choices.feeds == {
        "soon": "teaser",
        "soon/1": "omit",
        "son": "omit",
        "soon/9": "omit",
    }


def test_a_feed_that_some_readers_would_not_take_is_told(tmp_path: Path) -> None:
    """A warning with its weight, and only for living feeds: archives are read once."""
    (tmp_path / "s").mkdir()
    for name, size in (("feed.xml", 499_999), ("s/feed.json", 1_234_567), ("feed-2025.xml", 10**6)):
        (tmp_path / name).write_bytes(b" " * size)

    [problem] = feeds_too_heavy(tmp_path, ["s"])

    assert (problem.code, problem.place.path) == ("press/heavy-feed", "s/feed.json")
    assert dict(problem.details)["kilobytes"] == "1234"
    assert problem.severity is Severity.WARNING
