"""Many hands: the same results in the same order, and a clear word when one of them is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet
from publisher.model.problem import OutsideError, ProblemError
from publisher.press.hands import WORTH, spread
from publisher.press.memory import Memory
from publisher.wiring import building, checking
from publisher.wiring.cores import usable_cores
from publisher.wiring.newsroom import open_newsroom
from tests.bench.publication import write

CLOCK = {"PUBLISHER_CLOCK": "2005-01-01T00:00:00+09:00"}


def test_results_come_in_order_from_several_processes() -> None:
    found = list(spread(lambda place: (place, os.getpid()), 2 * WORTH, 2))
    assert [place for place, _ in found] == list(range(2 * WORTH))
    assert os.getpid() not in {process for _, process in found}


@pytest.mark.parametrize(("count", "hands"), [(WORTH - 1, 2), (WORTH, 1)])
def test_little_work_and_a_single_core_need_no_other_process(count: int, hands: int) -> None:
    assert set(spread(lambda _: os.getpid(), count, hands)) == {os.getpid()}


def test_what_goes_wrong_in_a_hand_goes_wrong_here() -> None:
    def work(place: int) -> int:
        return 1 // (place - 7)

    with pytest.raises(ZeroDivisionError):
        list(spread(work, WORTH, 2))


def test_a_hand_that_dies_is_told_in_words() -> None:
    def work(place: int) -> int:
        if place == 20:
            os.kill(os.getpid(), signal.SIGKILL)
        return place

    with pytest.raises(OutsideError) as told:
        list(spread(work, WORTH, 2))
    assert [problem.code for problem in told.value.problems] == ["press/hand-lost"]


def test_two_hands_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same problems in the same order, and the same memory for the next process."""
    root = write(tmp_path / "outlet", WORTH + 10, 300)
    faulty = sorted(root.rglob("*.md"))
    faulty[3].write_text(faulty[3].read_text("utf-8") + "\n![](none.png)\n", encoding="utf-8")
    faulty[40].write_text(
        faulty[40].read_text("utf-8") + "\n" + "긴 글 " * 14_000, encoding="utf-8"
    )
    reports = []
    for cores in (1, 2):
        monkeypatch.setattr(checking, "usable_cores", lambda cores=cores: frozenset(range(cores)))
        newsroom = open_newsroom(root, CLOCK)
        newsroom.cabinet = Cabinet(root / "nowhere", "nobody", closed=True)
        reports.append(checking.check(newsroom))
        known: Memory = newsroom.press.memory
        assert (len(known.rules), len(known.proofs)) == (WORTH + 10, WORTH + 10)
    assert reports[0] == reports[1]
    assert reports[0].editions == 2 * (WORTH + 10)
    assert {"letter/html-too-large", "lint/image-alt"} <= {p.code for p in reports[0].problems}


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_two_hands_lay_the_website_that_one_lays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files and the same proof remembered; and the next build has nothing to do."""
    root = write(tmp_path / "outlet", WORTH + 10, 300)
    sites, known = [], []
    for cores in (1, 2):
        monkeypatch.setattr(building, "usable_cores", lambda cores=cores: frozenset(range(cores)))
        newsroom = open_newsroom(root, CLOCK)
        newsroom.cabinet = Cabinet(root / "nowhere", "nobody", closed=True)
        folder, heard = tmp_path / f"site {cores}", list[tuple[int, int]]()
        advance = lambda done, of, heard=heard: heard.append((done, of))  # noqa: E731
        built = building.build(newsroom, folder, as_if=True, advance=advance)
        assert heard == [(n + 1, len(built.report.written)) for n in range(len(heard))]
        sites.append(files_of(folder))
        known.append(set(newsroom.press.memory.clean))
        assert building.build(newsroom, folder, as_if=True).report.written == ()
    assert sites[0] == sites[1]
    assert len(sites[0]) > 2 * WORTH
    assert known[0] == known[1]
    assert len(known[0]) > WORTH


def test_a_leak_that_a_hand_finds_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "outlet", WORTH + 10, 300)
    gated = next(p for p in sorted(root.rglob("*.md")) if "::: members" in p.read_text("utf-8"))
    secret = gated.read_text("utf-8").split("::: members")[1].splitlines()[3]
    page = root / "templates/page/episode.html.j2"
    page.parent.mkdir(parents=True)
    page.write_text(f"<p>{secret.replace('**', '')}</p>", encoding="utf-8")
    monkeypatch.setattr(building, "usable_cores", lambda: frozenset(range(2)))

    with pytest.raises(ProblemError) as told:
        building.build(open_newsroom(root, CLOCK), tmp_path / "site", as_if=True)
    assert {problem.code for problem in told.value.problems} == {"gate/leak"}
    assert not list((tmp_path / "site").rglob("slow/*/index.html"))


#: The command, deaf to nothing: whoever runs the tests in the background made SIGINT ignored.
HEARING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from publisher.cli import main
main()
"""


@pytest.fixture
def checking_with_hands(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[Path]]]:
    """A check at work in a session of its own, and its hands."""
    root = write(tmp_path / "outlet", 8 * WORTH, 3_000)
    check = subprocess.Popen(
        [sys.executable, "-c", HEARING, "--lang", "en", "-C", str(root), "check"],
        env={**os.environ, **CLOCK},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    children = Path(f"/proc/{check.pid}/task/{check.pid}/children")
    try:
        if not children.exists() or len(usable_cores()) < 2:
            pytest.skip("needs /proc and two cores: run on Linux, with taskset -c 0,1")
        patience = time.monotonic() + 60
        while len(hands := children.read_text().split()) < 2:
            assert time.monotonic() < patience
            assert check.poll() is None
            time.sleep(0.05)
        yield check, [Path(f"/proc/{hand}") for hand in hands]
    finally:
        check.kill()
        check.communicate()


def test_an_interrupted_check_stops_with_one_line(
    checking_with_hands: tuple[subprocess.Popen[str], list[Path]],
) -> None:
    check, hands = checking_with_hands
    os.killpg(check.pid, signal.SIGINT)
    out, error = check.communicate(timeout=60)
    assert (check.returncode, out, error.strip()) == (130, "", "Stopped.")
    assert not [hand for hand in hands if hand.exists()]


def test_a_check_that_is_killed_leaves_no_hands_behind(
    checking_with_hands: tuple[subprocess.Popen[str], list[Path]],
) -> None:
    check, hands = checking_with_hands
    check.kill()
    check.wait()
    patience = time.monotonic() + 60
    while [hand for hand in hands if hand.exists()]:
        assert time.monotonic() < patience
        time.sleep(0.05)
