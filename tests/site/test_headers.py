"""What servers are told to say about each file."""

from __future__ import annotations

import pytest

from publisher.site.headers import FOREVER, POLICY, headers_for, snippets
from tests.site.hosting import PAGE, written


@pytest.mark.parametrize(
    ("path", "kind", "forever"),
    [
        ("/feed.xml", "application/rss+xml; charset=utf-8", False),
        ("/ai/feed.xml", "application/rss+xml; charset=utf-8", False),
        ("/tags/칩/atom.xml", "application/atom+xml; charset=utf-8", False),
        ("/ai/feed.json", "application/feed+json; charset=utf-8", False),
        ("/feed-2025.xml", "application/rss+xml; charset=utf-8", True),
        ("/ai/feed-2025-2.xml", "application/rss+xml; charset=utf-8", True),
        ("/tags/칩/feed-2025.xml", "application/rss+xml; charset=utf-8", True),
        ("/atom-2025.xml", "application/atom+xml; charset=utf-8", True),
        ("/tags/칩/atom-2025-3.xml", "application/atom+xml; charset=utf-8", True),
        ("/assets/page.0123456789abcdef.css", "text/css; charset=utf-8", True),
        ("/ai/1/0123456789abcdef.png", "image/png", True),
        ("/ai/1/card-0123456789abcdef.png", "image/png", True),
        ("/icon.png", "image/png", False),
        ("/sitemap.xml", "application/xml; charset=utf-8", False),
        ("/search/index.json", "application/json; charset=utf-8", False),
        ("/", "text/html; charset=utf-8", False),
        ("/ai/1/index.html", "text/html; charset=utf-8", False),
    ],
)
def test_each_file_has_its_kind_and_age(path: str, kind: str, forever: bool) -> None:
    """Feeds are named as feeds; only what is named by its content is kept for ever."""
    headers = headers_for(path)

    assert headers["Content-Type"] == kind
    assert (headers["Cache-Control"] == FOREVER) is forever
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_every_snippet_names_the_policy_and_the_feeds() -> None:
    """nginx, Caddy and Netlify are each given the same rules."""
    made = snippets("/srv/site", "slow.example")

    assert set(made) == {"nginx.conf", "Caddyfile", "_headers"}
    for text in made.values():
        assert POLICY in text
        assert "application/rss+xml" in text
        assert "application/feed+json" in text
    assert "gzip_static on" in made["nginx.conf"]
    assert "precompressed br gzip" in made["Caddyfile"]


def test_the_page_about_hosting_shows_what_the_program_makes() -> None:
    """``python -m tests.site.hosting`` writes it anew."""
    page = PAGE.read_text(encoding="utf-8")

    assert page.count("```") == 6
    assert page == written()
    assert all(text in page for text in snippets().values())
