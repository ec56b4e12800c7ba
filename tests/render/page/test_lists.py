"""Lists of episodes: short ones whole, long ones by year, each line set once."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from urllib.parse import unquote

import pytest

from publisher.model.episode import Series
from publisher.model.setting import Setting
from publisher.render.page.frame import Frame
from publisher.render.page.listing import Listing, listing
from publisher.render.page.lists import NEWEST, WHOLE, Lists, Opening, Row
from publisher.render.site.choices import Choices
from publisher.render.site.plan import Site
from tests.render import stage
from tests.render.shelf import TEMPLATES, Reader, digests, out

SERIES: Series = stage.setting().series
#: The second series bears the same tags, and has but one episode.
SHORT = replace(SERIES, slug="short", title="짧은 연재", path="episodes/short/series.toml")


def long(count: int = WHOLE + 20) -> list[Setting]:
    """A weekly of more than four years from the end of 2025 on, and beside it one other episode."""
    beside = out(3)
    episode = replace(beside.episode, series="short")
    other = replace(beside, series=SHORT, episode=episode, guid=f"{beside.guid}/short")
    return [*(out(number) for number in range(1, count + 1)), other]


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    return lists_of(long())


def lists_of(settings: list[Setting]) -> dict[str, bytes]:
    """Make the lists of a website, and nothing else."""
    planned = Site(stage.publication(), settings, TEMPLATES, lambda _: b"", Choices())
    return {sheet.path: sheet.make() for sheet in planned.lists()}


def _told(whole: dict[str, bytes], path: str) -> list[str]:
    """Give the episodes that a list shows, as their paths, in its order."""
    reader = Reader(whole[f"{path}index.html"].decode())
    links = [unquote(str(element.get("href"))) for element in reader.all("a")]
    return [
        link
        for link in links
        if link.strip("/").rpartition("/")[2].isdigit() and "archive" not in link
    ]


def test_a_list_is_whole_up_to_a_length_and_by_year_beyond_it() -> None:
    short, grown = lists_of(long(WHOLE - 1)), lists_of(long(WHOLE))
    assert len(_told(short, "tags/ai/")) == WHOLE
    assert not [path for path in short if path.startswith("tags/ai/archive/")]
    assert len(_told(grown, "tags/ai/")) == NEWEST
    assert len(_told(grown, "s/")) == WHOLE


@pytest.mark.parametrize(
    ("path", "others"),
    [("s/", []), ("tags/ai/", ["/short/3/"]), ("authors/편집부-에디터/", ["/short/3/"])],
)
def test_no_episode_is_lost_in_a_long_list(
    whole: dict[str, bytes], path: str, others: list[str]
) -> None:
    """Its first page has the newest, and leads to a page of each year; they have every episode once."""
    newest = [f"/s/{number}/" for number in range(WHOLE + 20, WHOLE + 20 - NEWEST, -1)]
    assert _told(whole, path) == newest
    first = Reader(whole[f"{path}index.html"].decode())
    linked = [unquote(str(e.get("href"))) for e in first.all("a")]
    years = [link for link in linked if link.startswith(f"/{path}archive/")]
    assert years == [f"/{path}archive/{year}/" for year in range(2030, 2024, -1)]
    found = [each for year in years for each in _told(whole, year.lstrip("/"))]
    assert sorted(found) == sorted([*(f"/s/{n}/" for n in range(1, WHOLE + 21)), *others])


def test_a_year_of_a_list_says_of_what_and_leads_back_and_on(whole: dict[str, bytes]) -> None:
    page = whole["tags/ai/archive/2026/index.html"].decode()
    reader = Reader(page)
    leads = {str(e.get("href")): str(e.get("rel") or "") for e in reader.all("a")}
    assert "<title>#AI 2026년 – 느린 신호</title>" in page
    assert ">#AI</a></p>\n<h1>2026년</h1>" in page
    assert "/tags/ai/" in leads
    assert leads["/tags/ai/archive/2025/"] == "prev"
    assert leads["/tags/ai/archive/2027/"] == "next"
    assert "entry-series" in page
    assert "entry-series" not in whole["s/archive/2026/index.html"].decode()
    assert "<h1>2026년</h1>" in whole["archive/2026/index.html"].decode()


def test_each_month_stands_once_though_it_ends_at_different_hours() -> None:
    """Of two that came out one after the other, the later one may bear the earlier date."""
    lists = Lists(Frame(stage.publication(), TEMPLATES))
    row = listing(stage.setting())
    days = [date(2026, 2, 3), date(2026, 1, 31), date(2026, 2, 1), date(2026, 1, 30)]
    rows = [replace(row, number=9 - at, day=day) for at, day in enumerate(days)]
    page = lists.year(lists.of_all(), 2026, rows, [2026])
    assert re.findall(r">(\d+월)</h2>", page) == ["2월", "1월"]
    assert re.findall(r'datetime="([^"]+)"', page) == [str(days[at]) for at in (0, 2, 1, 3)]


def test_one_new_title_in_a_long_list_touches_its_year_alone() -> None:
    """Not the first pages of the lists, when it is old; and of the years only its own."""
    before = long()
    after = [
        replace(s, episode=replace(s.episode, title="새 제목", digest="sha256:new"))
        if (s.series.slug, s.episode.number) == ("s", 20)
        else s
        for s in before
    ]
    one, two = digests(before), digests(after)
    changed = {path for path in one if one[path] != two[path]}
    lists = {path for path in changed if path.endswith("index.html") and "archive" in path}
    assert lists == {
        f"{folder}archive/2026/index.html"
        for folder in ("", "s/", "tags/ai/", "tags/테크/", "authors/편집부-에디터/")
    }
    assert not changed & {"s/index.html", "tags/ai/index.html", "authors/편집부-에디터/index.html"}


def test_a_line_is_set_once_for_all_the_lists_that_show_it_alike() -> None:
    """In its own words wherever it stands: another language, level or row is another line."""
    asked: list[str] = []

    class Asked(Listing):
        @property
        def path(self) -> str:
            asked.append(self.title)
            return super().path

    row = listing(stage.setting())
    one = Asked(**{f.name: getattr(row, f.name) for f in fields(row)})
    two = replace(one, title="다른 회차")
    lists = Lists(Frame(stage.publication(), TEMPLATES))
    tags = [lists.tag(name, Opening.of([one, two])) for name in ("가", "나")]
    assert asked == [one.title, "다른 회차"]
    lines = [page.partition("<ol")[2].partition("</ol>")[0] for page in tags]
    assert lines[0] == lines[1]
    assert lines[0].index(one.title) < lines[0].index("다른 회차")

    assert '<h3 class="entry-title"' in lists.year(lists.of_all(), 2025, [one], [2025])
    assert "entry-series" not in lists.series(SERIES, Opening.of([one]))
    assert asked == [one.title, "다른 회차", one.title, one.title]
    english = lists.series(replace(SERIES, language="en"), Opening.of([one]))
    assert ("1화" in lines[0], "1화" in english, "No. 1" in english) == (True, False, True)


def test_one_episode_is_counted_as_one() -> None:
    lists = Lists(Frame(replace(stage.publication(), language="en"), TEMPLATES))
    row = listing(stage.setting())
    assert "<span>1 episode</span>" in lists.tag("가", Opening.of([row]))
    assert "<span>2 episodes</span>" in lists.tag("가", Opening.of([row, row]))
    index = lists.tags([Row("가", "/tags/가/", 1), Row("나", "/tags/나/", 3)])
    assert ">1 episode<" in index
    assert ">3 episodes<" in index
