"""Front matter: the YAML between the two ``---`` lines at the head of an episode.

Every scalar stays the text that was written; the keys say how to read it. So ``title: 1984`` is
a title, ``title: no`` too, and no YAML type can surprise an editor. Anchors, aliases and tags
are refused, depth and size bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from publisher.files import key_faults
from publisher.files.keys import Path, Places
from publisher.model.problem import Fault, Place, Problem
from publisher.source import front_faults as faults

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LIMIT = 64 * 1024
_DEEPEST = 6
_MOST = 2000
_HASH = "＃"
_NULL = {"", "~", "null", "Null", "NULL"}
_TAGS = re.compile(r"tags[ \t]*:", re.IGNORECASE)
_KEY = re.compile(r"[^\s#:\-\[\]{}][^:]*:(\s|$)")
_PAIR = re.compile(r"([A-Za-z_]+:[ \t]+)(?!')(\S.*)$")
_COMMENT = re.compile(r"[^\s#:\-][^:]*:[ \t]+[^\"'\[{|>#\s][^#]*?[ \t]+(#[^\s#].*)$")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(slots=True)
class Front:
    """What stood at the head of a file: values, their places, and where the text begins.

    ``body`` begins on line ``first`` of the file.
    """

    values: dict[str, Any]
    places: Places
    body: str
    first: int
    problems: list[Problem] = field(default_factory=list)


def read(text: str, path: str) -> Front:
    """Part an episode file into front matter and text."""
    lines = text.split("\n")
    begin = next((number for number, line in enumerate(lines) if line.strip()), 0)
    front = Front({}, Places(Place(path, begin + 1, 1)), "", 1)
    if lines[begin].rstrip() != "---":
        fault = faults.TOML if lines[begin].rstrip() == "+++" else faults.ABSENT
        front.problems.append(fault.at(front.places.head))
        front.body = text
        return front
    end = next((n for n in range(begin + 1, len(lines)) if lines[n].rstrip() in {"---", "..."}), -1)
    body = end + 1
    if end < 0:
        front.problems.append(faults.UNENDED.at(front.places.head))
        end = body = _unended(lines, begin + 1)
    front.body, front.first = "\n".join(lines[body:]), body + 1
    _Reader(front, path, lines, begin + 1, end).read()
    return front


def _unended(lines: list[str], begin: int) -> int:
    """Guess where front matter ends that nobody ended: at the first line that is none."""
    for number in range(begin, len(lines)):
        line = lines[number]
        if not line.strip() or not (_KEY.match(line) or line[0] in " \t-]}#"):
            return number
    return len(lines)


@dataclass(slots=True)
class _Reader:
    """Reads the YAML of one file; a line that cannot be read is told, and read over."""

    front: Front
    path: str
    lines: list[str]
    begin: int
    end: int

    def read(self) -> None:
        lines = _with_hashes(self.lines[self.begin : self.end])
        self._comments(lines)
        for _ in range(8):
            written = _ODD.sub("\ufffd", "\n".join(lines))
            if len(written) > _LIMIT:
                self._tell(faults.LARGE, self.front.places.head)
                return
            self.front.values = {}
            try:
                self._compose(written)
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                line = min(mark.line, len(lines) - 1) if mark else 0
                column = mark.column if mark else 0
                fault, line, column = _explain(error, line, column, lines)
                self._tell(fault, Place(self.path, self.begin + line + 1, column + 1))
                quoted = fault in _QUOTABLE and _quote(lines, line)
                if not quoted and not _blank(lines, line):
                    return
            except yaml.YAMLError:
                self._tell(faults.YAML, self.front.places.head)
                return
            except _TooMuchError:
                self._tell(faults.LARGE, self.front.places.head)
                return
            else:
                return

    def _comments(self, lines: list[str]) -> None:
        for number, line in enumerate(lines, self.begin + 1):
            if found := _COMMENT.match(line):
                place = Place(self.path, number, found.start(1) + 1)
                self._tell(faults.COMMENT, place, excerpt=found[1][:40])

    def _tell(self, fault: Fault, place: Place, **details: object) -> None:
        self.front.problems.append(fault.at(place, **details))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:
            return self.front.places.head
        return Place(self.path, self.begin + mark.line + 1, mark.column + 1)

    def _compose(self, written: str) -> None:
        events = yaml.parse(written, Loader=_LOADER)
        places = self.front.places
        places.keys.clear()
        places.values.clear()
        stack: list[_Open] = []
        told: list[tuple[Fault, Place, dict[str, object]]] = []
        for count, event in enumerate(events):
            if count > _MOST or len(stack) > _DEEPEST:
                raise _TooMuchError
            if isinstance(event, yaml.AliasEvent):
                told.append((faults.ALIAS, self._place(event), {}))
                self._take(stack, None, self._place(event), told)
            elif isinstance(event, yaml.ScalarEvent):
                if event.anchor or (event.tag and event.tag != "!"):
                    told.append((faults.ALIAS, self._place(event), {}))
                value = None if not event.style and event.value in _NULL else event.value
                self._take(stack, value, self._place(event), told)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                if event.anchor or event.tag:
                    told.append((faults.ALIAS, self._place(event), {}))
                into: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                path = self._take(stack, into, self._place(event), told)
                stack.append(_Open(into, path))
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
        for fault, place, details in told:
            self._tell(fault, place, **details)

    def _take(
        self,
        stack: list[_Open],
        value: Any,
        place: Place,
        told: list[tuple[Fault, Place, dict[str, object]]],
    ) -> Path:
        """Put a value where it belongs, and remember its place."""
        places = self.front.places
        if not stack:
            if isinstance(value, dict):
                self.front.values = value
            elif value is not None:
                told.append((faults.NO_KEY, place, {}))
            return ()
        top = stack[-1]
        if isinstance(top.into, list):
            path: Path = (*top.path, len(top.into))
            top.into.append("" if value is None else value)
            places.keys[path] = places.values[path] = place
            return path
        if not top.waiting:
            top.key, top.waiting, top.again = str(value), True, False
            path = (*top.path, top.key)
            if path in places.keys:
                details = {"name": top.key, "line": places.keys[path].line}
                told.append((key_faults.TWICE, place, dict(details)))
                top.again = True
            else:
                places.keys[path] = place
            return path
        top.waiting = False
        path = (*top.path, top.key)
        if not top.again:
            places.values[path] = place
            if value is not None:
                top.into[top.key] = value
        return path


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    into: Any
    path: Path
    key: str = ""
    waiting: bool = False
    again: bool = False


class _TooMuchError(Exception):
    """More front matter than any episode needs."""


def _with_hashes(lines: list[str]) -> list[str]:
    """Let ``#AI`` be a tag: in YAML a ``#`` would turn the rest of the line into a comment.

    A full-width mark takes its place, so that no column moves; the reader of tags drops it.
    """
    result = []
    inside = False
    for line in lines:
        if _TAGS.match(line):
            inside = True
        elif inside and line and line[0] not in " \t-]":
            inside = False
        if inside and "#" in line:
            closed = line.rfind("]")
            part, rest = (line, "") if closed < 0 else (line[:closed], line[closed:])
            result.append(re.sub(r"#(?=[^\s#])", _HASH, part) + rest)
        else:
            result.append(line)
    return result


def _explain(
    error: yaml.MarkedYAMLError, line: int, column: int, lines: list[str]
) -> tuple[Fault, int, int]:
    """Say in an editor’s words what the YAML parser stumbled over, and where it began."""
    problem, context = error.problem or "", error.context or ""
    if "mapping values" in problem:
        return faults.COLON, line, column
    if "escape" in problem:
        return faults.ESCAPE, line, max(lines[line].rfind("\\", 0, column + 1), 0)
    if "quoted scalar" in context or "quoted scalar" in problem:
        start = error.context_mark
        return faults.QUOTES, *((start.line, start.column) if start else (line, column))
    if "flow" in context:
        start = error.context_mark
        if start and start.line >= len(lines):
            return faults.BRACKETS, *_last_opened(lines)
        return faults.BRACKETS, *((start.line, start.column) if start else (line, column))
    if "cannot start any token" in problem or "\t" in lines[line][: column + 1]:
        return faults.TAB, line, column
    if "block mapping" in context and _value(lines[line])[:1] in {'"', "'"}:
        return faults.QUOTES, line, column
    if "block mapping" in context and _value(lines[line])[:1] in {"[", "{"}:
        return faults.BRACKETS, line, column
    if "alias" in context or "anchor" in context or "tag" in context:
        start = error.context_mark
        return faults.ALIAS, *((start.line, start.column) if start else (line, column))
    if "could not find expected ':'" in problem:
        start = error.context_mark
        return faults.NO_KEY, *((start.line, start.column) if start else (line, column))
    return faults.YAML, line, column


def _last_opened(lines: list[str]) -> tuple[int, int]:
    """Find the last bracket opened: the parser marks the end of all where nothing follows it."""
    for number in range(len(lines) - 1, -1, -1):
        column = max(lines[number].rfind("["), lines[number].rfind("{"))
        if column >= 0:
            return number, column
    return len(lines) - 1, 0


_QUOTABLE = (faults.COLON, faults.ESCAPE, faults.QUOTES, faults.TAB, faults.ALIAS)


def _quote(lines: list[str], line: int) -> bool:
    """Read a value as if it stood in quotation marks, once it is told that it should."""
    found = _PAIR.match(lines[line])
    if not found or (line + 1 < len(lines) and lines[line + 1][:1] in {" ", "\t"}):
        return False
    lines[line] = found[1] + "'" + found[2].replace("'", "''") + "'"
    return True


def _value(line: str) -> str:
    return line.partition(":")[2].strip()


def _blank(lines: list[str], line: int) -> bool:
    """Take out the key whose line cannot be read, with the lines that belong to it."""
    while (
        line > 0 and not _KEY.match(lines[line]) and (not lines[line] or lines[line][0] in " \t-]}")
    ):
        line -= 1
    if not lines or not lines[line].strip() or lines[line].startswith("#"):
        return False
    lines[line] = ""
    line += 1
    while line < len(lines) and lines[line] and lines[line][0] in " \t-]}":
        lines[line] = ""
        line += 1
    return True
