"""Hubs are told of what was written, and of nothing else."""

from __future__ import annotations

from pathlib import Path

from publisher.site.folder import Report
from publisher.wiring.announcing import announce
from publisher.wiring.newsroom import open_newsroom
from tests.bench.publication import write
from tests.transport.test_websub import hub

WRITTEN = ("slow/1/index.html", "slow/feed.xml", "feed.json", "tags/ai/feed.xml", "feed-2025.xml")


def test_a_hub_hears_of_the_living_feeds_that_changed(tmp_path: Path) -> None:
    """Publication and series, by their self address; without a hub nobody is asked."""
    root = write(tmp_path, 1, 400)
    config = (root / "config.toml").read_text(encoding="utf-8")
    with hub() as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        newsroom = open_newsroom(root, {})
        assert announce(newsroom, Report(WRITTEN)) == ()
        assert server.heard == []
        (root / "config.toml").write_text(f'{config}[site]\nhub = "{address}"\n', encoding="utf-8")
        newsroom = open_newsroom(root, {})
        assert announce(newsroom, Report(WRITTEN)) == ()
        assert announce(newsroom, Report(("index.html",))) == ()

    assert [heard["hub.url"] for heard in server.heard] == [
        ["https://slow-signal.example/slow/feed.xml"],
        ["https://slow-signal.example/feed.json"],
    ]
