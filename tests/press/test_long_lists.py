"""A publication whose lists are longer than one page, worked on for weeks: nothing is lost, stale or points at nothing.

After every change a new process builds it over what stands there, with all that was remembered, and
another builds it from nothing: both must lay the same, octet by octet.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import pytest

from publisher.render.page import lists
from publisher.wiring.building import build
from publisher.wiring.newsroom import open_newsroom
from tests.source.test_pictures import drawn

CLOCK = {"PUBLISHER_CLOCK": "2026-06-01T00:00:00+09:00"}
TEMPLATES = Path(__file__).parents[2] / "templates"
CONFIG = """\
[publication]
name = "느린 신호"
url = "https://example.com"
description = "천천히"
language = "ko"
[sender]
address = "letter@example.com"
[law]
contact = "editor@example.com"
[theme.light]
accent = "#b23a24"
"""
SERIES = """\
title = "{title}"
description = "연재 설명"
language = "{language}"
byline = "{byline}"
tags = ["AI"]
status = "running"
[cadence]
weekday = "friday"
at = "17:00"
timezone = "{zone}"
start = {start}
"""
LONG, SHORT = "long", "short"
#: Lengths at which the same happens as at the real ones, in a tenth of the time.
WHOLE, NEWEST = 20, 5
_LINK = re.compile(r'(?:href|src)="(/[^"#?]*)')
_LINE = re.compile(r'class="entry-title"[^>]*><a href="([^"]+)"')
_LIST = re.compile(r"(long|short|tags/[^/]+|authors/[^/]+)/index\.html")
#: Of the front door, which is no part of the website's folder.
_ELSEWHERE = ("subscribe", "join")


class Outlet:
    """A series just longer than a page, beside it a short one in another language and time zone."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ages = count(10**18, 10**9)
        self.put("config.toml", CONFIG)
        self.series(LONG, "긴 연재", "ko", "Asia/Seoul", "2025-10-03")
        self.series(SHORT, "Short", "en", "America/New_York", "2025-12-05")
        for number in range(1, WHOLE + 3):
            self.episode(LONG, number, date(2025, 10, 3) + timedelta(weeks=number - 1))
        for number in range(1, 7):
            self.episode(SHORT, number, date(2025, 12, 5) + timedelta(weeks=number - 1))

    def series(self, slug: str, title: str, language: str, zone: str, start: str) -> None:
        words = SERIES.format(
            title=title, language=language, byline="편집부", zone=zone, start=start
        )
        self.put(f"episodes/{slug}/series.toml", words)

    def put(self, name: str, written: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written.encode() if isinstance(written, str) else written)
        age = next(self.ages)
        os.utime(path, ns=(age, age))

    def episode(self, series: str, number: int, day: date) -> None:
        behind = (
            "\n::: members\n회원만 읽는 문장이 여기에 하나쯤 있다.\n:::\n" if number == 9 else ""
        )
        head = f"title: {number}번 글\ndeck: 한 줄\ntags: [말]\nstatus: ready"
        self.put(
            f"episodes/{series}/{number:03}-글.md",
            f"---\n{head}\npublish_at: {day} 17:00\n---\n\n글이다.\n{behind}",
        )

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.put(name, text.replace(old, new, 1))

    def remove(self, *names: str) -> None:
        for name in names:
            (self.root / name).unlink()

    def cover(self) -> None:
        self.put("episodes/long/점.png", drawn("PNG", (300, 200)))
        self.change(article(6), "tags", "cover: {src: 점.png, alt: 점}\ntags")

    def more(self) -> None:
        """In years of their own, before all others."""
        for number in (1, 2):
            self.episode(LONG, number, date(2016 + number, 10, 6))

    def laid(self, folder: Path) -> dict[str, bytes]:
        built = build(open_newsroom(self.root, CLOCK), folder, as_if=True)
        assert built.report.problems == ()
        found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def article(number: int) -> str:
    return f"episodes/long/{number:03}-글.md"


CHANGES: dict[str, Callable[[Outlet], None]] = {
    "nothing": lambda o: None,
    "title": lambda o: o.change(article(9), "9번 글", '"<li class=\\"entry\\"> <item> {\\"path\\":"'),
    "deck": lambda o: o.change("episodes/short/002-글.md", "한 줄", "'a <b & \"c\" <!--'"),
    "tag": lambda o: o.change(article(WHOLE + 2), "[말]", "[말, ai]"),
    "author": lambda o: o.change(article(4), "tags", "byline: 편집 부\ntags"),
    "members": lambda o: o.change(article(5), "tags", "access: members\ntags"),
    "cover": Outlet.cover,
    "year": lambda o: o.change(article(7), "2025-11-14", "2019-12-31"),
    "series' title": lambda o: o.change("episodes/long/series.toml", "긴 연재", "더 긴 연재"),
    "series' words": lambda o: o.change("episodes/long/series.toml", "연재 설명", "다른 설명"),
    "series' language": lambda o: o.change("episodes/long/series.toml", '"ko"', '"en"'),
    "series' author": lambda o: o.change("episodes/long/series.toml", "편집부", "편집실"),
    "series' zone": lambda o: o.change("episodes/long/series.toml", "Asia/Seoul", "Pacific/Auckland"),
    "series' end": lambda o: o.change("episodes/long/series.toml", "running", "finished"),
    "name": lambda o: o.change("config.toml", "느린 신호", "빠른 신호"),
    "language": lambda o: o.change("config.toml", '"ko"', '"en"'),
    "theme": lambda o: o.change("config.toml", "#b23a24", "#00aa00"),
    "template": lambda o: o.put(
        "templates/page/entries.html.j2",
        (TEMPLATES / "page/entries.html.j2").read_text("utf-8").replace("<li class=", "<li id=x class="),
    ),
    "without it": lambda o: o.remove("templates/page/entries.html.j2"),
    "fewer": lambda o: o.remove(*map(article, (1, 2, 10))),
    "fewest": lambda o: o.remove(*(f"episodes/short/{n:03}-글.md" for n in range(1, 7))),
    "more": Outlet.more,
}  # fmt: skip


def told(page: bytes) -> list[str]:
    """Give the episodes that a list shows."""
    return [unquote(link) for link in _LINE.findall(page.decode())]


def check_lists(files: dict[str, bytes]) -> set[str]:
    """See that each list has each of its episodes once; give the lists that go by year."""
    by_year = set()
    for name, [base] in ((n, found.groups()) for n in files if (found := _LIST.fullmatch(n))):
        years = sorted(n for n in files if n.startswith(f"{base}/archive/") and n.endswith(".html"))
        first = told(files[name])
        every = [line for year in years for line in told(files[year])] if years else first
        assert len(every) == len(set(every)), name
        assert (len(every) > WHOLE, len(first)) == (
            bool(years),
            NEWEST if years else len(every),
        ), name
        assert set(first) <= set(every), name
        if base in {LONG, SHORT}:
            pages = {f"/{n.removesuffix('index.html')}" for n in files if _is_episode(n, base)}
            assert set(every) == pages
        if years:
            by_year.add(base)
    return by_year


def _is_episode(name: str, series: str) -> bool:
    return re.fullmatch(rf"{series}/\d+/index\.html", name) is not None


def dead(files: dict[str, bytes]) -> set[tuple[str, str]]:
    """Find links within the website that lead to nothing."""
    return {
        (name, link)
        for name, data in files.items()
        if name.endswith(".html")
        for link in _LINK.findall(data.decode())
        if _file(link) not in files and not _file(link).startswith(_ELSEWHERE)
    }


def _file(link: str) -> str:
    path = unquote(link).lstrip("/")
    return f"{path}index.html" if path.endswith("/") or not path else path


@pytest.mark.slow
def test_long_lists_lose_nothing_and_are_never_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They grow beyond a page and shrink again, and every input of theirs changes once."""
    monkeypatch.setattr(lists, "WHOLE", WHOLE)
    monkeypatch.setattr(lists, "NEWEST", NEWEST)
    outlet = Outlet(tmp_path / "outlet")
    memory, aside = outlet.root / "data/cache", tmp_path / "aside"
    by_year: dict[str, set[str]] = {}
    for name, change in CHANGES.items():
        change(outlet)
        with_memory = outlet.laid(tmp_path / "site")
        memory.rename(aside)
        anew = outlet.laid(tmp_path / "anew")
        shutil.rmtree(memory)
        shutil.rmtree(tmp_path / "anew")
        aside.rename(memory)
        assert {n for n in with_memory | anew if with_memory.get(n) != anew.get(n)} == set(), name
        by_year[name] = check_lists(anew)
        assert dead(anew) == set(), name
    assert by_year["nothing"] == {"long", "tags/ai", "tags/말", "authors/편집부"}
    assert by_year["fewer"] == {"tags/ai", "tags/말"}
    assert by_year["fewest"] == set()
    assert by_year["more"] == {"long", "tags/ai", "tags/말"}
