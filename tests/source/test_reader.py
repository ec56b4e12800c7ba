"""A reader remembers: what did not change is not read again, and what did always is."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from publisher.model.episode import Audience, Status
from publisher.source import Reader, scan
from tests.source.publication import EPISODE, SERIES, only, read, told, write
from tests.source.test_pictures import drawn


def test_what_did_not_change_is_the_very_same_object(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE, "02-b.md": EPISODE})
    reader = Reader()
    first = read(tmp_path, reader)
    write(tmp_path, {"02-b.md": EPISODE.replace("본문", "고친 본문")})
    second = read(tmp_path, reader)

    assert second.episodes[0] is first.episodes[0]
    assert second.episodes[1].text == EPISODE.replace("본문", "고친 본문")
    assert second.series[0] is first.series[0]


def test_a_save_of_the_same_length_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE})
    reader = Reader()
    read(tmp_path, reader)
    path = tmp_path / "episodes/ai/01-a.md"
    path.write_text(EPISODE.replace("본문", "다른"), encoding="utf-8")
    os.utime(path, ns=(1, 1))

    assert "다른" in only(read(tmp_path, reader)).text


def test_a_change_of_the_series_reaches_its_episodes(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE})
    reader = Reader()
    before = only(read(tmp_path, reader))
    write(tmp_path, {"series.toml": 'access = "members"\n' + SERIES})
    after = only(read(tmp_path, reader))

    assert (before.access, after.access) == (Audience.FREE, Audience.MEMBERS)
    assert before.digest != after.digest


def test_a_picture_that_comes_changes_or_goes_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE + "\n![가](a.png)\n"})
    reader = Reader()
    missing = read(tmp_path, reader)
    write(tmp_path, {"a.png": drawn("PNG")})
    there = read(tmp_path, reader)
    write(tmp_path, {"a.png": drawn("PNG", (9, 9))})
    larger = read(tmp_path, reader)
    (tmp_path / "episodes/ai/a.png").unlink()
    gone = read(tmp_path, reader)

    assert [len(each.problems) for each in (missing, there, larger, gone)] == [1, 0, 0, 1]
    assert len({only(each).digest for each in (missing, there, larger, gone)}) == 3
    assert missing == gone


def test_files_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE, "02-b.md": EPISODE})
    reader = Reader()
    read(tmp_path, reader)
    (tmp_path / "episodes/ai/02-b.md").unlink()

    assert [each.number for each in read(tmp_path, reader).episodes] == [1]
    assert len(reader.kept) == 1


def test_new_templates_make_new_blocks_known(tmp_path: Path) -> None:
    text = EPISODE + "\n::: 지도\n가\n:::\n"
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text})
    reader = Reader()

    assert told(read(tmp_path, reader)) == ["01-a.md:7:5 source/block-unknown"]
    assert told(read(tmp_path, reader, blocks=("지도",))) == []


def test_two_scans_of_the_same_files_are_equal(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE, "notes.md": "", "02-b.md": "글"})

    assert read(tmp_path) == read(tmp_path)


def test_what_only_editors_see_leaves_the_digest_alone(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE})
    before = only(read(tmp_path))
    approved = f"approved: sha256:{'1' * 64}\nallow: {{a/b: 까닭}}\n"
    write(tmp_path, {"01-a.md": EPISODE.replace("status: ready\n", approved)})
    after = only(read(tmp_path))

    assert after.status is Status.DRAFT
    assert before.digest == after.digest


def test_a_scan_survives_being_stored(tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": EPISODE, "notes.md": ""})
    found = read(tmp_path)

    assert pickle.loads(pickle.dumps(found)) == found


def test_there_may_be_no_folder_at_all(tmp_path: Path) -> None:
    found = scan(tmp_path, Path("episodes"), timezone="Asia/Seoul")

    assert [problem.code for problem in found.problems] == ["source/folder-missing"]


def test_a_picture_of_the_series_that_changes_reaches_its_episodes(tmp_path: Path) -> None:
    """It stands in each of them, so what was approved with the old one is approved no more."""
    intro = 'intro = "![가](a.png)"\n'
    write(tmp_path, {"series.toml": intro + SERIES, "01-a.md": EPISODE, "a.png": drawn("PNG")})
    reader = Reader()
    before = only(read(tmp_path, reader))
    write(tmp_path, {"a.png": drawn("PNG", (9, 9))})
    after = only(read(tmp_path, reader))

    assert before.digest != after.digest
    assert after == only(read(tmp_path))
