"""What is said to crawlers: which pages there are, and which paths are not for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from publisher.model.publication import Publication
from publisher.render.address import absolute
from publisher.render.feed.dates import rfc3339

#: Most addresses that one sitemap may hold (sitemaps.org).
LIMIT = 50_000


def sitemap(
    publication: Publication, episodes: Sequence[tuple[str, datetime]], lists: Sequence[str]
) -> str:
    """Write the sitemap: episodes with their last revision, newest first, and the pages that list them."""
    urls = [
        f"<url><loc>{escape(absolute(publication, path), quote=False)}</loc></url>"
        for path in lists
    ]
    urls += [
        f"<url><loc>{escape(absolute(publication, path), quote=False)}</loc>"
        f"<lastmod>{rfc3339(updated)}</lastmod></url>"
        for path, updated in episodes
    ]
    body = "\n".join(urls[:LIMIT])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</urlset>\n'
    )


def robots(publication: Publication) -> str:
    """Write robots.txt: everything may be read but what is addressed to one subscriber."""
    return (
        "User-agent: *\n"
        "Disallow: /m/\n"
        "Disallow: /p/\n"
        "Disallow: /u/\n"
        f"Sitemap: {absolute(publication, '/sitemap.xml')}\n"
    )
