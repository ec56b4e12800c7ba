"""A fault that somebody can mend: where it is, what it is called, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a fault weighs: an error stops a release, a warning asks, a hint suggests."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


#: Files that people write, by their endings.
_TEXTS = (".md", ".toml", ".csv", ".j2")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file: path relative to the publication, line and column from 1.

    ``line`` 0 means the file as a whole (an image, a folder, a file that cannot be read). A file
    of text is then named at its first letter, as editors and their tools expect of every problem.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.line or self.path.endswith(_TEXTS):
            return f"{self.path}:{self.line or 1}:{self.column or 1}"
        return self.path


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault, declared once where it is looked for.

    ``code`` is ``room/name`` and never changes. ``message`` and ``remedy`` are English
    message ids with ``{named}`` fields; the catalogues carry every other language.
    """

    code: str
    severity: Severity
    message: str
    remedy: str

    def at(self, place: Place, **details: object) -> Problem:
        """Find this fault at a place; the details fill the fields of its wording."""
        return Problem(place, self, tuple((name, str(value)) for name, value in details.items()))


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at ``path:line:column``, with a code, a message and a remedy."""

    place: Place
    fault: Fault
    details: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        return self.fault.code

    @property
    def severity(self) -> Severity:
        return self.fault.severity

    def worded(self, wording: str) -> str:
        """Fill the fields of a message or remedy, in whichever language it came."""
        return wording.format_map(dict(self.details))

    @property
    def message(self) -> str:
        return self.worded(self.fault.message)

    @property
    def remedy(self) -> str:
        return self.worded(self.fault.remedy)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.path else ""
        return f"{where}{self.severity} {self.code}: {self.message}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems as an editor reads: by place, then by code; the same fault once."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.place, p.code, p.details)))


def stops(problems: Iterable[Problem]) -> bool:
    """Say whether any of the problems keeps an episode from being released."""
    return any(problem.severity is Severity.ERROR for problem in problems)


class ProblemError(Exception):
    """Work that cannot go on, and the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class MisuseError(ProblemError):
    """What was asked for makes no sense here: an episode that is not there, a slot in no zone."""


class OutsideError(ProblemError):
    """The outside world failed: a disk, a database, a relay."""
