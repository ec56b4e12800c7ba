"""Front matter that is remembered by its letters: the text below it changes, and nothing differs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publisher.files.cabinet import Cabinet, freeze
from publisher.source import Reader, Scan, fronts, scan
from publisher.source import matter as matters
from publisher.source.sought import EpisodeFile
from tests.source.publication import EPISODE, SERIES, write
from tests.source.test_pictures import drawn

FULL = """---
title: 첫 화, “따옴표”까지
status: ready
deck: 한 줄
byline: 김기자 <kim@example.com>
tags: [#AI, 노동]
access: members
publish_at: 2026-11-27
cover:
  src: 그림.png
  alt: 한 점
teaser: 다음 이야기
corrections:
  - date: 2026-03-09
    text: 고쳤다
allow:
  lint/todo: 까닭
---

첫 문단.

::: members
회원에게만.
:::
"""
#: Heads of every kind, each with a text below.
HEADS = {
    "plain": EPISODE,
    "full": FULL,
    "on the web": FULL.replace(
        "그림.png", "https://example.com/a.png\n  width: 800\n  height: 400"
    ),
    "blank lines above": "\n\n" + EPISODE,
    "ended by dots": EPISODE.replace("\n---\n", "\n...\n", 1),
    "faulty": EPISODE.replace("title:", "titel: x\ntitle:"),
    "contradicting": EPISODE.replace("title:", "number: 7\ntitle:"),
    "an hour that is none": EPISODE.replace("title:", "publish_at: 언젠가\ntitle:"),
    "unended": "---\ntitle: 끝이 없다\n\n글이다.\n",
    "absent": "# 제목\n\n글이다.\n",
    "of TOML": '+++\ntitle = "x"\n+++\n\n글이다.\n',
    "an escaped direction": EPISODE.replace("title: ", 'deck: "a\\u2066b"\ntitle: '),
    "no text": "---\ntitle: 글이 없다\n---\n",
    "no line end": "---\ntitle: 글이 없다\n---",
}
EDITS: dict[str, Callable[[str], str]] = {
    "more text": lambda text: text + "\n덧붙인 문단.\n",
    "the same direction in the text": lambda text: text + "\n가\u2066나\n",
    "a picture": lambda text: text + "\n![글](그림.png)\n",
    "another front matter below": lambda text: text + "\n---\ntitle: 다른 것\n---\n",
    "another title": lambda text: text.replace("title: ", "title: 새 ", 1),
    "a key more": lambda text: text.replace("\n---\n", "\ndeck: 새 덱\n---\n", 1),
    "no front matter": lambda text: text.rpartition("---\n")[2],
    "Windows": lambda text: text.replace("\n", "\r\n"),
    "text on the last line": lambda text: text.rstrip("\n") + " 끝",
}


def read(root: Path) -> Scan:
    reader = Reader(cabinet=Cabinet(root / "data/cache", "this"))
    return scan(root, Path("episodes"), timezone="Asia/Seoul", reader=reader)


def plain(root: Path) -> Scan:
    return scan(root, Path("episodes"), timezone="Asia/Seoul", reader=Reader())


def laid(root: Path, text: str) -> Path:
    write(root, {"series.toml": SERIES, "그림.png": drawn("PNG"), "01-a.md": text})
    return root / "episodes/ai/01-a.md"


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("head", HEADS)
def test_what_is_remembered_of_it_changes_nothing(tmp_path: Path, head: str, edit: str) -> None:
    """Every head with every edit; and the edited file edited back."""
    path = laid(tmp_path, HEADS[head])
    staying = Reader()
    for text in (HEADS[head], EDITS[edit](HEADS[head]), HEADS[head]):
        path.write_bytes(text.encode())
        expected = plain(tmp_path)
        assert read(tmp_path) == expected
        assert scan(tmp_path, Path("episodes"), timezone="Asia/Seoul", reader=staying) == expected


def test_with_the_same_front_matter_its_readers_are_not_loaded(tmp_path: Path) -> None:
    path = laid(tmp_path, FULL)
    read(tmp_path)
    path.write_text(FULL + "\n덧붙인 문단.\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from publisher.files.cabinet import Cabinet; "
        "from publisher.source import Reader, scan; root = Path(sys.argv[1]); "
        "reader = Reader(cabinet=Cabinet(root / 'data/cache', 'this')); "
        "[found] = scan(root, Path('episodes'), timezone='Asia/Seoul', reader=reader).episodes; "
        "assert '덧붙인' in found.text and found.title.startswith('첫 화'); "
        "print(sorted({'pydantic', 'yaml', 'markdown_it'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "['markdown_it']"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('access = "members"\n', ""),
        ("title", 'byline = "박기자"\ntitle'),
        ("title", "tags = ['새것']\ntitle"),
    ],
)
def test_another_series_reads_it_anew(tmp_path: Path, old: str, new: str) -> None:
    """It fills in what the episode does not say."""
    before = 'access = "members"\n' + SERIES
    write(tmp_path, {"series.toml": before, "01-a.md": EPISODE})
    first = read(tmp_path)
    write(tmp_path, {"series.toml": before.replace(old, new, 1), "01-a.md": EPISODE + "\n더.\n"})
    assert read(tmp_path) == plain(tmp_path) != first


@pytest.mark.parametrize("octets", [b"", b"\xff", freeze(("a", 1))])
def test_a_rotten_memory_is_none(octets: bytes) -> None:
    assert matters.thaw(octets, "a") is None


def test_a_faulty_front_matter_is_told_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is remembered, so each reading goes through all of it."""
    path = laid(tmp_path, HEADS["faulty"])
    read(tmp_path)
    seen = []
    real = fronts.read

    def noting(file: EpisodeFile, *rest: Any) -> tuple[matters.Matter | None, bool]:
        seen.append(file)
        return real(file, *rest)

    monkeypatch.setattr(fronts, "read", noting)
    path.write_text(HEADS["faulty"] + "\n더.\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert [p.code for p in read(tmp_path).problems] == [p.code for p in plain(tmp_path).problems]
    assert len(seen) == 2
