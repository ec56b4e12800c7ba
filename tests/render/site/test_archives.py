"""The past of every feed (RFC 5005): whole, chained, valid, and untouched by what comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import publisher.render.feed.xml
from publisher.model.setting import Setting
from publisher.render.site.shelf import living
from tests.render.feeds import assert_atom, assert_rss, guids, links
from tests.render.shelf import out, serial, site

BASE = "https://slow-signal.example/"
MARK = "{http://purl.org/syndication/history/1.0}archive"
FOLDERS = ("", "s/", "tags/ai/")


def _chain(made: dict[str, bytes], path: str) -> list[str]:
    """Follow prev-archive from a feed to the end, as a reader does."""
    visited = []
    while path:
        visited.append(path)
        path = links(made[path]).get("prev-archive", "").removeprefix(BASE)
    return visited


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", ["feed", "atom"])
def test_the_living_feed_and_its_archives_hold_every_episode_in_order(
    folder: str, name: str
) -> None:
    """Of the publication, a series and a tag, in RSS and in Atom, a reader gets to the first."""
    made = site(serial(30), feed_items=4)
    visited = _chain(made, f"{folder}{name}.xml")

    assert visited == [
        f"{folder}{name}.xml",
        *(f"{folder}{name}-2026-{n}.xml" for n in (6, 5, 4, 3, 2)),
        f"{folder}{name}-2026.xml",
        f"{folder}{name}-2025-2.xml",
        f"{folder}{name}-2025.xml",
    ]
    sizes = [len(guids(made[path])) for path in visited]
    assert sizes == [4, 4, 4, 4, 4, 4, 4, 1, 4]
    past = [guid for path in visited[1:] for guid in guids(made[path])]
    assert past == [out(number).guid for number in range(29, 0, -1)]
    assert {guid for path in visited for guid in guids(made[path])} == {*past, out(30).guid}


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_archive_is_marked_and_says_where_it_belongs(folder: str) -> None:
    """Valid by the grammars; itself, the one before, the living feed of its own format, no hub."""
    made = site(serial(12), feed_items=4, hub="https://hub.example/")
    for name, valid in (("feed", assert_rss), ("atom", assert_atom)):
        path = f"{folder}{name}-2025-2.xml"
        assert len(list(valid(made[path]).iter(MARK))) == 1
        assert {rel: at for rel, at in links(made[path]).items() if rel != "alternate"} == {
            "self": BASE + path,
            "prev-archive": f"{BASE}{folder}{name}-2025.xml",
            "current": f"{BASE}{folder}{name}.xml",
        }
        assert list(valid(made[f"{folder}{name}.xml"]).iter(MARK)) == []


def test_archives_never_change_when_more_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part keeps its bytes, whatever follows and under a newer program; the living feed moves on."""
    before = site(serial(12), feed_items=4)
    monkeypatch.setattr(publisher.render.feed.xml, "__version__", "99.0")
    after = site(serial(30), feed_items=4)
    sealed = [path for path in before if "feed-" in path or "atom-" in path]

    assert len(sealed) == 3 * 2 * 4
    assert [path for path in sealed if before[path] != after[path]] == []
    assert before["feed.xml"] != after["feed.xml"]


def test_an_old_episode_that_is_corrected_stands_in_the_living_feed_again() -> None:
    """A reader may have read its archive and will not again; the date of publication stays."""
    weeks = serial(30)
    weeks[2] = replace(weeks[2], updated=weeks[29].slot.instant + timedelta(days=1))
    made = site(weeks, feed_items=4)

    for name in ("feed.xml", "s/feed.xml", "tags/ai/atom.xml"):
        assert guids(made[name]) == [weeks[n].guid for n in (29, 28, 27, 26, 2)]
    item = assert_rss(made["feed.xml"]).findall("channel/item")[-1]
    assert item.findtext("pubDate") == "Fri, 12 Dec 2025 08:00:00 +0000"
    assert item.findtext("{http://www.w3.org/2005/Atom}updated") == "2026-06-20T08:00:00+00:00"
    assert weeks[2].guid in guids(made["feed-2025.xml"])


def _dates(settings: list[Setting]) -> list[tuple[datetime, datetime]]:
    return [(setting.slot.instant, setting.updated) for setting in settings]


def test_revisions_before_the_oldest_of_the_newest_and_more_than_fit_are_left_out() -> None:
    """What was corrected long ago is read in its archive; a flood of corrections leaves the newest."""
    weeks = serial(10)
    long_ago = replace(weeks[1], updated=weeks[6].slot.instant - timedelta(days=1))
    late = datetime(2027, 1, 1, tzinfo=UTC)
    flood = [replace(w, updated=late - timedelta(days=w.episode.number)) for w in weeks[:7]]

    assert living(_dates([weeks[0], long_ago, *weeks[2:]]), 3) == [7, 8, 9]
    assert living(_dates([*flood, *weeks[7:]]), 3) == [0, 1, 2, 7, 8, 9]
    assert living(_dates(weeks[:2]), 3) == [0, 1]
    assert living([], 3) == []
