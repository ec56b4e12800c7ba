"""Squeezed twins: which files have them, always the same bytes, and the harder the more it is fetched."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

from publisher.site.compress import SMALLEST, variants

EPISODES = Path(__file__).parents[2] / "episodes"
PAGE = b"".join(path.read_bytes() for path in sorted(EPISODES.rglob("*.md")))


@pytest.mark.parametrize(
    ("path", "twins"),
    [
        ("s/1/index.html", {"s/1/index.html.gz", "s/1/index.html.br"}),
        ("feed.xml", {"feed.xml.gz"}),
        ("s/1/cover.png", set()),
    ],
)
def test_only_what_shrinks_has_twins_and_they_hold_its_bytes(path: str, twins: set[str]) -> None:
    found = variants(path, PAGE)
    assert set(found) == twins
    for name, data in found.items():
        assert (gzip if name.endswith(".gz") else brotli).decompress(data) == PAGE
        assert len(data) < len(PAGE) / 2
    assert found == variants(path, PAGE)


def test_a_small_file_is_left_as_it_is() -> None:
    assert variants("index.html", PAGE[: SMALLEST - 1]) == {}
    assert variants("index.html", PAGE[:SMALLEST]) != {}


def test_an_archive_that_few_fetch_takes_less_time_and_a_little_more_room() -> None:
    living = len(variants("tags/ai/feed.xml", PAGE)["tags/ai/feed.xml.gz"])
    for name in ("tags/ai/feed-2025.xml", "atom-2025-2.xml"):
        archived = len(variants(name, PAGE)[f"{name}.gz"])
        assert living < archived < living * 1.25
