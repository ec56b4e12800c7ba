"""The three feeds: their grammars, their round trip, and the ways in which feeds are known to break.

Twenty bugs that real feeds have had, and where each is kept out:

| bug | kept out by |
|---|---|
| an Atom link loses its relation | test_an_atom_link_keeps_its_relation_and_type |
| tags shown as text | test_atom_bodies_are_escaped_html |
| one control character kills the feed | test_one_control_character_costs_itself_and_nothing_else |
| order reversed | test_the_newest_item_is_first_however_they_come |
| everything unread again | tests/render/site/test_plan: test_guids_outlive_every_name; guids are stored at first release |
| a reused guid hides an episode | test_two_items_of_one_name_are_refused |
| the feed changes with every build | test_feeds_are_the_same_in_any_process; the folder writes only what differs |
| drafts, later episodes and dates ahead show | tests/render/site/test_plan: test_what_is_not_handed_in_is_nowhere; tests/press/test_table: test_a_correction_counts_from_its_day_on |
| members' words are public | tests/render/page/test_pages: test_no_members_sentence_is_in_any_file_of_the_site, and the gate of each build |
| what was withdrawn lives on | cannot be kept out: readers keep it; docs/hosting.md says so, corrections reach them |
| broken links and pictures | tests/render/site/test_plan: test_no_address_in_any_item_is_relative |
| a feed too large | tests/render/site/test_plan: test_a_living_feed_stays_below_half_a_megabyte; tests/press/test_site: test_a_feed_that_some_readers_would_not_take_is_told |
| titles cut or escaped twice | test_a_title_is_plain_text_escaped_once |
| dates in the local language | test_feeds_are_the_same_in_any_process, test_dates_are_utc_and_english_whatever_the_zone |
| 304 never sent | tests/site/test_nginx: test_a_reader_that_asks_again_gets_304 |
| readers blocked by a guard | not ours to keep out: docs/hosting.md asks for it |
| a ping without effect | tests/transport/test_websub: the topic is the self link to the letter |
| a hub taken for the page | test_a_hub_never_becomes_the_link_of_the_channel |
| a styled feed stops showing | test_no_stylesheet_instruction_is_written |
| mails made from feeds go out twice | published never moves: tests/render/site/test_plan: test_a_correction_is_an_update_and_never_a_new_item |
"""

from __future__ import annotations

import json
import locale
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import feedgen.entry
import feedgen.feed
import feedparser
import pytest
from lxml import etree

from publisher.model.edition import FeedItem
from publisher.render.feed.channel import Channel, Logo
from publisher.render.feed.dates import rfc822
from publisher.render.feed.json_feed import json_feed
from publisher.render.feed.xml import atom, item_xml, rss
from tests.render.feeds import CHANNEL, FIRST, assert_atom, assert_rss, item
from tests.render.json_feed import assert_json_feed

HARD: dict[str, dict[str, Any]] = {
    "plain": {},
    "emoji and Hanja ruby": {
        "title": "🧧 天機",
        "html": "<p><ruby>天機<rp>(</rp><rt>천기</rt><rp>)</rp></ruby> 👩🏽‍🚀</p>",
    },
    "end of a CDATA section": {"html": "<p>a]]&gt;b]]>c</p>", "summary": "]]>"},
    "control characters": {
        "title": "가\x00나\x0b다\ufeff",
        "summary": "\ufffe\ud800요약\u2028",
        "html": "<p>\x08\x1b본문\ud800</p>",
    },
    "a film in angle brackets": {"title": "<기생충> & <괴물>", "summary": "x < 3 & y > 2"},
    "no body, no summary, no author": {"html": "", "summary": "", "author": "", "categories": ()},
    "a picture": {
        "image_url": "https://slow.example/ai/1/0123456789abcdef.png",
        "image_type": "image/png",
        "image_width": 1200,
        "image_height": 630,
    },
    "a picture of unknown size": {"image_url": "https://slow.example/ai/1/x.png"},
    "revised": {"updated": FIRST + timedelta(days=3)},
}


@pytest.mark.parametrize("changes", HARD.values(), ids=HARD)
def test_every_hard_item_is_valid_in_all_three_formats(changes: dict[str, Any]) -> None:
    """Each format matches its grammar and feedparser finds nothing to complain of."""
    items = [item(1, **changes), item(2)]

    assert_rss(rss(CHANNEL, items))
    assert_atom(atom(CHANNEL, items))
    assert_json_feed(json_feed(CHANNEL, items))
    assert feedparser.parse(rss(CHANNEL, items)).bozo == 0
    assert feedparser.parse(atom(CHANNEL, items)).bozo == 0


@pytest.mark.parametrize("count", [0, 1, 20, 1000])
def test_feeds_of_every_length_are_valid(count: int) -> None:
    """An empty feed is a feed, and a thousand items are written as given."""
    items = [item(number) for number in range(1, count + 1)]

    assert len(assert_rss(rss(CHANNEL, items)).findall("channel/item")) == count
    assert len(assert_atom(atom(CHANNEL, items)).findall("{*}entry")) == count
    assert len(assert_json_feed(json_feed(CHANNEL, items))["items"]) == count


def test_an_item_comes_back_the_same_from_each_format() -> None:
    """What feedparser and a JSON parser read is what was put in, and the same from all three."""
    given = item(3, updated=FIRST + timedelta(weeks=2, days=1))
    from_rss = feedparser.parse(rss(CHANNEL, [given])).entries[0]
    from_atom = feedparser.parse(atom(CHANNEL, [given])).entries[0]
    from_json = json.loads(json_feed(CHANNEL, [given]))["items"][0]

    for entry in (from_rss, from_atom):
        assert entry.id == given.guid
        assert entry.link == given.url
        assert entry.title == given.title
        assert entry.summary == given.summary
        assert entry.content[0].value == given.html
        assert entry.author == given.author
        assert tuple(tag.term for tag in entry.tags) == given.categories
        assert entry.published_parsed[:6] == given.published.timetuple()[:6]
        assert entry.updated_parsed[:6] == given.updated.timetuple()[:6]
    assert from_json == {
        "id": given.guid,
        "url": given.url,
        "title": given.title,
        "content_html": given.html,
        "summary": given.summary,
        "date_published": "2026-01-16T08:00:00+00:00",
        "date_modified": "2026-01-17T08:00:00+00:00",
        "authors": [{"name": given.author}],
        "tags": list(given.categories),
    }


def test_an_rss_channel_says_all_that_it_should() -> None:
    """Every field of a channel stands with its exact value."""
    hub = Channel(**_fields(CHANNEL, hub="https://hub.example/"))
    channel = assert_rss(rss(hub, [item(1), item(2)])).find("channel")
    atom_ns, sy = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/syndication/}"

    assert [
        (e.get("rel"), e.get("href"), e.get("type")) for e in channel.iter(f"{atom_ns}link")
    ] == [
        ("self", "https://slow.example/feed.xml", "application/rss+xml"),
        ("hub", "https://hub.example/", None),
    ]
    said = {name: channel.findtext(name) for name in SAID}
    assert said == SAID
    assert channel.findtext(f"{sy}updatePeriod") == "weekly"
    assert channel.findtext(f"{sy}updateFrequency") == "1"
    assert [e.text for e in channel.find("image")] == [
        "https://slow.example/icon.png",
        "느린 신호",
        "https://slow.example/",
        "144",
        "144",
    ]


SAID = {
    "title": "느린 신호",
    "link": "https://slow.example/",
    "description": "천천히 읽는 연재",
    "language": "ko",
    "copyright": "© 느린 신호",
    "docs": "https://www.rssboard.org/rss-specification",
    "generator": "publisher 0.1.0",
    "ttl": "60",
    "managingEditor": "editor@slow.example (느린 신호 편집부)",
    "lastBuildDate": "Fri, 09 Jan 2026 08:00:00 +0000",
    "pubDate": "Fri, 09 Jan 2026 08:00:00 +0000",
}


def _fields(channel: Channel, **changes: Any) -> dict[str, Any]:
    return {name: getattr(channel, name) for name in Channel.__slots__} | changes


def test_an_rss_item_says_all_that_it_should() -> None:
    """Every field of an item stands once, in the order readers expect, and nothing else does."""
    given = item(1, updated=FIRST + timedelta(days=1), **HARD["a picture"])
    element = assert_rss(rss(CHANNEL, [given])).find("channel/item")

    assert [(etree.QName(e).localname, e.text) for e in element] == [
        ("title", given.title),
        ("link", given.url),
        ("description", given.summary),
        ("encoded", given.html),
        ("guid", given.guid),
        ("category", given.categories[0]),
        ("category", given.categories[1]),
        ("pubDate", "Fri, 02 Jan 2026 08:00:00 +0000"),
        ("creator", given.author),
        ("updated", "2026-01-03T08:00:00+00:00"),
        ("content", None),
    ]
    assert dict(element[-1].attrib) == {
        "url": given.image_url,
        "medium": "image",
        "type": "image/png",
        "width": "1200",
        "height": "630",
    }


def test_an_item_alone_is_well_formed_with_its_namespaces() -> None:
    """``feed-item.xml`` parses by itself and holds the body."""
    element = etree.fromstring(item_xml(item(1)))

    assert element.tag == "item"
    assert element.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") == item(1).html
    assert element.findtext("{http://purl.org/dc/elements/1.1/}creator") == "편집부 에디터"


# --- the bugs that feeds are known for ------------------------------------------------


def test_an_atom_link_keeps_its_relation_and_type() -> None:
    """feedgen drops both from an entry's link; ours puts them back."""
    [link] = assert_atom(atom(CHANNEL, [item(1)])).find("{*}entry").findall("{*}link")

    assert dict(link.attrib) == {
        "href": "https://slow.example/ai/1/",
        "rel": "alternate",
        "type": "text/html",
    }


def test_atom_bodies_are_escaped_html() -> None:
    """A body of type CDATA would be shown as tags."""
    content = assert_atom(atom(CHANNEL, [item(1)])).find("{*}entry/{*}content")

    assert content.get("type") == "html"
    assert content.text == item(1).html


def test_one_control_character_costs_itself_and_nothing_else() -> None:
    """The rest of the title, the item and the feed stay."""
    feed = feedparser.parse(rss(CHANNEL, [item(1, **HARD["control characters"]), item(2)]))

    assert [entry.title for entry in feed.entries] == ["2번째 이야기", "가나다"]
    assert feed.entries[1].summary == "요약"
    assert feed.entries[1].content[0].value == "<p>본문</p>"


def test_the_newest_item_is_first_however_they_come() -> None:
    """Order is by first publication, then by guid, never by how the items were handed over."""
    twin = item(2, guid="tag:slow.example,2026:ax/2")
    for order in ([item(1), item(2), item(3), twin], [twin, item(3), item(2), item(1)]):
        guids = [e.text for e in assert_rss(rss(CHANNEL, order)).iter("guid")]
        assert guids == [item(3).guid, twin.guid, item(2).guid, item(1).guid]


def test_two_items_of_one_name_are_refused() -> None:
    """A reader would show the first alone, for ever."""
    for build in (rss, atom, json_feed):
        with pytest.raises(ValueError, match="same guid"):
            build(CHANNEL, [item(1), item(2, guid=item(1).guid)])


def test_no_date_but_the_content_s_own_is_in_a_feed() -> None:
    """lastBuildDate and updated come from the newest item, and an empty feed claims neither."""
    empty = assert_rss(rss(CHANNEL, [])).find("channel")
    assert (empty.find("lastBuildDate"), empty.find("pubDate")) == (None, None)
    assert assert_atom(atom(CHANNEL, [])).findtext("{*}updated") == "1970-01-01T00:00:00+00:00"

    revised = item(1, updated=FIRST + timedelta(weeks=8))
    tree = assert_rss(rss(CHANNEL, [revised, item(2)]))
    assert tree.findtext("channel/lastBuildDate") == "Fri, 27 Feb 2026 08:00:00 +0000"
    assert tree.findtext("channel/pubDate") == "Fri, 09 Jan 2026 08:00:00 +0000"


def test_a_title_is_plain_text_escaped_once() -> None:
    """Angle brackets become the Korean ones and an ampersand is one entity."""
    feed = rss(CHANNEL, [item(1, **HARD["a film in angle brackets"])])

    assert "<title>〈기생충〉 &amp; 〈괴물〉</title>".encode() in feed
    assert b"&amp;amp;" not in feed
    assert b"&amp;lt;" not in feed


def test_dates_are_utc_and_english_whatever_the_zone() -> None:
    """Friday seven o'clock in Seoul is Thursday ten at night, +0000."""
    seoul = datetime.fromisoformat("2026-03-06T07:00:00+09:00")

    assert rfc822(seoul) == "Thu, 05 Mar 2026 22:00:00 +0000"


def test_a_hub_never_becomes_the_link_of_the_channel() -> None:
    """feedgen takes the last link for the channel's own, whatever its relation."""
    linked = Channel(
        **_fields(
            CHANNEL,
            hub="https://hub.example/",
            previous_archive="https://slow.example/feed-2025.xml",
        )
    )

    assert assert_rss(rss(linked, [])).findtext("channel/link") == "https://slow.example/"


def test_no_stylesheet_instruction_is_written() -> None:
    """Browsers are giving up XSLT; a feed is text."""
    assert b"<?xml-stylesheet" not in rss(CHANNEL, [item(1)]) + atom(CHANNEL, [item(1)])


def test_an_archive_is_marked_and_chained() -> None:
    """RFC 5005: the mark, the neighbours, and where the living feed is; a living feed has no mark."""
    archive = Channel(
        **_fields(
            CHANNEL,
            feed="https://slow.example/feed-2025.xml",
            previous_archive="https://slow.example/feed-2024.xml",
            current="https://slow.example/feed.xml",
        )
    )
    mark = "{http://purl.org/syndication/history/1.0}archive"
    for tree in (assert_rss(rss(archive, [item(1)])), assert_atom(atom(archive, [item(1)]))):
        assert len(list(tree.iter(mark))) == 1
        rels = [e.get("rel") for e in tree.iter("{http://www.w3.org/2005/Atom}link")]
        assert {"self", "prev-archive", "current"} <= set(rels)
    assert not list(assert_rss(rss(CHANNEL, [])).iter(mark))


def test_a_logo_too_large_for_rss_is_refused() -> None:
    """RSS 2.0 allows 144 by 400 pixels."""
    with pytest.raises(ValueError, match="144"):
        Channel(**_fields(CHANNEL, logo=Logo("https://slow.example/l.png", 600, 600)))


# --- the same input, the same bytes ---------------------------------------------------

_PRINT_ALL = """
import sys
from tests.render.feeds import CHANNEL, item
from publisher.render.feed.json_feed import json_feed
from publisher.render.feed.xml import atom, rss
items = [item(n) for n in range(1, 6)]
for build in (rss, atom, json_feed):
    sys.stdout.buffer.write(build(CHANNEL, items))
"""


def test_feeds_are_the_same_in_any_process() -> None:
    """Neither the hash seed, the time zone, the locale nor the hour shows in a byte."""
    outputs = set()
    for seed, zone, language in (("1", "Asia/Seoul", "C.UTF-8"), ("2", "America/New_York", "C")):
        surroundings = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        done = subprocess.run(
            [sys.executable, "-c", _PRINT_ALL],
            env=surroundings,
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        )
        outputs.add(done.stdout)

    items = [item(number) for number in range(1, 6)]
    assert outputs == {rss(CHANNEL, items) + atom(CHANNEL, items) + json_feed(CHANNEL, items)}


def test_four_threads_leave_the_locale_alone_and_do_not_disturb_each_other(tmp_path: Path) -> None:
    """feedgen's own date writer switches the whole process to locale C; ours never does."""
    assert feedgen.feed.formatRFC2822 is feedgen.entry.formatRFC2822 is rfc822
    before = locale.setlocale(locale.LC_ALL)
    items: list[FeedItem] = [item(number) for number in range(1, 11)]
    expected = rss(CHANNEL, items)
    built: list[bytes] = []

    def work(name: str) -> None:
        for _ in range(20):
            built.append(rss(CHANNEL, items))
            (tmp_path / name).write_text("한글", encoding="utf-8")

    threads = [Thread(target=work, args=(f"{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert built == [expected] * 80
    assert locale.setlocale(locale.LC_ALL) == before


def test_microseconds_are_dropped_alike_everywhere() -> None:
    """A stored instant with a fraction reads the same in each format."""
    odd = item(
        1,
        published=datetime(2026, 1, 2, 8, 0, 0, 5, UTC),
        updated=datetime(2026, 1, 2, 8, 0, 0, 5, UTC),
    )

    assert b"2026-01-02T08:00:00+00:00" in atom(CHANNEL, [odd])
    assert b"08:00:00 +0000" in rss(CHANNEL, [odd])
    assert b".000005" not in json_feed(CHANNEL, [odd])


@pytest.mark.parametrize(
    "damage",
    [
        {"version": "https://jsonfeed.org/version/1"},
        {"feed_url": "/feed.json"},
        {"home_page_url": "https://느린.example/"},
        {"author": {"name": "옛 열쇠"}},
        {"language": "ko_KR"},
        {"items": [{"id": ""}]},
        {"items": [{"content_html": 7}]},
        {"items": [{"date_published": "2026-01-02T17:00:00"}]},
        {"items": [{"attachments": []}]},
    ],
)
def test_the_schema_of_json_feed_refuses_what_readers_would_choke_on(
    damage: dict[str, Any],
) -> None:
    """A check that never fails proves nothing."""
    feed = json.loads(json_feed(CHANNEL, [item(1)]))
    entries = [feed["items"][0] | one for one in damage.get("items", [{}])]

    with pytest.raises(AssertionError):
        assert_json_feed(json.dumps(feed | damage | {"items": entries}).encode())
