"""Episodes of an earlier process: like any other in every respect, unfolded only where needed."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.files.cabinet import Cabinet, Part
from publisher.files.names import relative
from publisher.model.body import Body, Paragraph, Text
from publisher.model.episode import Episode, Status
from publisher.source import Reader, Scan, scan
from publisher.source.recall import drawer_of
from publisher.source.shelved import Recalled, head_of

BODY = Body((Paragraph((Text("글", 1, 1),), 1, 1),))
EPISODE = Episode("s", 1, "x", "s/01-x.md", "제목", Status.READY, BODY, "글 😀\n", "d", deck="덱")


def unasked() -> str:
    raise AssertionError("read anew")


def recalled(text: bytes = EPISODE.text.encode()) -> Recalled:
    return Recalled.of(head_of(EPISODE), Part.of(text), BODY, unasked)


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


@pytest.mark.parametrize("part", [Part(b"another text", 1), Part.of(b"\xff\xfe")])
def test_a_text_that_is_none_is_read_anew(part: Part) -> None:
    """A sum that does not agree, and octets that are no text."""
    assert Recalled.of(head_of(EPISODE), part, BODY, lambda: "새로").text == "새로"


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
