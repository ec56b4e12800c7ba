"""The quick ways of the gate, beside the long ones that they save: both must come to the same."""

from __future__ import annotations

import random

import pytest

from publisher.lint import unwrap
from publisher.lint.bare import letters
from publisher.lint.gate import _END, _SEGMENT, Gate
from publisher.lint.places import Text
from publisher.lint.secret import Secret

_MARKS = [
    *("<p>", "</p>", "<b>", "</b>", "<", ">", "<a href=\"x=1\">", "</a>", "<![CDATA[", "]]>", "&lt;", "&amp;"),
    *("<!--", "-->", "[12]", "[1", "]", "%41", "%", "\\u0041", "\\n", "<sup>1</sup>", "\0", "\n", " ", "&#60;b"),
    *("가나다", "letters", "<br/>", "</", "<!x>", "2", "4", "<p a b>", "<?x 가 나?>", "<br />"),
]  # fmt: skip


def _slowly(text: str, plain: bool) -> str:
    """Undo wrappings of the whole text in each round, with one pattern after the other."""
    views = [text] if plain else []
    for _ in range(unwrap.ROUNDS):
        after = unwrap._unescaped(_unmarked(text))
        if after == text:
            break
        views.append(unwrap._changed(text, after) if views else after)
        text = after
    return unwrap.WALL.join(views or [text])


def _unmarked(text: str) -> str:
    for mark in unwrap._NOTE_MARKS:
        text = mark.sub("", text)
    if "<" not in text:
        return text
    text, comments = unwrap._without_comments(text)
    tags = dict.fromkeys(tag for tag in unwrap._MARKUP.findall(text) if "=" in tag or " " in tag)
    inside = dict.fromkeys(tag.strip("<>!/") for tag in tags)
    flow = unwrap._MARKUP.sub(unwrap.WALL, unwrap._INLINE.sub("", text))
    return unwrap.WALL.join((flow.replace("]]>", unwrap.WALL), *inside, *comments))


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_of_a_text_is_the_same_however_it_is_unwrapped(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(200):
        text = "".join(chance.choices(_MARKS, k=chance.randint(1, 25)))
        for plain in (True, False):
            assert unwrap.unwrapped(text, plain=plain) == _slowly(text, plain)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_called_clear_holds_nothing(seed: int) -> None:
    """Secrets are torn up and put together again, with numbers of lists and ends of sentences between."""
    chance = random.Random(seed)
    words = [
        "도시의",
        "권리를",
        "지도에서",
        "찾는다",
        "1.",
        "2)",
        "끝.",
        "편지",
        "\n",
        "\n\n",
        '"',
        "&",
        _END,
    ]
    clear = found = 0
    for _ in range(200):
        passages = [" ".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(3)]
        behind = [
            Secret(said, bare, "a.md", 1, 1, Text(said), whole=False)
            for said in passages
            if (bare := letters(said))
        ]
        text = " ".join(
            [*chance.choices(words, k=4), chance.choice(passages), *chance.choices(words, k=4)]
        )
        gate = Gate(behind, ())
        leaks = list(Gate(behind, ()).leaks(text))
        if gate.is_clear([text]):
            clear += 1
            assert leaks == []
        found += bool(leaks)
    assert clear
    assert found


def test_numbers_of_a_list_are_taken_away_only_where_ends_of_sentences_are_looked_for() -> None:
    """What ``Gate.is_clear`` relies on: nothing else that ``_SEGMENT`` takes is a letter."""
    for code in range(0x110000):
        mark = chr(code)
        if not 0xD800 <= code < 0xE000 and letters(mark) and mark != _END:
            assert not _SEGMENT.search(f"{mark} ")
