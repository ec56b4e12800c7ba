"""Hubs are told of the exact address, and one that is away costs a warning only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

from publisher.transport.websub import ping

FEED = "https://slow-signal.example/%EC%B9%A9/feed.xml"


class _Hub(HTTPServer):
    status = 204
    heard: list[dict[str, list[str]]]


class _Handler(BaseHTTPRequestHandler):
    server: _Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append(parse_qs(body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the base class's
        """Keep quiet."""


@contextmanager
def hub(status: int = 204) -> Iterator[_Hub]:
    """A hub on a loopback port that answers every ping alike and remembers it."""
    server = _Hub(("127.0.0.1", 0), _Handler)
    server.status, server.heard = status, []
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_hub_hears_the_exact_address_of_the_feed() -> None:
    """The topic is the self link to the letter, percent-escapes and all."""
    with hub() as server:
        problems = ping(f"http://127.0.0.1:{server.server_port}/push?a=1", [FEED])

    assert problems == ()
    assert server.heard == [{"hub.mode": ["publish"], "hub.url": [FEED], "hub.topic": [FEED]}]


def test_a_refusal_is_a_warning_for_each_feed_and_no_redirect_is_followed() -> None:
    """404 and 302 alike are told, and the next feed is still announced."""
    for status in (302, 404, 500):
        with hub(status) as server:
            problems = ping(f"http://127.0.0.1:{server.server_port}/", [FEED, FEED + "2"])
        assert [(p.code, dict(p.details)["status"]) for p in problems] == [
            ("transport/hub-refused", str(status))
        ] * 2
        assert len(server.heard) == 2


def test_a_hub_that_is_away_is_a_warning_once() -> None:
    """Nothing is raised, whatever the address."""
    with hub() as server:
        port = server.server_port
    for address in (f"http://127.0.0.1:{port}/", "ftp://hub.example/", "http://[", "nonsense"):
        problems = ping(address, [FEED, FEED + "2"], timeout=2)
        assert [p.code for p in problems] == ["transport/hub-away"]
