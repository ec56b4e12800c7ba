"""The register: no drawer is opened to know that nothing changed, and none is believed too far."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet, freeze
from publisher.model.problem import ProblemError
from publisher.source import Reader, Scan, scan
from publisher.source.recall import drawer_of
from publisher.source.register import FEW, NAME
from publisher.source.shelved import Recalled
from tests.source.test_pictures import drawn

COUNT = FEW + 4


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Some episodes and a picture, older than any clock of the disk ticks; read by one process."""
    folder = tmp_path / "episodes/느린 연재"
    folder.mkdir(parents=True)
    (folder / "series.toml").write_text('title = "느린 연재"\n', encoding="utf-8")
    (folder / "그림.png").write_bytes(drawn("PNG"))
    for number in range(1, COUNT + 1):
        text = f"---\ntitle: {number}화\n---\n\n{number}번째 글.\n\n![한 점](그림.png)\n"
        (folder / f"{number:02}-어느 화.md").write_text(text, encoding="utf-8")
    for path in folder.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    read(tmp_path)
    return tmp_path


def read(root: Path) -> Scan:
    """Read as a new process does."""
    reader = Reader(cabinet=Cabinet(root / "data/cache", "this"))
    return scan(root, Path("episodes"), timezone="Asia/Seoul", reader=reader)


def plain(root: Path) -> Scan:
    return scan(root, Path("episodes"), timezone="Asia/Seoul")


def register(root: Path) -> Path:
    return root / "data/cache" / NAME


def drawers(root: Path) -> Path:
    return root / "data/cache/episodes"


def episode(root: Path, number: int = 1) -> Path:
    return root / f"episodes/느린 연재/{number:02}-어느 화.md"


def recalled(found: Scan) -> list[int]:
    return [one.number for one in found.episodes if isinstance(one, Recalled)]


def everything(_: Scan) -> list[int]:
    return list(range(1, COUNT + 1))


def test_only_what_its_own_drawer_is_believed_about_comes_into_the_register(root: Path) -> None:
    """The first process has just read the files: they might change within the same tick."""
    assert not register(root).exists()
    read(root)
    assert register(root).exists()


def test_with_a_register_no_drawer_is_opened(root: Path) -> None:
    read(root)
    shutil.rmtree(drawers(root))
    found = read(root)
    assert recalled(found) == everything(found)
    assert list(drawers(root).parent.rglob(f"{drawers(root).name}/*")) == []
    assert found == plain(root)  # what was in the drawers is read from the files,
    assert len(list(drawers(root).iterdir())) == COUNT  # and put away again


def test_a_changed_file_is_read_and_the_rest_is_not(root: Path) -> None:
    read(root)
    before = register(root).stat()
    path = episode(root, 3)
    path.write_text(path.read_text("utf-8") + "\n덧붙인 말.\n", encoding="utf-8")
    for _ in range(2):
        found = read(root)
        assert found == plain(root)
    # The second process finds the changed one in its own drawer.
    assert recalled(found) == everything(found)
    assert register(root).stat() == before


def test_a_picture_that_changes_is_noticed(root: Path) -> None:
    read(root)
    (root / "episodes/느린 연재/그림.png").write_bytes(drawn("PNG", (9, 9)))
    found = read(root)
    assert recalled(found) == []
    assert found == plain(root)


def test_files_that_come_and_go_are_told_apart(root: Path) -> None:
    read(root)
    episode(root, 2).rename(episode(root, COUNT + 1))
    found = read(root)
    assert found == plain(root)
    assert [one.number for one in found.episodes] == [1, *range(3, COUNT + 2)]
    names = {drawer_of(one.path) for one in found.episodes}
    assert {path.name for path in drawers(root).iterdir()} == names


def test_more_than_a_few_new_ones_make_a_new_register(root: Path) -> None:
    read(root)
    before = register(root).stat()
    for number in range(1, FEW + 2):
        path = episode(root, number)
        path.write_text(path.read_text("utf-8") + "\n덧붙인 말.\n", encoding="utf-8")
        os.utime(path, ns=(10**18 + 1, 10**18 + 1))
    read(root)
    assert register(root).stat() == before
    read(root)
    assert register(root).stat().st_mtime_ns > before.st_mtime_ns
    shutil.rmtree(drawers(root))
    found = read(root)
    assert recalled(found) == everything(found)
    assert found == plain(root)


def test_an_episode_that_another_process_read_anew_is_not_half_of_each(root: Path) -> None:
    """Its head says who may read it; a text from after that might be for members."""
    read(root)
    early = read(root)
    path = episode(root, 1)
    path.write_text(
        path.read_text("utf-8").replace("title", "access: members\ntitle"), encoding="utf-8"
    )
    late = read(root)
    assert late == plain(root)
    with pytest.raises(ProblemError) as told:
        _ = early.episodes[0].text
    assert told.value.problems[0].code == "source/changed-meanwhile"
    assert early.episodes[1].text == late.episodes[1].text


@pytest.mark.parametrize(
    "octets",
    [freeze([]), freeze({"episodes/느린 연재/01-어느 화.md": 7}), b"", freeze({"a": ()})],
)
def test_a_register_of_another_shape_is_none(root: Path, octets: bytes) -> None:
    Cabinet(root / "data/cache", "this").write(NAME, octets)
    found = read(root)
    assert recalled(found) == everything(found)
    assert found == plain(root)


def test_a_row_of_another_shape_is_none(root: Path) -> None:
    names = [one.path for one in plain(root).episodes]
    for row in (None, (), (1, 2, 3, 4, 5, 6), ((1, 2, 3), "", (), (), (), ())):
        Cabinet(root / "data/cache", "this").write(NAME, freeze(dict.fromkeys(names, row)))
        assert read(root) == plain(root)


def test_a_drawer_that_was_filled_with_other_blocks_known_is_not_believed(root: Path) -> None:
    """A block of the publication's own comes and goes with its templates; the words stay the same."""
    path = episode(root)
    path.write_text("---\ntitle: 1화\n---\n\n::: gift\n선물이다.\n:::\n", encoding="utf-8")
    os.utime(path, ns=(10**18 + 1, 10**18 + 1))
    shutil.rmtree(root / "data")
    for blocks in ((), (), ("gift",), ()):
        reader = Reader(cabinet=Cabinet(root / "data/cache", "this"))
        found = scan(root, Path("episodes"), timezone="Asia/Seoul", blocks=blocks, reader=reader)
        fresh = scan(root, Path("episodes"), timezone="Asia/Seoul", blocks=blocks)

        assert found.episodes[0].body == fresh.episodes[0].body
        assert found == fresh
