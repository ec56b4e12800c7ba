"""Episodes of an earlier process: like any other in every respect, unfolded only where needed."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet, freeze
from publisher.files.names import relative
from publisher.model.body import Body, Paragraph, Text
from publisher.model.episode import Episode, Status
from publisher.model.problem import Place, ProblemError
from publisher.source import Reader, Scan, scan
from publisher.source.recall import drawer_of
from publisher.source.shelved import LATER, Recalled, folded, head_of

BODY = Body((Paragraph((Text("글", 1, 1),), 1, 1),))
EPISODE = Episode(
    "s",
    1,
    "x",
    "s/01-x.md",
    "제목",
    Status.READY,
    BODY,
    "글 😀\n",
    "d",
    deck="덱",
    places=(("title", Place("s/01-x.md", 2, 1)),),
)


def unasked() -> Episode:
    raise AssertionError("read anew")


@dataclass
class Leaves:
    """Octets in the order of LATER."""

    held: Sequence[bytes | None]

    def octets(self, at: int) -> bytes | None:
        return self.held[at]


def recalled(held: Sequence[bytes | None] | None = None) -> Recalled:
    return Recalled.of(head_of(EPISODE), Leaves(held or folded(EPISODE)), unasked)


def is_folded(episode: Episode) -> bool:
    """Say whether nobody has looked at the text yet."""
    try:
        object.__getattribute__(episode, "text")
    except AttributeError:
        return isinstance(episode, Recalled)
    return False


def test_a_recalled_episode_is_an_episode_in_every_respect() -> None:
    assert is_folded(recalled())
    assert recalled().text == EPISODE.text
    assert recalled() == EPISODE
    assert EPISODE.__eq__(recalled()) is NotImplemented  # so that Python asks the recalled one
    assert recalled() != replace(EPISODE, text="다른 글")
    assert {EPISODE: "found"}[recalled()] == "found"
    assert repr(recalled()) == repr(EPISODE)
    assert replace(recalled(), title="새 제목") == replace(EPISODE, title="새 제목")
    assert type(pickle.loads(pickle.dumps(recalled()))) is Episode
    assert recalled().name == EPISODE.name
    with pytest.raises(AttributeError):
        getattr(recalled(), "other")  # noqa: B009 -- mypy knows that there is none


@pytest.mark.parametrize(
    ("name", "octets"),
    [(name, octets) for name in LATER for octets in (None, b"\xff\xfe")]
    + [(name, freeze(7)) for name in ("body", "places")],
)
def test_what_cannot_be_unfolded_is_read_anew(name: str, octets: bytes | None) -> None:
    """Octets that are gone, that are rubbish, or that hold something of another kind."""
    held: list[bytes | None] = list(folded(EPISODE))
    held[LATER.index(name)] = octets
    episode = Recalled.of(head_of(EPISODE), Leaves(held), lambda: EPISODE)
    assert getattr(episode, name) == getattr(EPISODE, name)


@pytest.mark.parametrize(
    "now", [None, replace(EPISODE, text_digest="e"), replace(EPISODE, digest="e")]
)
def test_an_episode_is_never_half_as_it_was_and_half_as_it_is(now: Episode | None) -> None:
    """Its access is that of its old words: new ones must not go out under it."""
    episode = Recalled.of(head_of(EPISODE), Leaves((None, None, None)), lambda: now)
    with pytest.raises(ProblemError) as told:
        _ = episode.body
    [problem] = told.value.problems
    assert (problem.code, problem.place.path) == ("source/changed-meanwhile", EPISODE.path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One episode, older than any clock of the disk ticks."""
    folder = tmp_path / "episodes/느린 연재"
    folder.mkdir(parents=True)
    (folder / "series.toml").write_text('title = "느린 연재"\n', encoding="utf-8")
    path = folder / "01-첫 화.md"
    path.write_text("---\ntitle: 첫 화\n---\n\n첫 문장이다.\n", encoding="utf-8")
    os.utime(path, ns=(10**18, 10**18))
    return tmp_path


def read(root: Path) -> Scan:
    reader = Reader(cabinet=Cabinet(root / "data/cache", "this"))
    return scan(root, Path("episodes"), timezone="Asia/Seoul", reader=reader)


@pytest.mark.parametrize("words", ["첫 문장이다.\n", "문장"])
def test_octets_that_rot_in_the_drawer_are_read_anew(root: Path, words: str) -> None:
    """The last of them are the text; the sentence stands in the body's tree before it too."""
    [plain] = scan(root, Path("episodes"), timezone="Asia/Seoul").episodes
    read(root)
    place = root / "data/cache/episodes" / drawer_of(relative(root / plain.path, root))
    octets = place.read_bytes()
    spoiled = octets.replace(words.encode(), b"\xff" * len(words.encode()))
    assert spoiled != octets
    place.write_bytes(spoiled)
    [found] = read(root).episodes
    assert is_folded(found)
    assert (found.text, found.body) == (plain.text, plain.body)


def test_nothing_is_unfolded_to_know_that_nothing_changed(root: Path) -> None:
    read(root)
    [found] = read(root).episodes
    assert is_folded(found)
    assert found.title == "첫 화"
    assert len(found.text_digest) == 64
    assert is_folded(found)
