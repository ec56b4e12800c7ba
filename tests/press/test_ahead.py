"""Feeds made meanwhile by a copy of the process: the same feeds, whatever becomes of the copy."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet
from publisher.model.problem import ProblemError
from publisher.press.ahead import FEW, Ahead, Proven
from publisher.press.hands import WORTH
from publisher.press.meanwhile import Meanwhile
from publisher.wiring import building
from publisher.wiring.newsroom import open_newsroom
from tests.bench.publication import write
from tests.press.test_hands import CLOCK, files_of

HERE = os.getpid()


@pytest.fixture(autouse=True)
def no_copy_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever becomes of the work, its copy is waited for."""
    made: list[int] = []
    fork = os.fork

    def noted() -> int:
        copy = fork()
        made.append(copy)
        return copy

    monkeypatch.setattr(os, "fork", noted)
    yield
    for copy in made:
        with pytest.raises(ChildProcessError):
            os.waitpid(copy, os.WNOHANG)


def test_pieces_come_in_order_from_a_copy_of_the_process() -> None:
    given = list(Meanwhile(lambda: ((place, os.getpid()) for place in range(3))))
    assert [place for place, _ in given] == [0, 1, 2]
    assert HERE not in {process for _, process in given}


def _failing() -> Iterator[int]:
    yield 1
    raise ValueError("what a copy meets, the first process meets too")


def _dying() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)
    yield 2


@pytest.mark.parametrize("work", [_failing, _dying])
def test_a_copy_that_fails_or_dies_gives_what_it_had(
    work: type[Iterator[int]], capfd: pytest.CaptureFixture[str]
) -> None:
    assert list(Meanwhile(work)) == [1]
    assert capfd.readouterr() == ("", "")


def test_who_needs_no_more_need_not_wait() -> None:
    def endless() -> Iterator[int]:
        yield 1
        while True:
            time.sleep(60)

    copy = Meanwhile(endless)
    assert next(copy) == 1
    begun = threading.Timer(20, os._exit, (1,))
    begun.start()
    copy.close()
    begun.cancel()
    assert list(copy) == []


def _ahead(count: int, worth: Sequence[int], *, dies_at: int = -1) -> tuple[Ahead, list[str]]:
    """Plan sheets that say who made them."""

    def plan() -> Iterator[Proven]:
        for place in range(count):
            yield Proven(f"{place}.xml", f"digest {place}", lambda place=place: make(place))  # type: ignore[misc]

    def make(place: int) -> bytes:
        if place == dies_at and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"here" if os.getpid() == HERE else b"there"

    known: list[str] = []
    ahead = Ahead(
        plan, lambda sheets: [sheets[place] for place in worth], lambda: ["clean"], known.extend
    )
    return ahead, known


def test_what_is_worth_it_is_made_there_and_the_rest_here() -> None:
    ahead, known = _ahead(5, [1, 3])
    sheets = list(ahead.sheets())
    assert [(s.path, s.digest) for s in sheets] == [(f"{n}.xml", f"digest {n}") for n in range(5)]
    assert [s.make() for s in sheets] == [b"here", b"there", b"here", b"there", b"here"]
    assert known == ["clean", "clean"]
    ahead.close()


def test_a_copy_that_dies_leaves_the_rest_to_be_made_here() -> None:
    ahead, _ = _ahead(5, [1, 2, 3], dies_at=2)
    assert [s.make() for s in ahead.sheets()] == [b"here", b"there", b"here", b"here", b"here"]
    ahead.close()


def test_a_copy_that_never_was_leaves_everything_to_be_made_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("publisher.press.meanwhile.can_copy", lambda: False)
    ahead, _ = _ahead(2, [0, 1])
    assert [s.make() for s in ahead.sheets()] == [b"here", b"here"]
    ahead.close()


def test_where_much_changed_nothing_is_made_there() -> None:
    """All cores share it then, and none of them reads from the copy."""
    ahead, _ = _ahead(FEW + 1, range(FEW + 1))
    sheets = list(ahead.sheets())
    ahead.gather()
    assert {s.make() for s in sheets} == {b"here"}


def test_what_was_made_there_survives_being_gathered() -> None:
    ahead, _ = _ahead(3, [2])
    sheets = list(ahead.sheets())
    ahead.gather()
    assert [s.make() for s in sheets] == [b"here", b"here", b"there"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "outlet", WORTH + 10, 300)


def _built(root: Path, folder: Path, cores: int, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Build with so many cores and no memory; gives the items found clean."""
    monkeypatch.setattr(building, "usable_cores", lambda: frozenset(range(cores)))
    newsroom = open_newsroom(root, CLOCK)
    newsroom.cabinet = Cabinet(root / "nowhere", "nobody", closed=True)
    building.build(newsroom, folder, as_if=True)
    return set(newsroom.press.memory.clean)


@pytest.mark.parametrize("words", ["덧붙임이다.", "## 새 제목"])
def test_one_changed_episode_comes_to_the_same_with_and_without_a_copy(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    one, two, fresh = tmp_path / "one", tmp_path / "two", tmp_path / "fresh"
    _built(root, one, 1, monkeypatch)
    shutil.copytree(one, two)
    path = sorted(root.rglob("*.md"))[7]
    path.write_text(f"{path.read_text('utf-8')}\n{words}\n", encoding="utf-8")
    known = [_built(root, one, 1, monkeypatch), _built(root, two, 2, monkeypatch)]
    assert known[0] == known[1]
    assert known[0]
    assert files_of(one) == files_of(two)
    _built(root, fresh, 1, monkeypatch)
    assert files_of(fresh) == files_of(two)


def test_a_leak_that_the_copy_finds_stops_the_build(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a feed alone, which the copy makes; it is told as if there were no copy."""
    _built(root, tmp_path / "site", 2, monkeypatch)
    gated = next(p for p in sorted(root.rglob("*.md")) if "::: members" in p.read_text("utf-8"))
    secret = gated.read_text("utf-8").split("::: members")[1].splitlines()[3].replace("**", "")
    item = root / "templates/page/feed-item.html.j2"
    item.parent.mkdir(parents=True)
    item.write_text(
        f"{{% if episode.number == 7 %}}<p>{secret}</p>{{% else %}}<p>x</p>{{% endif %}}",
        encoding="utf-8",
    )
    with pytest.raises(ProblemError) as told:
        _built(root, tmp_path / "site", 2, monkeypatch)
    assert {problem.code for problem in told.value.problems} == {"gate/leak"}
