"""Attributes in braces: ``{by="이름" date="2025-08"}`` behind a block's name or an image."""

from __future__ import annotations

import re
from dataclasses import dataclass

from publisher.model.problem import Fault, Severity

_PAIR = re.compile(
    r"""([^\s=}"'{]+)[ \t]*=[ \t]*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^\s}"']+)"""
)
_SPACE = re.compile(r"[ \t]*")
_ESCAPE = re.compile(r"\\([\"'\\])")
_CURLY = "“”‘’„‟＂"
_MOST = 2000

SYNTAX = Fault(
    "source/attributes",
    Severity.ERROR,
    "The attributes in braces cannot be read from here: {excerpt}",
    'Write them as {{name="value" name="value"}}, with the closing brace on the same line.',
)
CURLY = Fault(
    "source/attribute-quotes",
    Severity.ERROR,
    "The value of “{name}” stands in curly quotation marks.",
    'Use straight marks around the value: {name}="…". Curly ones may stand inside.',
)
TWICE = Fault(
    "source/attribute-twice",
    Severity.ERROR,
    "The attribute “{name}” is written twice.",
    "Keep one of the two.",
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault at an offset of the text that was read."""

    at: int
    fault: Fault
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Attributes:
    """What stood in the braces: pairs with the offset of each name, what was wrong, where it ended."""

    pairs: tuple[tuple[str, str, int], ...]
    slips: tuple[Slip, ...]
    end: int


def read(text: str, start: int) -> Attributes:
    """Read the braces that open at ``start``; ``end`` is behind the closing one or the line."""
    pairs: dict[str, tuple[str, int]] = {}
    slips: list[Slip] = []
    stop = text.find("\n", start)
    stop = min(len(text) if stop < 0 else stop, start + _MOST)
    at = start + 1
    while True:
        at = _behind_space(text, at)
        if at < stop and text[at] == "}":
            at += 1
            break
        found = _PAIR.match(text, at, stop)
        if not found:
            slips.append(Slip(at, SYNTAX, (("excerpt", text[at : min(stop, at + 20)]),)))
            closing = text.rfind("}", at, stop)
            at = closing + 1 if closing >= 0 else stop
            break
        name, value = found.groups()
        if name in pairs:
            slips.append(Slip(at, TWICE, (("name", name),)))
        elif value[0] in _CURLY:
            slips.append(Slip(found.start(2), CURLY, (("name", name),)))
        if value[0] in "\"'":
            value = _ESCAPE.sub(r"\1", value[1:-1])
        if value[:1] in _CURLY:
            value, at = _in_curly(text, found.start(2), stop)
        else:
            at = found.end()
        pairs.setdefault(name, (value, found.start()))
    return Attributes(tuple((n, v, a) for n, (v, a) in pairs.items()), tuple(slips), at)


def _behind_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _in_curly(text: str, start: int, stop: int) -> tuple[str, int]:
    """Read a value in curly marks all the same: up to the next mark that a name or } follows."""
    found = re.compile(r"[“”‘’„‟＂](?=[ \t]*(?:\}|[^\s=}]+[ \t]*=))").search(text, start + 1, stop)
    if not found:
        return text[start + 1 : stop].rstrip("}" + _CURLY), stop
    return text[start + 1 : found.start()], found.end()
