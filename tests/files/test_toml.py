"""Every key and value of a TOML file knows where it stands."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.files import toml

SAMPLE = '''\
# 머리
"제목" = "가"   # 끝
a.b."c.d" = 1
list = [ 1,
  [2, 3], # 주
  {x = 1, y.z = "2"},
]
text = """
여러 \\"줄\\" # 아님
x = 1
"""
raw = \'\'\'it's\'\'\'
many = """a"""""
day = 2026-03-06 # 날

[one.two]
k = true
[[relay]]
host = "a"
[relay.more]
q = 1
[[relay]]
host = "b"
'''


def spots(text: str) -> dict[str, tuple[int, int]]:
    read = toml.read(text, "a.toml")
    assert read.problems == []
    return {".".join(map(str, path)): (p.line, p.column) for path, p in read.places.values.items()}


def test_places_of_values() -> None:
    assert spots(SAMPLE) == {
        "제목": (2, 8),
        "a.b.c.d": (3, 13),
        "list": (4, 8),
        "list.0": (4, 10),
        "list.1": (5, 3),
        "list.1.0": (5, 4),
        "list.1.1": (5, 7),
        "list.2": (6, 3),
        "list.2.x": (6, 8),
        "list.2.y.z": (6, 17),
        "text": (8, 8),
        "raw": (12, 7),
        "many": (13, 8),
        "day": (14, 7),
        "one.two.k": (17, 5),
        "relay.0.host": (19, 8),
        "relay.0.more.q": (21, 5),
        "relay.1.host": (23, 8),
    }


def test_places_of_tables() -> None:
    keys = toml.read(SAMPLE, "a.toml").places.keys

    assert (keys["one", "two"].line, keys["relay", 1].line) == (16, 22)
    assert (keys["relay",].line, keys["relay", 0, "more"].line) == (18, 20)


NAMES = st.text("abc가나-_.\" '", min_size=1, max_size=5)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.integers(-5, 5) | st.booleans() | st.text(max_size=6) | st.dates(min_value=date(1, 1, 1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


def quoted(text: str) -> str:
    return (
        '"'
        + "".join(
            f"\\U{ord(c):08X}" if c in '"\\' or ord(c) < 32 or ord(c) == 127 else c for c in text
        )
        + '"'
    )


def written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case list():
            return "[" + ",\n ".join(map(written, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{quoted(k)} = {written(v)}" for k, v in value.items()) + "}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_each_value_can_be_read_again_at_its_place(values: dict[str, object]) -> None:
    text = "\n".join(f"{quoted(key)}  =  {written(value)} # x" for key, value in values.items())
    read = toml.read(text, "a.toml")

    assert read.values == values
    lines = text.split("\n")
    for path, place in read.places.values.items():
        value: object = values
        for step in path:
            value = value[step]  # type: ignore[index]  # lists and dictionaries by turns
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        assert rest.startswith(written(value))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text("ab=[]{}\"'#\n.,1 가\\", max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    read = toml.read(text, "a.toml")

    try:
        assert read.values == tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert [problem.code.partition("/")[0] for problem in read.problems] == ["toml"]


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5_000, "a." * 5_000 + "b = 1", "[a" + ".b" * 3_000 + "]"]
)
def test_deep_nesting_is_bounded(text: str) -> None:
    assert len(toml.read(text, "a.toml").problems) <= 1
