"""The proof over the files of one build: each item searched once, each leak told wherever it stands."""

from __future__ import annotations

import pytest

from publisher.lint.gate import Gate, Secret, letters
from publisher.lint.places import Text
from publisher.model.problem import ProblemError
from publisher.press.proof import Proof

WORDS = "회원만 읽는 한 문장이 여기에 아주 길게 이어져 있습니다."
CLEAN = "<item><title>누구나 읽는 이야기</title></item>"
LEAK = f"<item><title>{WORDS}</title></item>"
HEAD = "<rss><channel><title>느린 신호</title>"


def proof() -> Proof:
    secret = Secret(WORDS, letters(WORDS), "episodes/s/01.md", 1, 1, Text(WORDS))
    return Proof(Gate([secret], ()))


def test_a_leak_is_told_in_every_file_and_behind_items_that_are_known() -> None:
    """What was found clean hides nothing that stands beside it; a leak never counts as known."""
    room = proof()
    room.search("feed.xml", f"{HEAD}{CLEAN}</channel></rss>".encode())

    for path in ("s/feed.xml", "tags/ai/feed.xml", "tags/ai/feed.xml"):
        with pytest.raises(ProblemError) as raised:
            room.search(path, f"{HEAD}{CLEAN}{LEAK}{CLEAN}</channel></rss>".encode())
        [problem] = raised.value.problems
        assert (problem.code, dict(problem.details)["artefact"]) == ("gate/leak", path)


def test_an_atom_entry_and_a_page_are_searched_alike() -> None:
    """Only where an item begins is a file cut; everything else is searched whole."""
    room = proof()
    for path, text in (
        ("atom.xml", f"<feed><entry><title>{WORDS}</title></entry></feed>"),
        ("s/1/index.html", f"<p>{WORDS}</p>"),
        ("feed.xml", f"<rss><title>{WORDS}</title><item/></rss>"),
    ):
        with pytest.raises(ProblemError):
            room.search(path, text.encode())


def test_pictures_and_a_publication_without_a_gate_are_not_searched() -> None:
    """There is nothing to look for, or nothing to look in."""
    proof().search("s/1/x.png", WORDS.encode())
    Proof(Gate([], ())).search("index.html", WORDS.encode())
