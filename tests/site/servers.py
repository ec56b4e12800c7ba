"""A real web server on loopback with one of our snippets: how it is asked, and what it must say."""

from __future__ import annotations

import http.client
import socket
import time

from publisher.site.headers import headers_for

FILES = (
    "/feed.xml",
    "/ai-wont-save-us/atom.xml",
    "/feed.json",
    "/sitemap.xml",
    "/robots.txt",
    "/",
    "/ai-wont-save-us/1/",
)


def free_port() -> int:
    """Find a port on loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int) -> None:
    """Wait, ten seconds at most, until somebody listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the server; gives status, headers by lower-case name, and the body."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def assert_says_what_we_would(port: int, path: str) -> None:
    """Kind, age and policy are those of the table."""
    status, said, _ = ask(port, path)

    assert status == 200
    for name, value in headers_for(path).items():
        assert said[name.lower()] == value, name


def assert_hides_what_is_not_for_readers(port: int) -> None:
    """What is not there, and the publisher's own list, are our page for nothing."""
    for path in ("/nowhere/", "/.publisher.json"):
        status, said, body = ask(port, path)
        assert status == 404
        assert "찾으시는 페이지가 없습니다".encode() in body, path
        assert "content-security-policy" in said
