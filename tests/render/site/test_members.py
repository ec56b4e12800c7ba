"""Members' own feeds: in full, under the same names, and silent about where they stand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from publisher.render.site.choices import Choices
from publisher.render.site.members import MembersFeeds
from publisher.render.site.plan import Site
from tests.render import stage
from tests.render.feeds import guids
from tests.render.json_feed import assert_json_feed
from tests.render.shelf import TEMPLATES, serial, site

CHOICES = Choices(feed_items=4, members_in_feed="omit", hub="https://hub.example/")
FEEDS = MembersFeeds(
    Site(stage.publication(), serial(), TEMPLATES, lambda path: path.encode(), CHOICES)
)
NAMES = ("feed.xml", "atom.xml", "feed.json", "s/feed.xml", "s/atom.xml", "s/feed.json")


@pytest.mark.parametrize("path", NAMES)
def test_a_members_feed_is_in_full_and_names_no_address_of_its_own(path: str) -> None:
    """The members' words are in it; neither a self link, nor a hub, nor an archive is."""
    data = FEEDS.read(path)

    assert data is not None
    assert stage.SECRET.encode() in data or json.dumps(stage.SECRET)[1:-1].encode() in data
    assert b"hub" not in data
    assert b'rel="self"' not in data
    assert b"prev-archive" not in data
    assert b"feed_url" not in data
    assert b"feed.xml" not in data


def test_the_same_episodes_have_the_same_names_for_everybody() -> None:
    """Guids equal those of the public feed; what is omitted there stands here, the newest four."""
    private, public = (
        guids(data or b"")
        for data in (FEEDS.read("feed.xml"), site(serial(), feed_items=20)["feed.xml"])
    )

    assert private == public[:4]
    assert private[2] == "tag:slow-signal.example,2026-01-02:s/6"


def test_an_old_episode_that_is_corrected_stands_in_a_members_feed_again() -> None:
    """As in the feed that everybody follows: a member has no archive to find it in."""
    weeks = serial()
    weeks[0] = replace(weeks[0], updated=weeks[7].slot.instant)
    feeds = MembersFeeds(Site(stage.publication(), weeks, TEMPLATES, lambda path: b"", CHOICES))

    assert guids(feeds.read("feed.xml") or b"") == [weeks[n].guid for n in (7, 6, 5, 4, 0)]


@pytest.mark.parametrize(
    "path", ["tags/ai/feed.xml", "feed-2025.xml", "x/feed.xml", "../feed.xml", "", "/", "s/", "s/x"]
)
def test_nothing_else_has_a_members_twin(path: str) -> None:
    """Tags, archives, unknown series and odd paths are not there."""
    assert FEEDS.read(path) is None


def test_the_json_feed_is_valid_without_its_address() -> None:
    """JSON Feed asks for no feed_url."""
    assert len(assert_json_feed(FEEDS.read("feed.json") or b"")["items"]) == 4
