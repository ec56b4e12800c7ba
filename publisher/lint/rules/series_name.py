"""Folders of series whose name is an address that the website or the front door needs itself."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Place, Problem, Severity

TAKEN = Fault(
    "lint/series-name",
    Severity.ERROR,
    "The folder of a series cannot be called “{name}”: the website has a page of its own at /{name}/.",
    "Rename the folder, for example to “{name}-series”.",
)

#: First steps of the paths of website and front door.
OWN = frozenset(
    [
        *("about", "archive", "authors", "join", "search", "tags"),
        *("health", "hooks", "m", "p", "subscribe", "u"),
    ]
)


def check(reading: Reading) -> Iterator[Problem]:
    for series in reading.series:
        if series.slug.casefold() in OWN:
            yield TAKEN.at(Place(series.path), name=series.slug)


RULE = LintRule(
    "Two pages cannot stand at one address: the website could not be built, on the evening of the first episode.",
    (TAKEN,),
    reading=check,
)
