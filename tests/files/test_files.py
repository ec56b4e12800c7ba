"""Small things about files: nearest names, atomic writing, faults that can be worded."""

from __future__ import annotations

import os
import string
from pathlib import Path

import pytest

from publisher import config
from publisher.files import atomic, faults, key_faults, names, schema, spans, text, toml
from publisher.files.nearest import nearest
from publisher.model.problem import Fault, Place, Problem
from publisher.translation import catalogue


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("titel", ["title", "teaser"], "title"),
        ("publishat", ["publish_at", "subject"], "publish_at"),
        ("인욥", ["인용", "인물"], "인용"),
        ("변화와징휴", ["변화와징후", "참고"], "변화와징후"),
        ("xyz", ["title", "deck"], ""),
        ("", ["title"], ""),
        ("a" * 100_000, ["title"], ""),
    ],
)
def test_the_name_that_was_meant(word: str, known: list[str], expected: str) -> None:
    assert nearest(word, known) == expected


def test_a_file_is_written_in_one_stroke_and_only_if_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"

    assert atomic.write_if_changed(path, b"1") is True
    stamp = path.stat().st_mtime_ns
    assert atomic.write_if_changed(path, b"1") is False
    assert path.stat().st_mtime_ns == stamp
    assert atomic.write_if_changed(path, b"2") is True
    assert path.read_bytes() == b"2"
    assert [each.name for each in path.parent.iterdir()] == ["b.txt"]


def test_a_file_keeps_the_rights_it_had(tmp_path: Path) -> None:
    """What a newsroom shares stays writable for all of it after one of them approved."""
    path = tmp_path / "a.md"
    path.write_bytes(b"1")
    path.chmod(0o664)

    atomic.write_if_changed(path, b"2")

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"2", 0o664)


@pytest.mark.parametrize(
    ("octets", "said"),
    [(0, "0 KB"), (1, "0.1 KB"), (2048, "2 KB"), (2**20, "1 MB"), (2**21 + 1, "2.1 MB")],
)
def test_a_size_is_said_in_units_people_know_and_never_too_small(octets: int, said: str) -> None:
    assert names.weight(octets) == said


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "b"
    (path / "c").mkdir(parents=True)

    with pytest.raises(OSError, match="b"):
        atomic.write_if_changed(path, b"1")

    assert [each.name for each in tmp_path.iterdir()] == ["b"]


def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert names.shown(os.fsdecode(b"a\xff.md")).startswith("a\ufffd")


def test_the_bytes_of_a_file_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * 11)

    read = text.read(path, tmp_path, limit=10)

    assert isinstance(read, Problem)
    assert (read.code, str(read.place)) == ("files/too-large", "a.md:1:1")
    assert read.message == "a.md is 0.1 KB large; at most 0.1 KB are read."


def every_fault() -> list[Fault]:
    from publisher.source import episode, folder, front_faults, pictures, series, values
    from publisher.source import names as source_names
    from publisher.source.markdown import attributes, blocks, bounds, fences, runs, tree

    rooms = [faults, key_faults, toml, spans, schema, config, episode, folder, front_faults]
    rooms += [
        pictures,
        series,
        values,
        source_names,
        attributes,
        blocks,
        bounds,
        fences,
        runs,
        tree,
    ]
    found = [value for room in rooms for value in vars(room).values() if isinstance(value, Fault)]
    return sorted(set(found), key=lambda fault: fault.code)


@pytest.mark.parametrize("fault", every_fault(), ids=lambda fault: fault.code)
def test_every_fault_can_be_worded(fault: Fault) -> None:
    """A stray brace in either language would break the message in front of an editor."""
    wordings = [fault.message, fault.remedy]
    wordings += [catalogue("ko").gettext(wording) for wording in wordings]
    fields = {
        name: "X"
        for wording in wordings
        for _, name, _, _ in string.Formatter().parse(wording)
        if name is not None
    }
    problem = fault.at(Place("a"), **fields)

    assert all(problem.worded(wording) for wording in wordings)


def test_codes_are_one_of_a_kind() -> None:
    codes = [fault.code for fault in every_fault()]

    assert len(codes) > 100
    assert sorted(set(codes)) == codes
