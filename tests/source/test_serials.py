"""Series of an earlier process: known by the words of their file, and by their pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet, freeze
from publisher.source import Reader, Scan, scan
from publisher.source import series as reading
from publisher.source.recall import drawer_of
from tests.source.test_pictures import drawn

TOML = """\
title = "느린 연재"
intro = "첫 문장이다. ![한 점](그림.png)"
[cadence]
weekday = "friday"
at = "17:00"
skip = ["2026-12-25"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A series with a picture in its intro, older than any clock of the disk ticks."""
    folder = tmp_path / "episodes/느린"
    folder.mkdir(parents=True)
    (folder / "series.toml").write_text(TOML, encoding="utf-8")
    (folder / "그림.png").write_bytes(drawn("PNG"))
    (folder / "01-a.md").write_text("---\ntitle: 첫 화\n---\n\n글.\n", encoding="utf-8")
    for path in folder.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    read(tmp_path)
    return tmp_path


def read(root: Path, timezone: str = "Asia/Seoul") -> Scan:
    reader = Reader(cabinet=Cabinet(root / "data/cache", "this"))
    return scan(root, Path("episodes"), timezone=timezone, reader=reader)


def plain(root: Path, timezone: str = "Asia/Seoul") -> Scan:
    return scan(root, Path("episodes"), timezone=timezone)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note every series.toml that is really read."""
    seen: list[Path] = []
    real = reading.read

    def noting(folder: Path, *rest: object) -> object:
        seen.append(folder)
        return real(folder, *rest)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(reading, "read", noting)
    return seen


def test_a_series_that_did_not_change_is_not_read(root: Path, reads: list[Path]) -> None:
    found = read(root)
    assert reads == []
    assert found == plain(root)


@pytest.mark.parametrize("words", [TOML.replace("첫", "새"), TOML + "nonsense = 1\n", "title = "])
def test_other_words_are_read(root: Path, reads: list[Path], words: str) -> None:
    """Though the file says the same time of change."""
    file = root / "episodes/느린/series.toml"
    file.write_text(words, encoding="utf-8")
    os.utime(file, ns=(10**18, 10**18))
    found = read(root)
    assert len(reads) == 1
    assert found == plain(root)
    assert read(root) == found


def test_a_picture_that_changes_is_looked_at(root: Path, reads: list[Path]) -> None:
    (root / "episodes/느린/그림.png").write_bytes(drawn("PNG", (9, 9)))
    found = read(root)
    assert len(reads) == 1
    assert found == plain(root)


def test_another_zone_of_the_publication_is_another_series(root: Path, reads: list[Path]) -> None:
    assert read(root, "Europe/Paris") == plain(root, "Europe/Paris")
    assert reads


@pytest.mark.parametrize("octets", [b"", b"\xff", freeze(7), freeze(("", (), 7, (), ""))])
def test_a_drawer_of_another_shape_is_none(root: Path, octets: bytes) -> None:
    name = drawer_of("episodes/느린/series.toml")
    Cabinet(root / "data/cache", "this").write(f"series/{name}", octets)
    assert read(root) == plain(root)


def test_a_series_moved_to_another_folder_is_its_own(root: Path) -> None:
    (root / "episodes/느린").rename(root / "episodes/빠른")
    found = read(root)
    assert [one.slug for one in found.series] == ["빠른"]
    assert found == plain(root)
