"""Telling a WebSub hub which feeds were written, once they are where readers find them."""

from __future__ import annotations

from publisher.model.problem import Problem
from publisher.render.address import absolute
from publisher.site.folder import Report
from publisher.wiring.newsroom import Newsroom

_FEEDS = frozenset({"feed.xml", "atom.xml", "feed.json"})


def announce(newsroom: Newsroom, report: Report) -> tuple[Problem, ...]:
    """Ping the configured hub for each feed of the publication and its series that changed; warnings at worst, nothing without a hub."""
    hub = newsroom.imprint.hub
    written = (path.rpartition("/") for path in report.written)
    changed = ["".join(p) for p in written if p[2] in _FEEDS and "/" not in p[0]]
    if not hub or not changed:
        return ()
    from publisher.transport.websub import ping

    return ping(hub, [absolute(newsroom.publication, f"/{path}") for path in changed])
