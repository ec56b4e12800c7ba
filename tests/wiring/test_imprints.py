"""What of config.toml is remembered: known by its octets alone, and never in place of a fault."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from publisher import config
from publisher.files.cabinet import Cabinet, freeze
from publisher.model.problem import ProblemError
from publisher.wiring.imprints import NAME
from publisher.wiring.newsroom import Newsroom, open_newsroom
from tests.wiring.test_holding import root

__all__ = ["root"]


def remembered(root: Path) -> Newsroom:
    """Open a publication whose settings an earlier process has read."""
    open_newsroom(root, {}).press  # noqa: B018 -- puts away what it read
    newsroom = open_newsroom(root, {})
    assert "config" not in newsroom.__dict__
    return newsroom


def settings(root: Path, old: str, new: str) -> None:
    file = root / "config.toml"
    written = file.read_text("utf-8")
    assert old in written
    file.write_text(written.replace(old, new), encoding="utf-8")


def test_what_is_remembered_is_what_the_settings_say(root: Path) -> None:
    newsroom = remembered(root)
    assert newsroom.imprint == newsroom.config.as_imprint()


def test_settings_that_changed_are_read(root: Path) -> None:
    before = remembered(root).publication
    settings(root, f'name = "{before.name}"', 'name = "다른 이름"')
    newsroom = open_newsroom(root, {})
    assert "config" in newsroom.__dict__
    assert newsroom.publication.name == "다른 이름"


def test_settings_that_became_wrong_are_told_every_time(root: Path) -> None:
    name = remembered(root).publication.name
    settings(root, f'name = "{name}"', "nam = 1")
    for _ in range(2):
        with pytest.raises(ProblemError) as told:
            open_newsroom(root, {})
        assert told.value.problems[0].code == "keys/missing"


def test_the_whole_of_the_settings_is_read_from_the_same_octets(root: Path) -> None:
    """A daemon reads the rest later, when the file may have changed under its hands."""
    newsroom = remembered(root)
    name = newsroom.publication.name
    settings(root, f'name = "{name}"', 'name = "다른 이름"')
    assert newsroom.config.publication.name == name


@pytest.mark.parametrize("octets", [b"", b"\xff", freeze(("", 7)), freeze(7)])
def test_an_imprint_of_another_shape_is_none(root: Path, octets: bytes) -> None:
    newsroom = remembered(root)
    Cabinet(root / "data/cache", newsroom.cabinet._maker).write(NAME, octets)
    again = open_newsroom(root, {})
    assert "config" in again.__dict__
    assert again.imprint == newsroom.imprint


def test_where_nothing_changed_nothing_is_loaded_that_reads(root: Path) -> None:
    """The libraries that read settings, front matter, Markdown and pictures, and write XML."""
    code = (
        "import sys; from publisher.wiring.building import build; "
        "from publisher.wiring.newsroom import open_newsroom; "
        "build(open_newsroom(sys.argv[1])); "
        "print(sorted({'pydantic', 'yaml', 'markdown_it', 'PIL', 'lxml', 'feedgen'} & set(sys.modules)))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(root)], check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert "pydantic" in said[0]
    assert said[1] == "[]"


def test_the_reference_to_the_settings_is_that_of_the_file(root: Path) -> None:
    file = root / "config.toml"
    assert config.load(file) == config.read(file.read_bytes(), file.name)
