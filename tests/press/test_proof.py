"""The proof over the files of one build: each item searched once, each leak told wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest

from publisher.lint.bare import letters
from publisher.lint.gate import Gate
from publisher.lint.places import Text
from publisher.lint.secret import Secret
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


OTHER = "다른 회차의 회원만 읽는 문장도 이만큼은 길게 이어집니다."


def gate_of(*secrets: str, public: tuple[str, ...] = ()) -> Gate:
    return Gate([Secret(s, letters(s), "s/01.md", 1, 1, Text(s)) for s in secrets], public)


def feed_of(*items: str) -> bytes:
    return f"{HEAD}{''.join(f'<item>{words}</item>' for words in items)}</channel></rss>".encode()


class Listening(Gate):
    """Hears all the words that are looked through."""

    heard = ""

    def is_clear(self, several: Iterable[str]) -> bool:
        words = tuple(several)
        self.heard += "".join(words)
        return super().is_clear(words)

    def leaks(self, words: str) -> Iterator[tuple[Secret, str]]:
        self.heard += words
        return super().leaks(words)


@pytest.mark.parametrize("name", ["tags/ai/index.html", "search/index.json"])
def test_a_line_of_a_list_is_known_by_itself_and_a_leak_in_any_line_is_told(name: str) -> None:
    """A thousand lines stand in a dozen lists; one new line is all that is read again."""

    def lines(*words: str) -> bytes:
        if name.endswith(".json"):
            rows = ",\n".join(f'{{"path":"/s/1/","title":"{each}"}}' for each in words)
            return f'{{"pages":[\n{rows}\n]}}\n'.encode()
        return "".join(
            ("<main><ol>", *(f'<li class="entry"><h2>{each}</h2></li>' for each in words), "</ol>")
        ).encode()

    known: dict[str, bool] = {}
    Proof(gate_of(WORDS), known).search(name, lines("아무 말", "다른 말"))
    assert len(known) == 3

    gate = Listening(gate_of(WORDS)._secrets, ())
    Proof(gate, known).search(name, lines("새로운 말", "아무 말", "다른 말"))
    assert ("새로운" in gate.heard, "아무" in gate.heard) == (True, False)

    for leaking in (lines(WORDS, "아무 말", "다른 말"), lines("아무 말", "다른 말", WORDS)):
        with pytest.raises(ProblemError):
            Proof(gate_of(WORDS), known).search(name, leaking)


@pytest.mark.parametrize("mark", ["<item>", "<entry>", '<li class="entry">'])
@pytest.mark.parametrize("name", ["search/index.json", "feed.json"])
def test_a_title_that_reads_like_the_beginning_of_an_item_cuts_nothing(
    name: str, mark: str
) -> None:
    """In JSON marks of feeds stand as they are: half a sentence before one, half of it after."""
    first, last = WORDS[:18], WORDS[18:]

    def rows(*titles: str) -> bytes:
        written = ",\n".join(
            json.dumps({"path": "/s/1/", "title": title}, ensure_ascii=False, separators=(",", ":"))
            for title in titles
        )
        return f'{{"pages":[\n{written}\n]}}\n'.encode()

    known: dict[str, bool] = {}
    Proof(gate_of(WORDS), known).search(name, rows(f"말{mark}{last}", "끝"))
    Proof(gate_of(WORDS), known).search(name, rows(f"{first}{mark}말", "끝"))

    with pytest.raises(ProblemError):
        Proof(gate_of(WORDS), known).search(name, rows(f"{first}{mark}{last}", "끝"))


def test_a_new_line_of_the_index_is_read_as_json_though_it_is_only_a_part_of_it() -> None:
    """Its escapes are undone as in the whole index: not twice, or letters would be lost."""
    words = "Only members may read this rather long sentence here."
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in words)

    def rows(title: str) -> bytes:
        new, old = (json.dumps({"title": each})[1:] for each in (title, "아무 말"))
        return f'{{"pages":[\n{{"path":"/1/",{new},\n{{"path":"/2/",{old}\n]}}\n'.encode()

    known: dict[str, bool] = {}
    Proof(gate_of(words), known).search("search/index.json", rows("다른 말"))
    for title in (spelled, words, f'"{words}"'):
        with pytest.raises(ProblemError):
            Proof(gate_of(words), known).search("search/index.json", rows(title))


def test_what_an_earlier_build_found_clean_of_other_secrets_is_searched_again() -> None:
    known: dict[str, bool] = {}
    Proof(gate_of(WORDS), known).search("feed.xml", feed_of(OTHER, "아무 말"))
    assert len(known) == 3

    with pytest.raises(ProblemError):
        Proof(gate_of(WORDS, OTHER), known).search("feed.xml", feed_of(OTHER, "아무 말"))


def test_what_was_excused_is_searched_again_by_the_next_build() -> None:
    """Everybody could read it elsewhere; when that is taken away, it is a leak."""
    known: dict[str, bool] = {}
    excused = Proof(gate_of(WORDS, public=(WORDS,)), known)
    excused.search("feed.xml", feed_of(WORDS, "아무 말"))
    excused.search("s/feed.xml", feed_of(WORDS, "아무 말"))
    assert known == {}

    with pytest.raises(ProblemError):
        Proof(gate_of(WORDS), known).search("feed.xml", feed_of(WORDS, "아무 말"))


def test_an_item_that_an_earlier_build_found_clean_is_not_searched_again() -> None:
    known: dict[str, bool] = {}
    Proof(gate_of(WORDS), known).search("feed.xml", feed_of("아무 말", "다른 말"))
    gate = Listening(gate_of(WORDS)._secrets, ())
    Proof(gate, known).search("feed.xml", feed_of("아무 말", "새로운 말", "다른 말"))

    assert ("새로운" in gate.heard, "아무" in gate.heard) == (True, False)


def test_a_file_in_one_piece_is_searched_each_time() -> None:
    known: dict[str, bool] = {}
    Proof(gate_of(WORDS), known).search("s/1/index.html", b"<p>x</p>")
    assert known == {}
