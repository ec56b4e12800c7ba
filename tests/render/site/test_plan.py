"""The plan of the site: what there is, what changes with what, and how feeds hang together."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import feedparser
import pytest
from lxml import etree

from publisher.model.body import Body, Heading, Text
from publisher.model.episode import Audience, Series
from publisher.model.setting import Setting
from publisher.model.slot import Cadence
from publisher.render.feed.item import item, teaser
from publisher.render.feed.xml import item_xml
from publisher.render.site.choices import Choices
from publisher.render.site.members import MembersFeeds
from publisher.render.site.plan import Site
from tests.render import stage
from tests.render.feeds import assert_atom, assert_rss, guids, links
from tests.render.json_feed import assert_json_feed
from tests.render.shelf import TEMPLATES, digests, out, serial, site


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    """The whole site of eight episodes, four items to a feed."""
    return site(serial(), feed_items=4, hub="https://hub.example/")


def test_every_feed_of_the_site_is_valid(whole: dict[str, bytes]) -> None:
    """For the publication, the series and each tag, in three formats, and the archives."""
    feeds = {path: data for path, data in whole.items() if "feed" in path or "atom" in path}
    folders = ("", "s/", "tags/ai/", "tags/테크/")
    parts = ("feed-2025", "feed-2025-2", "atom-2025", "atom-2025-2")
    archives = {f"{folder}{part}.xml" for folder in folders for part in parts}

    living = {f"{f}{n}" for f in folders for n in ("feed.xml", "atom.xml", "feed.json")}
    assert set(feeds) == living | archives
    for path, data in feeds.items():
        if path.endswith(".json"):
            parsed = assert_json_feed(data)
            hubs = [e["url"] for e in parsed.get("hubs", ())]
            assert hubs == ([] if path.startswith("tags/") else ["https://hub.example/"])
        elif "atom" in path:
            assert_atom(data)
        else:
            assert_rss(data)
        if not path.endswith(".json"):
            assert feedparser.parse(data).bozo == 0


def test_a_feed_names_itself_by_its_own_address(whole: dict[str, bytes]) -> None:
    """Self links are absolute, percent-encoded, and each feed's own; the hub is in the living feeds it is told of."""
    assert links(whole["tags/테크/feed.xml"]) == {
        "self": "https://slow-signal.example/tags/%ED%85%8C%ED%81%AC/feed.xml",
        "prev-archive": "https://slow-signal.example/tags/%ED%85%8C%ED%81%AC/feed-2025-2.xml",
    }
    for name in ("feed.xml", "atom.xml"):
        assert links(whole[name])["hub"] == "https://hub.example/"
        assert links(whole[f"s/{name}"])["self"] == f"https://slow-signal.example/s/{name}"


def test_no_address_in_any_item_is_relative() -> None:
    """Links, pictures and footnote marks lead to the same place from any reader."""
    html = item(out(1), Audience.MEMBERS, TEMPLATES).html
    tree = etree.HTML(html)
    addresses = [*tree.xpath("//@href"), *tree.xpath("//@src")]

    assert len(addresses) > 8
    for address in addresses:
        assert address.startswith(("https://", "mailto:")), address


def test_an_item_holds_only_what_readers_keep() -> None:
    """No class, style, id, form, script or frame; strong and em rather than b and i."""
    tree = etree.HTML(item(out(1), Audience.MEMBERS, TEMPLATES).html)
    kept = {
        "html",
        "body",
        "p",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "img",
        "figure",
        "figcaption",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
        "br",
        "sup",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    }

    assert {e.tag for e in tree.iter()} <= kept
    assert {name for e in tree.iter() for name in e.attrib} <= {
        "href",
        "title",
        "src",
        "alt",
        "width",
        "height",
        "start",
        "scope",
    }


@pytest.mark.parametrize("audience", [Audience.FREE, Audience.MEMBERS])
def test_an_item_alone_keeps_the_gate(audience: Audience) -> None:
    """The members' words are in the members' item only; title, categories and picture in both."""
    made = item(out(1), audience, TEMPLATES)
    written = item_xml(made)

    assert (stage.SECRET.encode() in written) is (audience is Audience.MEMBERS)
    assert made.categories == ("AI가 우리를 구하지 않는다", "AI", "테크")
    assert made.image_url == f"https://slow-signal.example/s/1/{'ab12' * 4}.png"
    assert (made.image_type, made.image_width, made.image_height) == ("image/png", 1200, 800)


def test_guids_outlive_every_name() -> None:
    """A new title, slug or series title changes no guid; what was stored is what is written."""
    setting = out(1)
    renamed = replace(
        setting,
        episode=replace(setting.episode, title="새 제목", slug="new", digest="sha256:n"),
        series=replace(setting.series, title="새 연재 이름"),
        publication=replace(setting.publication, url="https://elsewhere.example"),
    )

    assert (
        item(renamed, Audience.FREE, TEMPLATES).guid == item(setting, Audience.FREE, TEMPLATES).guid
    )


def test_a_correction_is_an_update_and_never_a_new_item() -> None:
    """Published stays; updated moves; the guid is the same."""
    corrected = replace(serial()[4], updated=datetime(2026, 1, 3, tzinfo=UTC))
    made, plain = item(corrected, Audience.FREE, TEMPLATES), item(out(5), Audience.FREE, TEMPLATES)

    assert (made.guid, made.published) == (plain.guid, plain.published)
    assert made.updated == datetime(2026, 1, 3, tzinfo=UTC)
    assert plain.updated == plain.published
    assert "바로잡습니다" in made.html


def test_a_living_feed_stays_below_half_a_megabyte() -> None:
    """Twenty long letters of 6,000 characters: some readers stop at a megabyte."""
    long = Body(tuple(stage.p("긴 편지의 한 문장입니다. " * 40) for _ in range(11)))
    made = site([out(number, long) for number in range(1, 31)])

    for name in ("feed.xml", "atom.xml", "feed.json"):
        assert 300_000 < len(made[name]) < 500_000


def test_what_is_not_handed_in_is_nowhere() -> None:
    """An episode that is not out has no page, no item, no entry in any list, and no link to it."""
    made = site(serial(3))

    assert "s/4/index.html" not in made
    assert not [path for path, data in made.items() if b"/s/4/" in data]


# --- what changes with what -----------------------------------------------------------


def _changed(before: list[Setting], after: list[Setting], **choices: Any) -> set[str]:
    old, new = digests(before, **choices), digests(after, **choices)
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def test_one_changed_text_changes_its_page_and_the_feeds_that_hold_it() -> None:
    """No other page is made again."""
    before = serial(30)
    after = [*before[:9], out(10, digest="sha256:new"), *before[10:]]

    assert _changed(before, after, feed_items=4) == {
        "s/10/index.html",
        *(
            f"{folder}{name}-2026-2.xml"
            for folder in ("", "s/", "tags/ai/", "tags/테크/")
            for name in ("feed", "atom")
        ),
    }


def test_a_changed_title_changes_the_lists_that_name_it() -> None:
    """Its page, the page before it, its lists; never the pages of the others."""
    before = serial(30)
    after = [*before[:9], out(10, title="새 제목"), *before[10:]]
    changed = _changed(before, after)

    assert {p for p in changed if p.startswith("s/") and p.endswith("index.html")} == {
        "s/index.html",
        "s/10/index.html",
        "s/9/index.html",
    }
    assert {"archive/2026/index.html", "tags/ai/index.html", "search/index.json"} <= changed
    assert "index.html" not in changed


def test_a_changed_heading_changes_what_the_search_finds() -> None:
    before = serial(30)
    text = Body((Heading(2, (Text("새 소제목"),), "새-소제목"),))
    after = [*before[:9], out(10, text, digest="sha256:new"), *before[10:]]

    assert "search/index.json" in _changed(before, after)


def test_equal_digests_mean_equal_bytes() -> None:
    """Whatever keeps its digest over a change of text, title, tags or date keeps its bytes."""
    before = serial(12)
    for change in (
        {"title": "새 제목"},
        {"deck": "새 부제"},
        {"tags": ("새 태그",)},
        {"access": Audience.MEMBERS},
        {"byline": None},
        {"cover": None},
    ):
        after = [*before[:3], out(4, **change), *before[4:]]
        old, new = digests(before, feed_items=4), digests(after, feed_items=4)
        old_bytes, new_bytes = site(before, feed_items=4), site(after, feed_items=4)
        for path in old.keys() & new.keys():
            if old[path] == new[path]:
                assert old_bytes[path] == new_bytes[path], (path, change)


def test_the_same_episodes_in_any_order_make_the_same_site() -> None:
    """Order of arrival shows nowhere."""
    assert site(serial()) == site(serial()[::-1])


def test_an_empty_publication_has_a_site_that_says_so() -> None:
    """Before the first slot there are pages and empty, valid feeds."""
    made = site([])

    assert "첫 화를 준비하고 있습니다." in made["index.html"].decode()
    assert_rss(made["feed.xml"])
    assert_atom(made["atom.xml"])
    assert_json_feed(made["feed.json"])


def announced(slug: str = "새연재", **changes: Any) -> Series:
    """A series that begins on the first Tuesday after a day in November."""
    cadence = Cadence(weekday=1, at=time(8), timezone="Asia/Seoul", start=date(2026, 11, 6))
    made = Series(slug, "새 연재", "x/series.toml", "곧 만납니다.", cadence=cadence, language="ko")
    return replace(made, **changes)


def test_a_series_that_has_not_begun_is_announced() -> None:
    """Home, the about page and its own page say what it is, how often it comes and from when."""
    made = site(serial(3), (announced(),))
    rhythm, first = "매주 화요일 오전 8시", "첫 화 2026년 11월 10일 화요일"

    for path in ("index.html", "about/index.html", "새연재/index.html"):
        page = made[path].decode()
        assert all(words in page for words in ("새 연재", "곧 만납니다.", rhythm, first)), path
    assert "첫 화를 준비하고 있습니다." in made["새연재/index.html"].decode()
    assert b"/%EC%83%88%EC%97%B0%EC%9E%AC/</loc>" in made["sitemap.xml"]
    assert_rss(made["새연재/feed.xml"])
    assert_atom(made["새연재/atom.xml"])
    assert_json_feed(made["새연재/feed.json"])


def test_what_has_begun_or_says_no_day_names_no_first_day() -> None:
    """The day is that of ``series.toml`` alone, and only while nothing is out."""
    begun = site([replace(out(1), series=announced("s"))], (announced("s"),))
    undated = site([], (announced(cadence=None),))

    assert not [path for path, data in begun.items() if "2026년 11월 10일".encode() in data]
    assert "부정기 연재" in undated["index.html"].decode()
    assert "첫 화 2" not in undated["index.html"].decode()


def test_a_series_announced_or_begun_changes_the_lists_that_name_it() -> None:
    """Digests see what the pages show: another first day is another home page."""
    later = replace(
        announced().cadence or Cadence(1, time(8), "Asia/Seoul"), start=date(2026, 12, 1)
    )
    one, two = site([], (announced(),)), site([], (announced(cadence=later),))

    differing = {path for path in one if one[path] != two[path]}
    assert differing == {
        "index.html",
        "about/index.html",
        "join/index.html",
        "새연재/index.html",
    }
    digests = [
        {
            sheet.path: sheet.digest
            for sheet in Site(
                stage.publication(), [], TEMPLATES, lambda path: b"", Choices(), announced=(s,)
            ).sheets()
        }
        for s in (announced(), announced(cadence=later))
    ]
    assert {path for path in digests[0] if digests[0][path] != digests[1][path]} == differing


def test_pictures_stand_beside_the_page_under_the_name_of_their_content() -> None:
    """The bytes are those of the file that the episode names."""
    assert site([out(1)])[f"s/1/{'ab12' * 4}.png"] == b"episodes/s/01/chart.png"


def test_the_search_index_is_small_and_says_only_what_is_open() -> None:
    """Titles, decks, tags and open headings, and none of an episode for members."""
    rows = json.loads(site(serial())["search/index.json"])["pages"]

    assert [row["path"] for row in rows] == [f"/s/{n}/" for n in range(8, 0, -1)]
    assert "자립이라는 말" in rows[0]["text"]
    assert "자립이라는 말" not in rows[2]["text"]
    assert [row.get("members") for row in rows[:3]] == [None, None, True]
    assert not any(row["deck"] in row["text"] or row["series"] in row["text"] for row in rows)


def test_sitemap_and_robots_name_each_page_and_each_other() -> None:
    """Every page that is meant to be found is in the sitemap with its last revision."""
    made = site(serial())
    tree = etree.fromstring(made["sitemap.xml"])
    found = {e.findtext("{*}loc"): e.findtext("{*}lastmod") for e in tree}

    assert found["https://slow-signal.example/s/1/"] == "2025-11-28T08:00:00+00:00"
    assert "https://slow-signal.example/archive/" in found
    assert b"Sitemap: https://slow-signal.example/sitemap.xml\n" in made["robots.txt"]


# --- what stands in the public feeds --------------------------------------------------


@pytest.mark.parametrize(
    ("feeds", "members", "shown"),
    [
        ({}, "teaser", "full full full"),
        ({}, "omit", "full full omit"),
        ({"s": "teaser"}, "teaser", "teaser teaser full"),
        ({"s": "omit"}, "teaser", "omit omit omit"),
        ({"s": "omit", "s/4": "full"}, "teaser", "full omit omit"),
        ({"s/5": "teaser", "s/6": "full"}, "omit", "full teaser omit"),
        ({"s/6": "omit"}, "teaser", "full full omit"),
    ],
)
def test_the_more_guarded_word_counts_and_one_episode_before_its_series(
    feeds: dict[str, Any], members: Any, shown: str
) -> None:
    """The fourth and fifth are free; of the sixth, for members, the gate makes a teaser itself."""
    choices = Choices(feeds=feeds, members_in_feed=members)

    assert " ".join(choices.show(setting) for setting in serial()[3:6]) == shown


def test_a_teaser_points_to_the_page_and_holds_none_of_its_text() -> None:
    """In all three formats and the archives; the page has all, and a member's own feed too."""
    feeds = {"s": "teaser"}
    made = site(serial(), feed_items=4, feeds=feeds)
    words = "자립이라는 말".encode()
    setting = replace(out(1), episode=replace(out(1).episode, summary="한 문장 요약"))
    html = teaser(setting, Audience.FREE, TEMPLATES).html

    assert words in made["s/1/index.html"]
    assert [p for p, data in made.items() if ("feed" in p or "atom" in p) and words in data] == []
    assert_rss(made["feed.xml"])
    assert_atom(made["atom.xml"])
    assert_json_feed(made["feed.json"])
    assert "한 문장 요약" in html
    own = MembersFeeds(
        Site(
            stage.publication(),
            serial(),
            TEMPLATES,
            lambda path: b"",
            Choices(feeds={"s": "teaser"}),
        )
    )
    assert words in (own.read("feed.xml") or b"")
    assert '<a href="https://slow-signal.example/s/1/">이어 읽기</a>' in html


def test_what_is_omitted_is_in_no_feed_and_still_on_its_page() -> None:
    """One episode by its number; its neighbours stay."""
    made = site(serial(3), feeds={"s/2": "omit"})
    guid = out(2).guid.encode()

    assert "s/2/index.html" in made
    assert [path for path, data in made.items() if guid in data] == []
    assert guids(made["feed.xml"]) == [out(3).guid, out(1).guid]
