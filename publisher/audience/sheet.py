"""A subscriber list as it lies on disk: CSV in some encoding, cut by some delimiter, of any length.

Read line by line (RFC 4180 with the liberties of spreadsheets), never whole: memory does not
grow with the list. UTF-8 with or without a byte order mark, UTF-16 with one, and CP949, which
Korean spreadsheets still write, are told apart by reading the file through once.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from publisher.model.problem import Fault, Place, Problem, Severity

#: Characters in one line and columns in one row; more is no list of subscribers.
LONGEST_LINE, MOST_COLUMNS = 100_000, 256
_CHUNK = 1 << 20

UNREADABLE = Fault(
    "import/encoding",
    Severity.ERROR,
    "The file is neither UTF-8 nor CP949 text.",
    "Save it anew from the spreadsheet as “CSV UTF-8”.",
)
EMPTY_FILE = Fault(
    "import/empty",
    Severity.ERROR,
    "The file is empty.",
    "Export the list again from the service it comes from.",
)
LINE_TOO_LONG = Fault(
    "import/line-too-long",
    Severity.ERROR,
    "A line is longer than {limit} characters.",
    "Look for a quotation mark that is opened and never closed, here or just before.",
)
OPEN_QUOTE = Fault(
    "import/quote-open",
    Severity.ERROR,
    "A quotation mark is opened in this row and never closed.",
    "Close it or delete it, and import the file once more: rows that are in already stay as they are.",
)
BAD_ROW = Fault(
    "import/row",
    Severity.ERROR,
    "The row cannot be read as CSV.",
    "Look for a stray quotation mark in it.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row and the physical line it begins on, from 1. ``problem`` is why it has no cells."""

    number: int
    cells: tuple[str, ...]
    problem: Problem | None = None


def encoding_of(file: BinaryIO) -> str | None:
    """Find the encoding of a seekable file by reading all of it; None if there is none that fits."""
    file.seek(0)
    head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "cp949"]
    for candidate in candidates:
        if _decodes(file, candidate):
            return candidate
    return None


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def read(file: BinaryIO, path: str) -> Iterator[Line]:
    """Yield the rows of a seekable CSV file; empty lines are passed over.

    A row that cannot be read comes with its problem, and reading goes on after it. A file that
    cannot be read at all gives a single Line with number 0.
    """
    encoding = encoding_of(file)
    if encoding is None:
        yield Line(0, (), UNREADABLE.at(Place(path)))
        return
    file.seek(0)
    kept = io.BufferedReader(_Kept(file), _CHUNK)
    yield from _rows(io.TextIOWrapper(kept, encoding=encoding, newline=""), path)


class _Kept(io.RawIOBase):
    """The caller's file without its close: the wrapper above must not shut what is not its own."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


class _TooLongError(Exception):
    """A line went past the bound."""


def _bounded(text: io.TextIOWrapper) -> str:
    line = text.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE and not line.endswith("\n"):
        while rest := text.readline(LONGEST_LINE):
            if rest.endswith("\n"):
                break
        raise _TooLongError
    return line


def _rows(text: io.TextIOWrapper, path: str) -> Iterator[Line]:
    first = text.readline(LONGEST_LINE)
    skipped = 0
    if first.casefold().startswith("sep="):
        skipped, first = 1, text.readline(LONGEST_LINE)
    if not first.strip("\ufeff \t\r\n"):
        yield Line(0, (), EMPTY_FILE.at(Place(path)))
        return
    delimiter = delimiter_of(first)
    begins = 1 + skipped
    lines = _Lines(first, text)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        number = begins + reader.line_num
        lines.row.clear()
        fault: Fault | None = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLongError:
            yield Line(number, (), LINE_TOO_LONG.at(Place(path, number, 1), limit=LONGEST_LINE))
            begins = number + len(lines.row) + 1
            reader = csv.reader(lines, delimiter=delimiter)
            continue
        except csv.Error:
            fault = BAD_ROW
        else:
            # The reader asks beyond the last line only while a quotation mark is open.
            fault = OPEN_QUOTE if lines.ended else None
        if fault is not None:
            yield Line(number, (), fault.at(Place(path, number, 1)))
            lines.give_back()
            begins, reader = number + 1, csv.reader(lines, delimiter=delimiter)
        elif len(cells) > MOST_COLUMNS:
            yield Line(number, (), BAD_ROW.at(Place(path, number, 1)))
        elif any(cell.strip() for cell in cells):
            yield Line(number, tuple(cells))


class _Lines:
    """The lines of a file for a CSV reader, which can have back what a stray quote swallowed."""

    def __init__(self, first: str, text: io.TextIOWrapper) -> None:
        self._ahead = deque([first])
        self._text = text
        #: The physical lines of the row being read.
        self.row: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else _bounded(self._text)
        if not line:
            self.ended = True
            raise StopIteration
        self.row.append(line)
        return line

    def give_back(self) -> None:
        """Let every line of this row but its first be read once more, as rows of their own."""
        self._ahead.extendleft(reversed(self.row[1:]))
        self.ended = False


def delimiter_of(header: str) -> str:
    """Tell which of comma, semicolon and tab cuts a header; a comma if none does."""
    counts = {mark: header.count(mark) for mark in (",", ";", "\t")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


# --- cells that a spreadsheet would run ---------------------------------------------------

_RUNS = frozenset("=+-@\t\r＝＋－＠")


def guarded(cell: str) -> str:
    """Write a cell so that no spreadsheet runs it as a formula: one apostrophe before it."""
    return f"'{cell}" if cell.lstrip("'")[:1] in _RUNS else cell


def unguarded(cell: str) -> str:
    """Take back exactly what :func:`guarded` added."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'")[:1] in _RUNS else cell
