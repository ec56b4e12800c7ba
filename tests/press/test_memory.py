"""What one process remembers for the next: quicker, never different, never trusted too far."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet, ForeignError, freeze, thaw
from publisher.files.names import relative
from publisher.model.episode import Status
from publisher.model.problem import Place, Problem
from publisher.press.memory import Memory, Page
from publisher.source import Reader, Scan, scan
from publisher.source.recall import drawer_of
from publisher.source.shelved import Recalled
from publisher.wiring.building import build
from publisher.wiring.checking import check
from publisher.wiring.newsroom import open_newsroom
from tests.bench.publication import write

EPISODES = 10
CLOCK = {"PUBLISHER_CLOCK": "2005-01-01T00:00:00+09:00"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Ten episodes, the last one gated, older than any clock of the disk ticks."""
    root = write(tmp_path / "outlet", EPISODES, 700)
    for path in root.rglob("*.md"):
        os.utime(path, ns=(10**18, 10**18))
    return root


def read(root: Path, maker: str = "this") -> Scan:
    """Read a publication as a new process does: with nothing but what is on the disk."""
    reader = Reader(cabinet=Cabinet(root / "data/cache", maker))
    return scan(root, Path("episodes"), timezone="Asia/Seoul", reader=reader)


def plain(root: Path) -> Scan:
    return scan(root, Path("episodes"), timezone="Asia/Seoul")


def shelved(found: Scan) -> int:
    return sum(type(episode) is Recalled for episode in found.episodes)


def drawer(root: Path, path: Path) -> Path:
    return root / "data/cache/episodes" / drawer_of(relative(path, root))


def first(root: Path) -> Path:
    return min((root / "episodes/slow").glob("*.md"))


def site(root: Path) -> dict[str, bytes]:
    """Build as if all were out, into a new folder."""
    folder = root / "out" / "site"
    shutil.rmtree(folder, ignore_errors=True)
    build(open_newsroom(root, CLOCK), folder, as_if=True)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def forget(root: Path) -> None:
    shutil.rmtree(root / "data/cache", ignore_errors=True)


def test_a_new_process_reads_nothing_anew(root: Path) -> None:
    assert shelved(read(root)) == 0
    again = read(root)
    assert shelved(again) == EPISODES
    assert again == plain(root)


def test_one_changed_file_is_the_only_one_read(root: Path) -> None:
    read(root)
    path = first(root)
    path.write_text(path.read_text("utf-8") + "\n덧붙임\n", encoding="utf-8")
    again = read(root)
    assert shelved(again) == EPISODES - 1
    assert again == plain(root)


@pytest.mark.parametrize(
    ("age", "status"), [(50_000_000, Status.DRAFT), (500_000_000, Status.READY)]
)
def test_a_change_that_leaves_size_and_time_as_they_were_is_seen_by_its_words(
    root: Path, age: int, status: Status
) -> None:
    """The disk's clock ticks slowly: a file older than its drawer by a hair is compared.

    One that was older by more, in ns, cannot have changed within the same tick.
    """
    path = first(root)
    read(root)
    stamp = path.stat()
    with path.open("r+", encoding="utf-8") as file:
        words = file.read().replace("ready", "draft", 1)
        file.seek(0)
        file.write(words)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size
    drawer = root / "data/cache/episodes" / drawer_of(path.relative_to(root).as_posix())
    os.utime(drawer, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + age))
    assert read(root).episodes[0].status is status


def test_a_fresh_checkout_is_remembered_by_its_words(root: Path) -> None:
    read(root)
    path = first(root)
    os.utime(path, ns=(2 * 10**18 // 2 + 5, 10**18 + 5))
    assert shelved(read(root)) == EPISODES


def test_a_picture_that_came_is_looked_at(root: Path) -> None:
    path = first(root)
    path.write_text(path.read_text("utf-8") + "\n![글](a.png)\n", encoding="utf-8")
    os.utime(path, ns=(10**18, 10**18))
    assert [p.code for p in read(root).problems] == ["source/image-missing"]
    (path.parent / "a.png").write_bytes(b"no picture")
    again = read(root)
    assert [p.code for p in again.problems] == ["source/image-unreadable"]
    assert again == plain(root)


@pytest.mark.parametrize(
    "hurt",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
        lambda data: b"\x80\x05cos\nsystem\n",
        lambda data: pickle.dumps({"some": "thing"}),
    ],
    ids=["empty", "half", "a byte short", "a byte more", "a bit over", "a command", "a pickle"],
)
def test_a_damaged_drawer_is_empty(root: Path, hurt: object) -> None:
    assert callable(hurt)
    read(root)
    path = drawer(root, first(root))
    path.write_bytes(hurt(path.read_bytes()))
    again = read(root)
    assert shelved(again) == EPISODES - 1
    assert again == plain(root)
    assert shelved(read(root)) == EPISODES


def test_another_version_begins_anew(root: Path) -> None:
    read(root, "1.0")
    assert shelved(read(root, "1.1")) == 0
    assert shelved(read(root, "1.1")) == EPISODES


def test_a_cache_that_came_with_a_copy_is_not_believed(root: Path, tmp_path: Path) -> None:
    """Whoever hands over a publication cannot hand over what its files are taken for."""
    read(root)
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    assert shelved(read(copy)) == 0


def test_a_folder_open_to_others_is_not_believed(root: Path) -> None:
    read(root)
    folder = root / "data/cache/episodes"
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    assert shelved(read(root)) == 0


def test_a_link_in_the_place_of_a_drawer_is_not_followed(root: Path, tmp_path: Path) -> None:
    read(root)
    path = drawer(root, first(root))
    path.replace(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert shelved(read(root)) == EPISODES - 1


def test_a_place_that_cannot_be_written_is_no_matter(root: Path) -> None:
    (root / "data").write_text("a file where the folder should be")
    assert read(root) == plain(root)
    assert read(root) == plain(root)


def test_a_drawer_of_a_file_that_is_gone_is_emptied(root: Path) -> None:
    read(root)
    path = first(root)
    kept = drawer(root, path)
    path.unlink()
    read(root)
    assert not kept.exists()


class Trap:
    """Runs a command when it is unpickled by somebody careless."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("exit 1",)


@pytest.mark.parametrize(
    "octets",
    [
        pickle.dumps(Trap()),
        pickle.dumps(Path("x")),
        pickle.dumps(os.getcwd),
        b"\x80\x04\x8c\x17publisher.model.problem\x8c\x09Severity.__class__\x93.",
        b"\x80\x04\x8c\x17publisher.model.problem\x8c\x0cProblemError\x93.",
        b"\x80\x04\x8c\x17publisher.model.problem\x8c\x09dataclass\x93.",
        b"(" * 100_000,
        b"",
    ],
    ids=["command", "path", "function", "dotted", "error", "decorator", "deep", "nothing"],
)
def test_only_records_of_the_model_are_thawed(octets: bytes) -> None:
    with pytest.raises(ForeignError):
        thaw(octets)


def test_an_enumeration_cannot_be_changed_by_what_is_read() -> None:
    """The state that a pickle sets lands on a stand-in, never on the kind itself."""
    octets = b"\x80\x04\x8c\x17publisher.model.episode\x8c\x06Status\x93"
    octets += b"N}\x8c\x05READY\x8c\x05draft\x73\x86b."
    with pytest.raises(ForeignError):
        thaw(octets)
    assert Status.READY.value == "ready"


def test_an_enumeration_is_written_by_its_value_whatever_the_python() -> None:
    """The first releases of Python 3.11 would have it fetched by getattr, which is never read."""
    assert b"getattr" not in freeze(Status.READY)
    assert thaw(freeze(Status.READY)) is Status.READY


def test_site_and_check_are_the_same_with_and_without_memory(root: Path) -> None:
    def looked() -> tuple[Problem, ...]:
        return check(open_newsroom(root, CLOCK)).problems

    cold = looked()
    assert (root / "data/cache/rules").is_file()
    assert looked() == cold
    before = site(root)
    path = first(root)
    path.write_text(path.read_text("utf-8") + "\n덧붙임이다.\n", encoding="utf-8")
    warm = site(root), looked()
    forget(root)
    assert (site(root), looked()) == warm
    assert warm[0] != before


def test_a_poisoned_page_of_findings_is_worked_out_again(root: Path) -> None:
    cold = check(open_newsroom(root, CLOCK))
    cabinet = open_newsroom(root, CLOCK).press.cabinet
    assert cabinet is not None
    for name in ("rules", "proofs", "seen", "gate"):
        cabinet.write(name, freeze({"key": ("a", 1)}))
    assert check(open_newsroom(root, CLOCK)) == cold


def test_a_proof_is_pulled_again_for_whatever_shows_in_it(root: Path) -> None:
    """Of ten episodes, a new title is spoken of in the one before, the one after and those akin."""

    def pulled() -> int:
        newsroom = open_newsroom(root, CLOCK)
        known = len(newsroom.press.memory.proofs)
        check(newsroom)
        return len(newsroom.press.memory.proofs) - known

    assert pulled() == EPISODES
    assert pulled() == 0
    path = first(root)
    words = path.read_text("utf-8")
    path.write_text(words.replace("status: ready", "status: ready\nallow: {}"), encoding="utf-8")
    assert pulled() == 1
    path.write_text(words.replace("title: ", "title: 새 "), encoding="utf-8")
    assert pulled() > 1
    config = root / "config.toml"
    config.write_text(config.read_text("utf-8").replace("느린 신호", "새 신호"), encoding="utf-8")
    assert pulled() == EPISODES


def test_a_leak_is_found_with_the_gate_remembered(root: Path) -> None:
    """What stands behind the gate comes from memory; a free episode that says it is stopped."""
    site(root)
    gated = max((root / "episodes/slow").glob("*.md"))
    secret = gated.read_text("utf-8").split("::: members")[1].splitlines()[3]
    path = first(root)
    path.write_text(path.read_text("utf-8") + f"\n{secret}\n", encoding="utf-8")
    memory = Memory(open_newsroom(root, CLOCK).press.cabinet)
    episode = next(e for e in read(root).episodes if e.path.endswith(gated.name))
    assert secret.replace("**", "") in [one.words for one in memory.secrets(episode)]


def test_a_page_keeps_what_was_used(tmp_path: Path) -> None:
    def page() -> Page[tuple[Problem, ...]]:
        return Page("rules", Cabinet(tmp_path / "cache", "this"), lambda value: True)

    one = page()
    for number in range(4):
        one[str(number)] = ()
    one.save(most=10)
    two = page()
    assert two["3"] == ()
    two["4"] = ()
    two.save(most=2)
    assert sorted(page()) == ["3", "4"]


def test_two_processes_at_once_leave_a_whole_memory(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.press.test_memory import read; "
        "print(len(read(Path(sys.argv[1])).episodes))"
    )

    def run(_: int) -> str:
        command = [sys.executable, "-c", script, str(root)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(run, range(2))) == [f"{EPISODES}\n"] * 2
    assert shelved(read(root)) == EPISODES
    names = {path.name for path in (root / "data/cache/episodes").iterdir()}
    assert names == {drawer_of(relative(p, root)) for p in (root / "episodes/slow").glob("*.md")}


def test_dates_and_places_come_back_as_they_were(root: Path) -> None:
    value = (read(root).episodes[0], read(root).series[0], Place("a.md", 1, 2))
    assert thaw(freeze(value)) == value
