"""The desk of a long archive, or of many faults: its pages stay short, and all is still reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx import Client

from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.preview import Settings, app
from publisher.preview.ports import Snapshot
from publisher.render.theme import Templates
from tests.preview.folder import FolderDesk, write_publication
from tests.preview.running import opened

BROKEN_RULE = Fault("lint/example", Severity.ERROR, "Something is wrong.", "Mend it.")


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    write_publication(tmp_path)
    return tmp_path


@contextmanager
def desk(
    root: Path, rules: Callable[[Snapshot], tuple[Problem, ...]] | None = None
) -> Iterator[Client]:
    """Open a desk in English over a folder."""
    folder = FolderDesk(root, rules=rules) if rules else FolderDesk(root)
    with opened(app(folder, Settings(root=str(root), language="en"), Templates())) as client:
        yield client


def test_a_file_with_the_same_fault_in_every_line_leaves_its_page_short(publication: Path) -> None:
    """The first page counts all of them; the page of the episode shows the first and says the rest."""

    def rules(snapshot: Snapshot) -> tuple[Problem, ...]:
        path = snapshot.episodes[0].path
        return tuple(BROKEN_RULE.at(Place(path, line, 1)) for line in range(1, 1001))

    with desk(publication, rules) as client:
        while "errors 1000</span>" not in client.get("/").text:
            pass
        page = client.get("/episode/ai/1").text

        assert page.count('<p class="code">lint/example</p>') == 50
        assert page.count("at least 950 more problems of this kind: lint/example") == 1


def test_the_first_page_stays_short_however_long_the_archive(tmp_path: Path) -> None:
    """The newest stand on it; every older one is found by following links, no script needed."""
    write_publication(tmp_path, episodes=450)
    with desk(tmp_path) as client:
        first = client.get("/").text
        leaf, met = "/series/ai", []
        assert f'href="{leaf}"' in first
        while leaf:
            page = client.get(leaf).text
            met += re.findall(r'<a href="/episode/ai/(\d+)">', page)
            leaf = next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), "")

    newest = first.partition("Newest episodes")[2].partition("</details>")[0]
    assert re.findall(r"/episode/ai/(\d+)", newest) == [str(n) for n in range(450, 438, -1)]
    assert 'All episodes <span class="count">450</span>' in first
    assert len(first) < 20_000
    assert met == [str(n) for n in range(450, 0, -1)]


@pytest.mark.parametrize("asked", ["", "0", "2", "99999999999", "-1", "x", "١", "1.5"])
def test_any_page_of_a_short_list_is_its_only_one(publication: Path, asked: str) -> None:
    """An address with a page that never was, or is no more, shows the nearest there is."""
    with desk(publication) as client:
        page = client.get("/series/ai", params={"page": asked})

    assert page.status_code == 200
    assert page.text.count('<a href="/episode/ai/') == 3
    assert 'rel="next"' not in page.text


def test_a_series_that_is_not_there_has_no_page(publication: Path) -> None:
    with desk(publication) as client:
        assert client.get("/series/nothing").status_code == 404
        assert client.get("/series/..%2Fai").status_code == 404


def test_a_hundred_files_to_mend_are_all_reached_from_the_first_page(publication: Path) -> None:
    """The first page names twenty; the page of them all goes on, fifty at a time."""
    for number in range(4, 104):
        path = publication / "episodes" / "ai" / f"{number:02d}-나쁜.md"
        path.write_text("---\ntitel: x\n---\n본문\n", encoding="utf-8")
    with desk(publication) as client:
        first = client.get("/").text
        leaves = [client.get(leaf).text for leaf in ("/mend", "/mend?page=2")]

    assert first.count('<h3 class="path">') == 20
    assert 'All files to mend <span class="count">100</span>' in first
    assert [leaf.count('<h2 class="path">') for leaf in leaves] == [50, 50]
    assert all(f"episodes/ai/{n:02d}-나쁜.md" in "".join(leaves) for n in range(4, 104))
