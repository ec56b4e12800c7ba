"""What is tried on an open door: every way of looking, wrong hosts, overridden methods, bad fields."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import urlencode

import pytest

from publisher.audience.tokens import Purpose
from tests.web.conftest import Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SURROUNDINGS: tuple[dict[str, str], ...] = (
    {},
    {"Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "198.51.100.7"},
    {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"},
)


def _kept(folder: Path) -> list[tuple[object, ...]]:
    """Every row of every table."""
    database = sqlite3.connect(folder / "list.sqlite3")
    names = database.execute("select name from sqlite_master where type = 'table' order by name")
    rows = [
        (name, *row)
        for (name,) in names.fetchall()
        for row in database.execute(f'select * from "{name}"').fetchall()
    ]
    database.close()
    return rows


def _paths(site: Site) -> list[str]:
    """Every endpoint, with links that open."""
    record = site.add("member@b.kr")
    site.client.post("/subscribe", data={"address": "new@b.kr"})
    leave, choose = (site.link(record, p) for p in (Purpose.LEAVE, Purpose.PREFERENCES))
    confirm = f"/subscribe/{site.stage.tokens.make(Purpose.CONFIRM, 1)}"
    return [
        confirm,
        *("/", "/feed.xml", "/rss", "/nowhere/", "/health", "/hooks/membership"),
        *("/subscribe", "/subscribe/", "/subscribe/sent", "/subscribe/embed"),
        *(leave, choose, leave.replace("/u/", "/p/"), choose.replace("/p/", "/u/")),
        *(f"{choose}/{press}" for press in ("address", "leave", "feed", "feed/close")),
        *("/m/unknown/feed.xml", "/m/unknown/ai-x-files/atom.xml"),
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"])
def test_no_way_of_looking_changes_anything_or_believes_a_host(
    site: Site, tmp_path: Path, method: str
) -> None:
    """On every endpoint, whatever headers come along: each table is as it was, row by row."""
    (site.folder / "feed.xml").write_text("<rss/>", encoding="utf-8")
    paths = _paths(site)
    before = _kept(tmp_path)

    for path in paths:
        for headers in SURROUNDINGS:
            answer = site.client.request(method, path, headers=headers)
            assert answer.status_code < 500, (path, answer.status_code)
            assert "evil.example" not in f"{answer.headers}{answer.text}", path

    assert _kept(tmp_path) == before
    assert site.client.get(paths[0]).status_code == 200  # the wish still waits to be confirmed


@pytest.mark.parametrize(
    "address",
    [
        *("a@b.kr\r\nBcc: x@y.kr", "a@b.kr\nSubject: hi", '"a\r\n"@b.kr', "a@b.kr%0d%0aX: y"),
        *("a@b.kr, c@d.kr", "<a@b.kr>", "a@[127.0.0.1]", "a@localhost", "=cmd()@b.kr"),
        *(f"{'a' * 70}@b.kr", f"a@{'b' * 300}.kr", "\u202ea@b.kr", "한글@b.kr", ""),
        '"><script>alert(1)</script>@b.kr',
    ],
)
def test_no_field_carries_more_than_an_address(site: Site, tmp_path: Path, address: str) -> None:
    """Lines, second addresses and markup are refused in words, and nothing is owed to anybody."""
    before = _kept(tmp_path)
    body = urlencode({"address": address, "lang": "ko\r\nX: y"}).encode()

    answer = site.client.post("/subscribe", content=body, headers=FORM)

    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert "x" not in answer.headers
    assert _kept(tmp_path) == before


@pytest.mark.parametrize("field", ["lang", "series", "done"])
def test_what_an_address_asks_for_is_never_written_as_markup(site: Site, field: str) -> None:
    """Reflected words are escaped, or not reflected at all."""
    asked = urlencode({field: '"><script>alert(1)</script>'})
    choose = site.link(site.add(), Purpose.PREFERENCES)

    for path in ("/subscribe", "/subscribe/sent", "/subscribe/embed", choose):
        assert "<script>" not in site.client.get(f"{path}?{asked}").text, path


def test_a_mailbox_is_not_bombed_however_often_it_is_signed_up(site: Site) -> None:
    """Its owner gets one mail, and the network that knocks is sent away."""
    codes = [
        site.client.post("/subscribe", data={"address": "v@b.kr"}).status_code for _ in range(8)
    ]

    assert codes == [303] * 5 + [429] * 3
    assert len(site.stage.post()) == 1
