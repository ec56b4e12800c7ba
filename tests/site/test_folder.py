"""The folder of the site: only what differs is written, only what was ours is removed."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from publisher.site.folder import Folder, Report

PAGE = "<p>느린 신호</p>" * 100


@dataclass(frozen=True)
class Leaf:
    """A sheet whose bytes are given."""

    path: str
    text: str
    digest: str
    made: list[str]

    @property
    def make(self) -> Callable[[], bytes]:
        def bytes_of() -> bytes:
            self.made.append(self.path)
            return self.text.encode()

        return bytes_of


def leaves(made: list[str] | None = None, **texts: str) -> list[Leaf]:
    """Make sheets of ``name=text``: the digest is the text itself."""
    return [
        Leaf(f"{name}/index.html", text, text, made if made is not None else [])
        for name, text in texts.items()
    ]


def files(folder: Path) -> dict[str, bytes]:
    """Read all that a server would serve."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_a_tree_is_written_with_its_squeezed_twins(tmp_path: Path) -> None:
    """Each page stands plain, as gzip without a date, and as brotli."""
    report = Folder(tmp_path).publish(leaves(하나=PAGE, b="kurz"))

    written = files(tmp_path)
    assert report == Report(("하나/index.html", "b/index.html"), (), 0, ())
    assert set(written) == {
        "하나/index.html",
        "하나/index.html.gz",
        "하나/index.html.br",
        "b/index.html",
    }
    assert gzip.decompress(written["하나/index.html.gz"]) == PAGE.encode()
    assert brotli.decompress(written["하나/index.html.br"]) == PAGE.encode()
    assert written["하나/index.html.gz"][4:8] == b"\0\0\0\0"


def test_only_what_changed_is_made_and_written(tmp_path: Path) -> None:
    """An unchanged digest means no make, no write and the old time on the file."""
    made: list[str] = []
    Folder(tmp_path).publish(leaves(made, a=PAGE, b=PAGE))
    os.utime(tmp_path / "a/index.html", (0, 0))
    made.clear()

    report = Folder(tmp_path).publish(leaves(made, a=PAGE, b=PAGE + "!"))

    assert (made, report) == (["b/index.html"], Report(("b/index.html",), (), 1, ()))
    assert (tmp_path / "a/index.html").stat().st_mtime == 0


def test_new_pages_are_laid_before_those_that_lead_to_them(tmp_path: Path) -> None:
    """Whatever the order: a page of last year leads to this year's first, and is planned before it."""
    Folder(tmp_path).publish(leaves(y2024=PAGE, y2026=PAGE, list=PAGE))
    made: list[str] = []

    report = Folder(tmp_path).publish(
        leaves(made, y2024=PAGE + "25", y2025=PAGE, y2026=PAGE + "25", y2027=PAGE, list=PAGE)
    )

    order = [f"y{year}/index.html" for year in (2025, 2027, 2024, 2026)]
    assert (made, [*report.written]) == (order, order)


def test_new_reasons_for_the_same_bytes_write_nothing(tmp_path: Path) -> None:
    """A template's new digest that changes no byte of a page leaves the page and its date alone."""
    Folder(tmp_path).publish([Leaf("a.html", PAGE, "1", [])])
    os.utime(tmp_path / "a.html", (0, 0))
    made: list[str] = []

    assert Folder(tmp_path).publish([Leaf("a.html", PAGE, "2", made)]) == Report(kept=1)
    assert Folder(tmp_path).publish([Leaf("a.html", PAGE, "2", made)]) == Report(kept=1)
    assert made == ["a.html"]
    assert (tmp_path / "a.html").stat().st_mtime == 0


def test_what_lost_its_source_goes_and_strangers_stay(tmp_path: Path) -> None:
    """Our files go with their twins and emptied folders; a neighbour's file keeps its folder."""
    Folder(tmp_path).publish(leaves(a=PAGE, b=PAGE, c=PAGE))
    (tmp_path / "b/notes.txt").write_text("theirs")

    report = Folder(tmp_path).publish(leaves(c=PAGE))

    assert report == Report((), ("a/index.html", "b/index.html"), 1, ())
    assert set(files(tmp_path)) == {
        "b/notes.txt",
        "c/index.html",
        "c/index.html.gz",
        "c/index.html.br",
    }
    assert not (tmp_path / "a").exists()


def test_a_stranger_in_the_way_is_reported_and_left(tmp_path: Path) -> None:
    """A file by another hand is not overwritten, and the rest of the site goes on."""
    (tmp_path / "robots.txt").write_text("theirs")

    report = Folder(tmp_path).publish(
        [Leaf("robots.txt", "ours", "1", []), Leaf("b.html", PAGE, "2", [])]
    )

    assert [(p.code, p.place.path) for p in report.problems] == [("site/stranger", "robots.txt")]
    assert (tmp_path / "robots.txt").read_text() == "theirs"
    assert report.written == ("b.html",)


def test_a_damaged_file_of_ours_is_mended(tmp_path: Path) -> None:
    """A page that was cut short, or whose twin is gone, is written again."""
    Folder(tmp_path).publish(leaves(a=PAGE, b=PAGE, c=PAGE))
    (tmp_path / "a/index.html").write_bytes(b"")
    (tmp_path / "b/index.html.br").unlink()

    assert Folder(tmp_path).publish(leaves(a=PAGE, b=PAGE, c=PAGE)).written == (
        "a/index.html",
        "b/index.html",
    )


def test_a_page_that_shrinks_loses_its_twins(tmp_path: Path) -> None:
    """A twin left behind would be served in place of the page."""
    Folder(tmp_path).publish(leaves(a=PAGE))
    Folder(tmp_path).publish(leaves(a="kurz"))

    assert files(tmp_path) == {"a/index.html": b"kurz"}


@pytest.mark.parametrize(
    "path", ["../a", "/a", "a/../../b", "a//b", "", ".publisher.json", "b\\c", "link/a"]
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    """Steps up, absolute paths, our own list and links elsewhere are refused with a problem."""
    folder, elsewhere = tmp_path / "public", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "link").symlink_to(elsewhere)

    report = Folder(folder).publish([Leaf(path, PAGE, "1", [])])

    assert [p.code for p in report.problems] == ["site/outside"]
    assert list(elsewhere.iterdir()) == []


def test_a_page_that_cannot_be_made_removes_nothing_and_is_resumed(tmp_path: Path) -> None:
    """Whatever was written before the fault stays and is known; nothing old is taken away."""
    Folder(tmp_path).publish(leaves(old=PAGE))

    def broken() -> bytes:
        raise RuntimeError("template")

    sheet = Leaf("b.html", "", "2", [])
    with pytest.raises(RuntimeError, match="template"):
        Folder(tmp_path).publish([*leaves(a=PAGE), _Made(sheet.path, "2", broken)])

    assert (tmp_path / "old/index.html").exists()
    assert Folder(tmp_path).publish(leaves(a=PAGE)) == Report(
        (), ("b.html", "old/index.html"), 1, ()
    )


def test_a_process_killed_midway_owns_what_it_wrote(tmp_path: Path) -> None:
    """After kill -9 and a new template, its first pages are not taken for a stranger's."""
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=_die_midway, args=(str(tmp_path),))
    writer.start()
    writer.join()
    assert (writer.exitcode, (tmp_path / "a/index.html").exists()) == (-9, True)

    report = Folder(tmp_path).publish(leaves(a=PAGE + "new"))

    assert (report.written, report.problems) == (("a/index.html",), ())
    assert set(files(tmp_path)) == {f"a/index.html{twin}" for twin in ("", ".gz", ".br")}


def _die_midway(folder: str) -> None:
    def die() -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    Folder(Path(folder)).publish(
        [*leaves(None, **dict.fromkeys("abcdefghijkl", PAGE)), _Made("z.html", "2", die)]
    )


@dataclass(frozen=True)
class _Made:
    path: str
    digest: str
    make: Callable[[], bytes]


def test_of_two_sheets_for_one_path_the_first_stands_and_the_other_is_reported(
    tmp_path: Path,
) -> None:
    """A series called ``tags`` must not take the place of all tags by chance, nor stop the site."""
    report = Folder(tmp_path).publish(leaves(a=PAGE) + leaves(a="b", c="c"))

    assert [(p.code, p.place.path) for p in report.problems] == [("site/double", "a/index.html")]
    assert report.written == ("a/index.html", "c/index.html")
    assert (tmp_path / "a/index.html").read_text(encoding="utf-8") == PAGE


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path) -> None:
    """Only its own unfinished names go; another hidden file stays."""
    (tmp_path / ".abc123.part").write_text("half")
    (tmp_path / ".well-known").mkdir()
    (tmp_path / ".well-known/security.txt").write_text("theirs")

    Folder(tmp_path).publish(leaves(a=PAGE))

    assert not (tmp_path / ".abc123.part").exists()
    assert (tmp_path / ".well-known/security.txt").exists()


def _publish(folder: str, text: str, times: int) -> None:
    for turn in range(times):
        body = f"{text}{turn}" * 2000
        Folder(Path(folder)).publish([Leaf("feed.xml", body, f"{text}{turn}", [])])


def test_two_processes_never_leave_half_a_feed(tmp_path: Path) -> None:
    """While two write in turns, a reader only ever sees one whole version."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_publish, args=(str(tmp_path), t, 25)) for t in "가나"]
    for writer in writers:
        writer.start()
    whole = {f"{t}{n}" * 2000 for t in "가나" for n in range(25)}
    seen = set()
    while any(writer.is_alive() for writer in writers):
        if (tmp_path / "feed.xml").exists():
            seen.add((tmp_path / "feed.xml").read_text(encoding="utf-8"))
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen
    assert seen <= whole
    assert gzip.decompress((tmp_path / "feed.xml.gz").read_bytes()).decode() in whole


def test_a_damaged_list_of_files_counts_as_none(tmp_path: Path) -> None:
    """Files that already hold our bytes are taken over again, without a complaint."""
    Folder(tmp_path).publish(leaves(a=PAGE))
    (tmp_path / ".publisher.json").write_text("{")

    assert Folder(tmp_path).publish(leaves(a=PAGE)).problems == ()
