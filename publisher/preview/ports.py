"""What the desk is shown and what it may ask for: everything read, one mail to one address.

The wiring makes a Desk of the press. Nothing here can open a release or name a subscriber.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from publisher.model.calendar import Entry
from publisher.model.edition import Edition
from publisher.model.episode import Audience, Episode, Series
from publisher.model.problem import Problem
from publisher.model.publication import Publication
from publisher.model.slot import Slot


@dataclass(frozen=True, slots=True)
class Issued:
    """A release as the ledger tells of it: its episode, its slot, how its deliveries stand.

    ``counts`` pairs a delivery state (``sent``, ``pending``, …) with how many stand so.
    """

    series: str
    number: int
    title: str
    slot: Slot
    state: str
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The publication at one look: what the files say, and how the coming slots stand."""

    publication: Publication
    series: tuple[Series, ...]
    episodes: tuple[Episode, ...]
    calendar: tuple[Entry, ...]
    now: datetime
    problems: tuple[Problem, ...] = ()
    issued: tuple[Issued, ...] = ()

    def find(self, series: str, number: int) -> Episode | None:
        """Find an episode by its name."""
        return next((e for e in self.episodes if (e.series, e.number) == (series, number)), None)

    def titled(self, slug: str) -> str:
        """Give the title of a series, or its slug where its file cannot be read."""
        return next((s.title for s in self.series if s.slug == slug), slug)


@dataclass(frozen=True, slots=True)
class Proof:
    """An episode set for one audience to be looked at; no edition where it cannot be set.

    ``more`` reads the final bytes as receivers will and finds what that brings to light. It takes
    longer than setting, so the desk shows the edition first and asks for more afterwards.
    """

    edition: Edition | None
    problems: tuple[Problem, ...] = ()
    more: Callable[[], tuple[Problem, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a mail or a page shows: an image or a style sheet of the website."""

    data: bytes
    type: str


class Desk(Protocol):
    """The publication as the desk sees it. Calls may take a while and come from one thread."""

    def look(self, changed: frozenset[str]) -> Snapshot:
        """Read what changed (paths relative to the publication; empty: everything)."""

    def check(self, snapshot: Snapshot) -> tuple[Problem, ...]:
        """Run every rule over everything; may take a second."""

    def proof(self, snapshot: Snapshot, episode: Episode, audience: Audience) -> Proof:
        """Set one episode, with the problems of its own editions."""

    def source(self, path: str) -> str | None:
        """Read a source file as text, for one that made no episode; None if it cannot be."""

    def asset(self, snapshot: Snapshot, path: str) -> Asset | None:
        """Find what the website would serve at a path such as ``ai/1/0a1b.png``."""


#: Mails one edition to one address, marked as a trial; gives the problems that kept it from going.
SendTrial = Callable[[Edition, str], tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the desk is set up: its language, its editor, what it answers to.

    ``editor`` has ``{path}``, ``{line}`` and ``{column}``; ``root`` is the publication's folder
    as the editor program needs it. ``hosts`` are names beyond loopback that a browser may use.
    """

    root: str
    language: str = "ko"
    editor: str = "vscode://file/{path}:{line}:{column}"
    hosts: frozenset[str] = field(default_factory=frozenset)
