"""TOML files with the place of every key and value."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from publisher.files.keys import Path, Places
from publisher.model.problem import Fault, Place, Problem, Severity

SYNTAX = Fault(
    "toml/syntax",
    Severity.ERROR,
    "The file cannot be read from this place on.",
    'Write key = "value", with text in straight quotation marks and lists in square brackets.',
)
QUOTES = Fault(
    "toml/quotes",
    Severity.ERROR,
    "A value is not in straight quotation marks here.",
    'Write text as "…"; curly marks “…” may only stand inside.',
)
TWICE = Fault(
    "toml/twice",
    Severity.ERROR,
    "A key or table stands here a second time.",
    "Keep one of the two.",
)
UNCLOSED = Fault(
    "toml/unclosed",
    Severity.ERROR,
    "A quotation mark or bracket is opened and not closed.",
    "Close it; a text of several lines stands between two times three quotation marks.",
)

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(slots=True)
class Toml:
    """What a TOML file says, and where."""

    values: dict[str, Any]
    places: Places
    problems: list[Problem] = field(default_factory=list)


def read(text: str, path: str) -> Toml:
    """Read TOML 1.0; on a fault of syntax the values are empty and the fault is told."""
    places = Places(Place(path, 1, 1))
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Toml({}, places, [_explain(error, text, path)])
    except RecursionError:
        return Toml({}, places, [SYNTAX.at(Place(path, 1, 1))])
    _Finder(text, path, places).find()
    return Toml(values, places)


def _explain(error: tomllib.TOMLDecodeError, text: str, path: str) -> Problem:
    message = str(error)
    found = _AT.search(message)
    lines = text.split("\n")
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        last = max((n for n, written in enumerate(lines) if written.strip()), default=0)
        line, column = last + 1, len(lines[last]) + 1
        if lines[last].rstrip().endswith(("[", "{", ",")):
            return UNCLOSED.at(Place(path, line, column))
    place = Place(path, line, column)
    written = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    if any(word in message for word in ("overwrite", "twice", "already")):
        return TWICE.at(place)
    if (
        message.startswith('Expected "\'"')
        or "Unterminated" in message
        or "Unclosed" in message
        or "Illegal character" in message
    ):
        return UNCLOSED.at(place)
    if "Invalid value" in message and (written[:1] in "“‘”’'" or written[:1].isalpha()):
        return QUOTES.at(place)
    return SYNTAX.at(place)


@dataclass(slots=True)
class _Finder:
    """Walks a file that is known to be good TOML and notes where its keys stand."""

    text: str
    path: str
    places: Places
    at: int = 0
    line: int = 1
    start: int = 0
    tables: dict[Path, int] = field(default_factory=dict)

    def find(self) -> None:
        table: Path = ()
        while True:
            self._blank()
            if self.at >= len(self.text):
                return
            if self.text[self.at] == "[":
                many = self.text.startswith("[[", self.at)
                self.at += 2 if many else 1
                table = self._header(many)
                self._skip_line()
            else:
                self._pair(table)

    def _place(self) -> Place:
        return Place(self.path, self.line, self.at - self.start + 1)

    def _header(self, many: bool) -> Path:
        place = Place(self.path, self.line, self.at - self.start + (0 if not many else -1))
        keys = self._key()
        table: Path = ()
        for number, key in enumerate(keys):
            table = (*table, key)
            last = number == len(keys) - 1
            if last and many:
                self.tables[table] = self.tables.get(table, -1) + 1
                self.places.keys.setdefault(table, place)
            if table in self.tables:
                table = (*table, self.tables[table])
        self.places.keys.setdefault(table, place)
        return table

    def _pair(self, table: Path) -> None:
        place = self._place()
        keys = self._key()
        path = (*table, *keys)
        for end in range(len(table) + 1, len(path) + 1):
            self.places.keys.setdefault(path[:end], place)
        self._blank(lines=False)
        self.at += 1
        self._blank(lines=False)
        self._value(path)

    def _key(self) -> list[str]:
        """Read a key, perhaps of several parts with dots between them."""
        parts = []
        while True:
            self._blank(lines=False)
            if self.text[self.at] in "\"'":
                start = self.at
                self._string()
                parts.append(_unquoted(self.text[start : self.at]))
            else:
                found = _BARE.match(self.text, self.at)
                if not found:
                    return parts
                parts.append(found.group())
                self.at = found.end()
            self._blank(lines=False)
            if self.text[self.at : self.at + 1] != ".":
                return parts
            self.at += 1

    def _value(self, path: Path) -> None:
        self.places.values[path] = self._place()
        letter = self.text[self.at : self.at + 1]
        if letter in {'"', "'"}:
            self._string()
        elif letter == "[":
            self.at += 1
            count = 0
            while not self._ends("]"):
                self.places.keys[(*path, count)] = self._place()
                self._value((*path, count))
                count += 1
        elif letter == "{":
            self.at += 1
            while not self._ends("}"):
                self._pair(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _ends(self, closing: str) -> bool:
        self._blank()
        if self.text[self.at : self.at + 1] == ",":
            self.at += 1
            self._blank()
        if self.at >= len(self.text):
            return True
        if self.text[self.at] == closing:
            self.at += 1
            return True
        return False

    def _string(self) -> None:
        mark = self.text[self.at]
        end = mark * 3 if self.text.startswith(mark * 3, self.at) else mark
        self.at += len(end)
        while self.at < len(self.text) and not self.text.startswith(end, self.at):
            if self.text[self.at] == "\\" and mark == '"':
                self.at += 1
            if self.text[self.at] == "\n":
                self._newline()
            self.at += 1
        self.at += len(end)
        # Up to two more marks belong to a text of several lines.
        while len(end) == 3 and self.text.startswith(mark, self.at):
            self.at += 1

    def _newline(self) -> None:
        self.line += 1
        self.start = self.at + 1

    def _blank(self, *, lines: bool = True) -> None:
        """Go over blanks, and over line ends and comments where they may stand."""
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "#" and lines:
                self.at = self.text.find("\n", self.at)
                if self.at < 0:
                    self.at = len(self.text)
                continue
            if letter == "\n" and lines:
                self._newline()
            elif letter not in " \t":
                return
            self.at += 1

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end


def _unquoted(written: str) -> str:
    try:
        return next(iter(tomllib.loads(f"{written} = 1")))
    except tomllib.TOMLDecodeError:
        return written.strip("\"'")
