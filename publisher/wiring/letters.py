"""Messages that lie about as files: checked like our own, whoever wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from publisher.files import faults
from publisher.files.text import read_bytes
from publisher.lint import letter
from publisher.model.problem import MisuseError, Place, Problem, in_order

#: Octets of a message that are read; a letter with a hundredth of it is cut off by Gmail.
LARGEST = 5 * 1024 * 1024


def is_letter(name: str) -> bool:
    """Say whether an argument names a message and not an episode."""
    return name.lower().endswith(".eml")


def check_letters(names: Sequence[str]) -> tuple[Problem, ...]:
    """Check final messages by their bytes; places begin with the name as it was given.

    What only a publication knows of its letters is not asked: whether one is advertising, and
    which subject was meant. Raises MisuseError for a file that is not there or is none.
    """
    return in_order(problem for name in names for problem in _check(name))


def _check(name: str) -> tuple[Problem, ...]:
    path = Path(name).resolve()
    octets = read_bytes(path, path.parent, LARGEST)
    if isinstance(octets, Problem):
        told = Problem(Place(name), octets.fault, octets.details)
        if octets.fault is faults.TOO_LARGE:
            return (told,)
        raise MisuseError(told)
    return letter.check(octets, name=name)
