"""Whatever lies in the folder, the scan answers with problems, in bounded time."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.model.body import Paragraph, plain
from publisher.model.problem import Problem
from publisher.source import frontmatter
from publisher.source.markdown import tree
from publisher.translation import message_of, remedy_of
from tests.source.html import sheet
from tests.source.publication import EPISODE, SERIES, publication, read, told, write
from tests.source.test_places import SAMPLE

FRONT = """\
---
title: "중국에도 AI가 있다"
tags: [AI, #테크]
cover: {src: cover.jpg, alt: 표지}
publish_at: 2026-03-06 17:00
corrections:
  - date: 2026-03-09
    text: 고침
---
"""
GOOD = FRONT + SAMPLE


def say(problems: list[Problem] | tuple[Problem, ...]) -> None:
    """Word every problem in both languages: a stray brace in a message would raise here."""
    for problem in problems:
        for language in ("ko", "en"):
            assert message_of(problem, language)
            assert remedy_of(problem, language)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.binary(max_size=400))
def test_random_bytes_are_problems_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    root = tmp_path_factory.mktemp("bytes")

    found = publication(root, {"01-a.md": data, "/episodes/b/series.toml": data})

    assert found.problems
    say(found.problems)


def mutated(chance: random.Random, text: str) -> str:
    """Cut, double, swap or insert at a few places."""
    marks = ["---\n", "\n", ":", ": ", '"', "'", "[", "]", "{", "}", "#", "&a ", "*a", "!", "|", ">", "\t", "  ",
             ":::\n", "::::: x\n", "**", "<b>", "\0", "\u2028", "\u202e", "\ud7ff", "[^1]:", "`" * 4, "\\", "\x85"]  # fmt: skip
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.randint(0, 30))
        match chance.randrange(4):
            case 0:
                text = text[:start] + text[end:] or "x"
            case 1:
                text = text[:end] + text[start:end] + text[end:]
            case 2:
                text = text[:start] + chance.choice(marks) + text[start:]
            case _:
                text = text[:start] + chance.choice(marks) + text[end:]
    return text


@pytest.mark.parametrize("seed", range(4))
def test_mutations_of_a_good_episode_never_crash(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files: dict[str, str | bytes] = {
        f"{number:02d}-a.md": mutated(chance, GOOD).encode("utf-8", "replace")
        for number in range(60)
    }

    found = publication(tmp_path, files)

    say(found.problems)
    assert len(found.episodes) > 50
    for problem in found.problems:
        path = tmp_path / problem.place.path
        if problem.place.line:
            lines = path.read_bytes().decode("utf-8", "replace").count("\n") + 1
            assert problem.place.line <= lines


#: What YAML is made of, in any order: brackets left open at the very end among them.
SHARDS = ('"', "'", "[", "]", "{", "}", ":", ": ", "- ", "#", "가", "\n", "\n  ", "title: ", "|", ">", "&가", "*가",
          "!가", "%", "@", "`", "\t", "\\", ",", "? ", "...", " ", "<<: ", "tags: [", "cover: {src: ")  # fmt: skip


def test_shards_of_yaml_never_crash() -> None:
    chance = random.Random(1)
    for _ in range(1_500):
        shards = "".join(chance.choices(SHARDS, k=chance.randint(1, 12)))

        found = frontmatter.read(f"---\n{shards}\n---\n본문\n", "a.md")

        lines = shards.count("\n") + 2
        assert all(1 <= problem.place.line <= lines for problem in found.problems), shards


MONSTERS = {
    "quotations": ">" * 10_000 + " a",
    "quotations in lines": "> " * 2_000 + "a\n" + "> b\n" * 2_000,
    "blocks": "\n".join("::: note" for _ in range(10_000)),
    "blocks with more colons": "\n".join(":" * (3 + n % 500) + " note" for n in range(5_000)),
    "closed blocks": "::: note\na\n:::\n" * 5_000,
    "closing fences": ":::\n" * 10_000,
    "lists": "\n".join("  " * (n % 200) + "- a" for n in range(5_000)),
    "one long line": "가" * 1_000_000,
    "stars": "*" * 50_000,
    "open emphasis": "**a " * 20_000,
    "closed emphasis": "a** " * 20_000,
    "mixed emphasis": "*_" * 20_000 + "a" + "_*" * 20_000,
    "brackets": "[" * 50_000,
    "images": "![" * 20_000,
    "links": "[a](" * 20_000,
    "notes": "^[" * 5_000,
    "note marks": "[^a]" * 10_000 + "\n\n[^a]: b\n",
    "backticks": "".join("`" * n + " " for n in range(1, 300)),
    "entities": "&#" * 50_000,
    "angles": "<" * 50_000,
    "html": "<a " * 20_000,
    "braces": "![a](b){" + "a=b " * 20_000,
    "quoted braces": '![a](b){a="' + "\\" * 20_000,
    "terms": "a\n: b\n" * 5_000,
    "table": "|a|b|\n|--|--|\n" + "|a|b|\n" * 5_000,
    "wide table": "|a" * 3_000 + "|\n" + "|--" * 3_000 + "|\n",
    "references": "[a]: b\n" * 10_000,
    "headings": "# 가\n" * 5_000,
    "tildes": "~~" * 20_000,
}


@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_take_bounded_time(name: str) -> None:
    began = time.perf_counter()
    tree.read(sheet(MONSTERS[name]))

    # A generous bound for a busy machine; what is quadratic takes minutes.
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("가\n\n" + "[" * 600, "3:1 source/paragraph"),
        ("가 " * 30_000, "1:1 source/paragraph"),
        ("a*b_ " * 3_000, "1:1 source/paragraph"),
        ("가\n" * 20_001, "20001:1 source/lines"),
    ],
)
def test_what_no_person_wrote_is_told_and_kept_as_text(markdown: str, problem: str) -> None:
    page = sheet(markdown)
    (*_, last) = tree.read(page).nodes

    assert [f"{p.place.line}:{p.place.column} {p.code}" for p in page.problems] == [problem]
    assert isinstance(last, Paragraph)
    assert plain(last.children)[:100] == markdown.removeprefix("가\n\n")[:100]
    say(page.problems)


@pytest.mark.parametrize(
    "front",
    [
        "a: " + "[" * 20_000,
        "a: " + "{" * 20_000,
        "\n".join(f"k{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 200)),
        "\n".join(f"k{n}: v" for n in range(20_000)),
        "? " * 5_000,
        "- " * 5_000,
        "a: |\n" + "  x\n" * 30_000,
        "title: !!python/object/apply:os.system ['x']",
        "a: " + '"' * 9_999,
    ],
)
def test_front_matter_is_bounded(front: str) -> None:
    began = time.perf_counter()
    found = frontmatter.read(f"---\n{front}\n---\n본문\n", "a.md")

    assert time.perf_counter() - began < 5
    assert found.problems
    say(found.problems)


def test_files_without_rights_links_out_and_what_is_gone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(EPISODE)
    root = tmp_path / "publication"
    write(root, {"series.toml": SERIES, "01-a.md": EPISODE, "/episodes/c/01-x.md": EPISODE})
    folder = root / "episodes" / "ai"
    (folder / "02-b.md").symlink_to(outside)
    (folder / "03-c.md").symlink_to(folder / "nowhere.md")
    (folder / "04-d.md").symlink_to(folder / "04-d.md")
    (folder / "05-e.md").mkdir()
    (folder / "06-f.md").symlink_to(folder / "01-a.md")
    (root / "episodes" / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "07-g.md")

    found = read(root)

    assert told(found) == [
        "02-b.md:1:1 files/outside",
        "03-c.md:1:1 files/missing",
        "04-d.md:1:1 files/broken",
        "05-e.md:1:1 files/not-a-file",
        "07-g.md:1:1 files/not-a-file",
        "episodes/c/series.toml:1:1 source/series-missing",
        "episodes/out files/outside",
    ]
    assert [(each.series, each.number) for each in found.episodes] == [
        ("ai", 1),
        ("ai", 6),
        ("c", 1),
    ]
    say(found.problems)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Give a folder and take root’s rights away, so that rights mean something."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        if root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)


def test_files_and_folders_without_rights_are_one_problem_each(unprivileged: Path) -> None:
    root = unprivileged
    write(root, {"series.toml": SERIES, "01-a.md": EPISODE, "02-b.md": EPISODE})
    write(root, {"03-c/index.md": EPISODE, "/episodes/shut/01-a.md": EPISODE})
    shut = [root / "episodes/ai/01-a.md", root / "episodes/ai/03-c", root / "episodes/shut"]
    for path in shut:
        path.chmod(0)

    found = read(root)
    for path in shut:
        path.chmod(0o700)

    assert told(found) == [
        "01-a.md:1:1 files/unreadable",
        "03-c files/unreadable",
        "episodes/shut files/unreadable",
    ]
    assert [each.number for each in found.episodes] == [2]


def test_text_that_is_no_utf8_says_what_it_is(tmp_path: Path) -> None:
    found = publication(
        tmp_path,
        {
            "01-a.md": EPISODE.encode("cp949"),
            "02-b.md": EPISODE.encode("utf-16"),
            "03-c.md": b"---\ntitle: a\n---\nab \xff\xfe\xfa",
            "04-d.md": b"\x89PNG\r\n\x1a\n\0\0",
            "05-e.md": b"",
            "06-f.md": b"x" * (2 * 1024 * 1024 + 1),
            "07-g.md": (EPISODE + "\ud800").encode("utf-8", "surrogatepass"),
            "08-h.md": EPISODE + "가\x07나\u202e다\u2028라\x85\n",
        },
    )

    assert told(found) == [
        "01-a.md:2:8 files/encoding-korean",
        "02-b.md:1:1 files/encoding-utf16",
        "03-c.md:4:4 files/encoding",
        "04-d.md:1:1 files/binary",
        "05-e.md:1:1 source/empty",
        "06-f.md:1:1 files/too-large",
        "07-g.md:6:1 files/encoding",
        "08-h.md:6:2 files/control-character",
        "08-h.md:6:4 files/direction-character",
        "08-h.md:6:6 files/line-separator",
        "08-h.md:6:8 files/control-character",
    ]
    say(found.problems)
