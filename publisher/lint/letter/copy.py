"""One message to be checked, read once, and what it ought to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from publisher.lint import wire
from publisher.lint.letter.markup import Markup
from publisher.lint.wire import Entity
from publisher.model.problem import Place, Problem


@dataclass(frozen=True, slots=True)
class Expected:
    """What whoever wrote the letter knows of it; what is left out is not asked for.

    ``subject`` is the wire form's source. ``advertising`` says whether the label ``(광고)`` and the legal
    footer are owed; ``owed`` are words the footer must then hold (sender, contact, postal address). A
    ``frozen`` letter still holds the placeholders that each subscriber's own bytes replace. ``heaviest``
    names the blocks that cost most, for one that is too large.
    """

    subject: str | None = None
    preheader: str | None = None
    advertising: bool | None = None
    owed: tuple[str, ...] = ()
    frozen: bool = False
    heaviest: tuple[str, ...] = ()


class Html:
    """The HTML of a message by itself: what is found in it depends on nothing else."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.markup = marked_up(html)

    def in_html(self, line: int = 0) -> Place:
        """A place in the decoded HTML of a message without a name."""
        return Place("#html", line, 1 if line else 0)


def under(name: str, problem: Problem) -> Problem:
    """Put the name of a message before the place of what was found in one of its parts."""
    place = Place(name + problem.place.path, problem.place.line, problem.place.column)
    return Problem(place, problem.fault, problem.details)


@lru_cache(maxsize=2)
def marked_up(html: str) -> Markup:
    """Read HTML, unless it is what the edition before had as well."""
    return Markup(html)


class Copy:
    """A message taken apart for the checks; places count its raw lines."""

    def __init__(self, octets: bytes, name: str, expected: Expected) -> None:
        self.octets = octets
        self.name = name
        self.expected = expected

    def place(self, line: int = 0) -> Place:
        return Place(self.name, line, 1 if line else 0)

    @cached_property
    def whole(self) -> Entity:
        return wire.read(self.octets)

    @cached_property
    def parts(self) -> tuple[Entity, ...]:
        """Every part, at any depth, in order."""
        return tuple(_inside(self.whole))

    @cached_property
    def leaves(self) -> tuple[Entity, ...]:
        return tuple(self.whole.leaves())

    def part(self, media_type: str) -> Entity | None:
        """Give the first part of a type that holds no parts."""
        return next((part for part in self.leaves if part.media_type == media_type), None)

    @cached_property
    def html(self) -> str:
        part = self.part("text/html")
        return part.text if part else ""

    @cached_property
    def text(self) -> str:
        part = self.part("text/plain")
        return part.text if part else ""

    @cached_property
    def markup(self) -> Markup:
        return marked_up(self.html)

    @cached_property
    def subject(self) -> str:
        fields = self.whole.all("Subject")
        return fields[0].decoded if fields else ""

    def in_html(self, line: int = 0) -> Place:
        """A place in the decoded HTML: the part is named, lines count in it."""
        return Place(f"{self.name}#html", line, 1 if line else 0)


def _inside(whole: Entity) -> Iterator[Entity]:
    for part in whole.parts:
        yield part
        yield from _inside(part)
