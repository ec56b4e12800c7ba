"""The sample publication is clean, true to its genre, and drawn by its own script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher.model.body import Block, Figure, Footnote, Heading, Node, plain, runs, walk
from publisher.model.episode import Audience, Episode, Status
from publisher.source import scan

ROOT = Path(__file__).resolve().parents[2]
FOUND = scan(ROOT, Path("episodes"), timezone="Asia/Seoul")
READY = [episode for episode in FOUND.episodes if episode.status is Status.READY]
ESSAYS = [episode for episode in READY if episode.series == "ai-wont-save-us"]
PERSONS = [episode for episode in READY if episode.series == "ai-x-files"]
HANJA = re.compile(r"[\u4e00-\u9fff]")


def each(episodes: list[Episode]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("episode", episodes, ids=lambda episode: episode.name)


def nodes(episode: Episode) -> list[Node]:
    return list(walk(episode.body.nodes))


def words(episode: Episode) -> str:
    """All that the letter says, without its front matter."""
    notes: tuple[Footnote, ...] = episode.body.footnotes
    told = nodes(episode) + [node for note in notes for node in walk(note.children)]
    return " ".join(plain(run) for node in told for run in runs(node))


def blocks(episode: Episode) -> set[str]:
    return {node.name for node in nodes(episode) if isinstance(node, Block)}


def headings(episode: Episode) -> list[str]:
    return [plain(node.children) for node in nodes(episode) if isinstance(node, Heading)]


def test_the_sample_has_no_problems() -> None:
    assert [str(problem) for problem in FOUND.problems] == []


def test_the_sample_is_as_large_as_promised() -> None:
    """Six essays and the next one announced, three persons."""
    assert [episode.number for episode in ESSAYS] == [1, 2, 3, 4, 5, 6]
    assert [episode.number for episode in PERSONS] == [1, 2, 3]
    assert [(e.series, e.number) for e in FOUND.episodes if e.status is Status.DRAFT] == [
        ("ai-wont-save-us", 7),
        ("ai-x-files", 4),
    ]


@each(READY)
def test_a_letter_is_as_long_as_its_genre(episode: Episode) -> None:
    """Three to six thousand characters, spaces included."""
    assert 3000 <= len(words(episode)) <= 6000


@each(READY)
def test_a_letter_has_its_parts(episode: Episode) -> None:
    """Cover with caption and source, deck, tags, teaser, three headings or more, a thought."""
    assert episode.cover is not None
    assert all((episode.cover.alt, episode.cover.caption, episode.cover.source))
    assert all((episode.deck, episode.summary, episode.preheader, episode.teaser))
    assert len(episode.tags) >= 3
    assert len(headings(episode)) >= 3
    assert "thought" in blocks(episode)


@each(ESSAYS)
def test_an_essay_opens_with_a_change_and_its_sign(episode: Episode) -> None:
    first = next(node for node in nodes(episode) if isinstance(node, Block))

    assert first.name == "signs"


@each(PERSONS)
def test_a_person_speaks_in_two_languages_and_is_introduced(episode: Episode) -> None:
    original = next(n for n in nodes(episode) if isinstance(n, Block) and n.name == "original")
    quote = next(n for n in nodes(episode) if isinstance(n, Block) and n.name == "quote")

    assert original.get("lang") == "en"
    assert all(quote.get(key) for key in ("by", "role", "source", "date"))
    assert "profile" in blocks(episode)
    assert "반대편의 말" in headings(episode)


def test_some_headings_are_hanja_with_a_reading() -> None:
    hanja = [h for episode in ESSAYS for h in headings(episode) if HANJA.search(h)]

    assert len(hanja) >= 3
    assert [h for h in hanja if not re.match(r"[\u4e00-\u9fff]+\([가-힣]+\)", h)] == []


def test_one_essay_is_partly_gated_and_one_is_for_members() -> None:
    assert [e.number for e in ESSAYS if "members" in blocks(e)] == [5]
    assert [e.number for e in ESSAYS if e.access is Audience.MEMBERS] == [6]


def test_every_figure_says_what_it_shows_and_where_it_is_from() -> None:
    figures = [n for episode in READY for n in nodes(episode) if isinstance(n, Figure)]

    assert len(figures) == 3
    assert [f for f in figures if not (f.alt and f.caption and f.source)] == []


def test_every_picture_comes_from_the_script_and_is_light() -> None:
    """Under 120 kB each, for mail; named in the script, so that it can be drawn again."""
    script = "\n".join(p.read_text() for p in (ROOT / "episodes/_drawings").glob("*.py"))
    pictures = sorted((ROOT / "episodes").rglob("*.png"))

    assert len(pictures) == 13
    assert [p.name for p in pictures if f"{p.relative_to(ROOT / 'episodes')}" not in script] == []
    assert [p.name for p in pictures if p.stat().st_size >= 120_000] == []
