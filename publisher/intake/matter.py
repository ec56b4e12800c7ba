"""The front matter of an episode as an editor would write it: short keys, plain values, remarks.

Written by hand and not by a YAML writer, because the remarks matter as much as the values. A
value that is not plainly text is written as a JSON string, which YAML 1.2 reads the same.
"""

from __future__ import annotations

import json
import re

from publisher.files.text import SURPRISES

#: Text that YAML reads as itself: no indicator first, no ``: `` or `` #`` inside, no odd space.
_PLAIN = re.compile(r"[^\W\d_][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff:#,\[\]{}&*!|>'\"%@`\\]*")
_WORDS_OF_YAML = frozenset(
    {"true", "false", "yes", "no", "on", "off", "null", "none", "nan", "inf", "y", "n"}
)


def scalar(value: str) -> str:
    """Write one value so that it is read back as the same text, but for what nobody can see."""
    value = SURPRISES.sub("", re.sub("[\u2028\u2029]", " ", value))
    if (
        _PLAIN.fullmatch(value)
        and value == value.strip()
        and value.casefold() not in _WORDS_OF_YAML
        and value.isprintable()
    ):
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    """Quote as JSON does; what a YAML stream may not hold raw is written as an escape."""
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(
        character if character.isprintable() else _escaped(character) for character in quoted
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def listing(values: tuple[str, ...]) -> str:
    """Write a list on one line."""
    return "[" + ", ".join(scalar(value) for value in values) + "]"


def mapping(pairs: dict[str, str]) -> str:
    """Write a mapping on one line, without its empty values."""
    inside = ", ".join(f"{key}: {scalar(value)}" for key, value in pairs.items() if value)
    return "{" + inside + "}"


def remark(text: str) -> str:
    """Write a remark: never more than one line, whatever stands in it."""
    flat = "".join(c if c.isprintable() else " " for c in text)
    return "# " + " ".join(flat.split())


def assemble(lines: list[str], body: str) -> str:
    """Join front matter lines and a body into the text of a file."""
    return "---\n" + "\n".join(lines) + "\n---\n\n" + body.strip("\n") + "\n"
