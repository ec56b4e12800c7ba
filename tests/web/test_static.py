"""The static site over real HTTP."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import brotli
import pytest

from tests.web.conftest import Site

PAGE = "<!doctype html><title>첫 화</title>".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    public = tmp_path / "public"
    episode = public / "연재" / "1"
    episode.mkdir(parents=True)
    for path in (public / "index.html", episode / "index.html"):
        path.write_bytes(PAGE)
        path.with_name("index.html.gz").write_bytes(gzip.compress(PAGE, mtime=0))
        path.with_name("index.html.br").write_bytes(brotli.compress(PAGE))
    (public / "feed.xml").write_bytes(b"<rss/>")
    (public / "404.html").write_bytes(b"not here")
    (public / ".secret").write_bytes(b"hidden")
    (public / "large.png").write_bytes(bytes(range(256)) * 8192)
    (tmp_path / "outside.txt").write_bytes(b"outside")
    (public / "link.txt").symlink_to(tmp_path / "outside.txt")
    (public / "inner.txt").symlink_to(public / "feed.xml")
    return public


def raw(site: Site, target: str) -> bytes:
    """Send a request line as it is: clients tidy paths up before they send them."""
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=5) as connection:
        connection.sendall(
            f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        data = b""
        while piece := connection.recv(65536):
            data += piece
    return data


def test_a_page_comes_with_its_kind_age_and_policy(site: Site) -> None:
    answer = site.client.get("/", headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers
    assert site.client.get("/feed.xml").headers["content-type"].startswith("application/rss+xml")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("gzip;q=0, br;q=0.1", "br"),
        ("*", "br"),
        ("br;q=0, gzip", "gzip"),
        ("deflate", None),
    ],
)
def test_twins_are_chosen_by_what_the_client_takes(
    site: Site, accepted: str, encoding: str | None
) -> None:
    answer = site.client.get("/연재/1/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.content == PAGE


def test_each_form_of_a_file_has_its_own_tag_and_answers_304(site: Site) -> None:
    tags = set()
    for accepted in ("identity", "gzip", "br"):
        first = site.client.get("/", headers={"Accept-Encoding": accepted})
        tag = first.headers["etag"]
        tags.add(tag)
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            asked = {"Accept-Encoding": accepted, "If-None-Match": known}
            again = site.client.get("/", headers=asked)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert "cache-control" in again.headers
    assert len(tags) == 3


def test_dates_work_where_tags_do_not(site: Site) -> None:
    modified = site.client.get("/").headers["last-modified"]
    assert site.client.get("/", headers={"If-Modified-Since": modified}).status_code == 304
    both = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
    assert site.client.get("/", headers=both).status_code == 200
    assert site.client.get("/", headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_a_changed_file_is_served_at_once(site: Site) -> None:
    before = site.client.get("/feed.xml")
    fresh = site.folder / "fresh"
    fresh.write_bytes(b"<rdf/>")
    os.utime(fresh, ns=(site.folder.joinpath("feed.xml").stat().st_mtime_ns,) * 2)
    fresh.replace(site.folder / "feed.xml")
    after = site.client.get("/feed.xml", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content) == (200, b"<rdf/>")


def test_head_has_the_headers_of_get(site: Site) -> None:
    got, head = site.client.get("/"), site.client.head("/")
    assert head.content == b""
    assert {k: v for k, v in got.headers.items() if k != "date"} == {
        k: v for k, v in head.headers.items() if k != "date"
    }


def test_a_large_file_comes_whole(site: Site) -> None:
    answer = site.client.get("/large.png")
    assert answer.content == (site.folder / "large.png").read_bytes()
    assert answer.headers["content-length"] == str(256 * 8192)


def test_a_folder_without_its_slash_is_sent_on(site: Site) -> None:
    answer = site.client.get("/연재/1")
    assert answer.status_code == 308
    assert answer.headers["location"] == "/%EC%97%B0%EC%9E%AC/1/"
    assert site.client.get("/rss").headers["location"] == "/feed.xml"


@pytest.mark.parametrize(
    "target",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e%2foutside.txt",
        "/연재/../../outside.txt",
        "/..%5coutside.txt",
        "/.secret",
        "/%2esecret",
        "/link.txt",
        "/feed.xml%00",
        "//outside.example/..",
        "/feed.xml/",
        "/index.html.gz",
        "/연재//1/",
        "/" + "a" * 3000,
        "/%ff%fe",
    ],
)
def test_nothing_outside_hidden_or_malformed_is_served(site: Site, target: str) -> None:
    answer = raw(site, target)
    status = answer.split(b" ", 2)[1]
    assert status in {b"404", b"400"}
    assert answer.partition(b"\r\n\r\n")[2] in {b"not here", b"Invalid HTTP request received."}
    assert b"location:" not in answer.lower()


def test_a_link_that_stays_inside_is_followed(site: Site) -> None:
    assert site.client.get("/inner.txt").content == b"<rss/>"


def test_what_is_missing_gets_the_sites_own_page(site: Site) -> None:
    answer = site.client.get("/nothing/")
    assert (answer.status_code, answer.content) == (404, b"not here")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_files_are_read_only(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = site.client.request(method, "/feed.xml")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
