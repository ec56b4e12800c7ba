"""Everything people read exists in Korean and English."""

import ast
import string

import pytest
from babel.messages.pofile import read_po

from tests.house import catalogue

SPEAKING = [room for room in catalogue.rooms() if catalogue.ids(room)]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_some_room_speaks() -> None:
    """The extraction finds messages at all: otherwise the tests below prove nothing."""
    assert "cli" in SPEAKING


@pytest.mark.parametrize("room", SPEAKING)
@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_every_message_of_a_room_is_translated(room: str, language: str) -> None:
    known = catalogue.stored(room, language)

    assert [text for text in catalogue.ids(room) if not known.get(text)] == []


@pytest.mark.parametrize("room", SPEAKING)
@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_a_translation_has_the_fields_of_its_message(room: str, language: str) -> None:
    known = catalogue.stored(room, language)

    assert {t: w for t, w in known.items() if fields(t) != fields(w)} == {}


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_no_message_is_said_in_two_ways(language: str) -> None:
    """All rooms are read as one catalogue: of two wordings one would win by its file's name."""
    said: dict[str, dict[str, str]] = {}
    for room in SPEAKING:
        for text, wording in catalogue.stored(room, language).items():
            said.setdefault(text, {})[room] = wording

    assert {text: ways for text, ways in said.items() if len(set(ways.values())) > 1} == {}


@pytest.mark.parametrize("room", SPEAKING)
@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_catalogues_are_fresh(room: str, language: str) -> None:
    """``make catalogue`` was run after the last change."""
    source, binary = catalogue.compiled(room, language)

    assert catalogue.path_of(room, language).read_bytes() == source
    assert catalogue.path_of(room, language, "mo").read_bytes() == binary


def test_no_words_are_said_where_the_extraction_does_not_hear_them() -> None:
    """``speaker(language)("Author")`` would be English on a Korean page; ``say("Author")`` is found."""
    files = sorted(catalogue.PACKAGE.rglob("*.py"))
    deaf = [
        f"{file.relative_to(catalogue.PACKAGE)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Call)
        and "speaker" in ast.unparse(node.func.func)
    ]

    assert deaf == []


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_the_borrowed_words_are_fresh_and_still_said(language: str) -> None:
    """A new version of the library may say something else: then ours would never be heard."""
    source, binary = catalogue.borrowed(language)

    assert catalogue.path_of(catalogue.BORROWED, language).read_bytes() == source
    assert catalogue.path_of(catalogue.BORROWED, language, "mo").read_bytes() == binary
    with catalogue.path_of(catalogue.BORROWED, language).open("rb") as file:
        found = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.id}
    assert len(found) > 30
    assert found - catalogue.said_by_the_library() == set()
