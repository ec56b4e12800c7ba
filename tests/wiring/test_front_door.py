"""The front door of a real publication: settings, list, pages and mails put together."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import httpx
import pytest

from publisher.audience.ports import Letter
from publisher.audience.subscribers import Subscribers
from publisher.model.readership import Record
from publisher.store.subscribers import Register
from publisher.wiring.front_door import open_door
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.stall import Stall
from tests.audience.stage import Satchel

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    settings = (REPOSITORY / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(settings + "\n[web]\nport = 0\n", encoding="utf-8")
    shutil.copytree(REPOSITORY / "episodes", tmp_path / "episodes")
    return open_newsroom(tmp_path, {"PUBLISHER_CLOCK": "2026-11-21T12:00:00+09:00"})


def arrived(satchel: Satchel) -> Letter:
    """Wait for the one mail that leaves after an answer."""
    for _ in range(200):
        if satchel.letters:
            break
        time.sleep(0.05)
    (letter,) = satchel.letters
    return letter


def test_a_reader_of_the_sample_comes_in(newsroom: Newsroom) -> None:
    satchel = Satchel()
    site = newsroom.path("public")
    site.mkdir()
    (site / "index.html").write_text("첫 화", encoding="utf-8")
    door = open_door(newsroom, satchel)
    with (
        door.server as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client,
    ):
        assert client.get("/").text == "첫 화"
        form = client.get("/subscribe").text
        for series in newsroom.table().series.values():
            assert series.title in form
        client.post("/subscribe", data={"address": "kim@naver.com", "series": "ai-x-files"})
        letter = arrived(satchel)
        link = next(line for line in letter.text.splitlines() if "/subscribe/" in line)
        path = link.removeprefix(newsroom.publication.url)
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 200
    record = Subscribers(Register(newsroom.database), newsroom.clock).find("kim@naver.com")
    assert isinstance(record, Record)
    assert record.subscriber.series == ("ai-x-files",)
    newsroom.database.close()


def test_nothing_is_newest_before_anything_is_out(newsroom: Newsroom) -> None:
    stall = Stall(newsroom)
    assert stall.newest(()) is None
    assert [offer.slug for offer in stall.offers()] == sorted(newsroom.table().series)
    assert {offer.language for offer in stall.offers()} == {"ko"}


def test_members_feeds_stand_where_public_ones_do(newsroom: Newsroom) -> None:
    stall = Stall(newsroom)
    feed = stall.read("feed.xml")
    assert feed is not None
    assert feed.startswith(b"<?xml")
    assert stall.read("../secret") is None
    assert stall.read("feed.xml") is feed
