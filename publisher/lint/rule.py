"""A rule: what it finds, why it matters to a reader, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from publisher.lint.manuscript import Manuscript
from publisher.lint.reading import Reading
from publisher.model.problem import Fault, Problem

CheckEpisode = Callable[[Manuscript], Iterable[Problem]]
CheckReading = Callable[[Reading], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule a module: ``RULE = LintRule(why, faults, episode=…)`` or ``reading=…``.

    ``why`` is an English message id: what a reader suffers when the rule is broken. A rule over
    one ``episode`` depends on that file and its series alone, so that its findings may be
    remembered while both stay the same; one over the ``reading`` sees everything.
    """

    why: str
    faults: tuple[Fault, ...]
    episode: CheckEpisode | None = None
    reading: CheckReading | None = None

    def __post_init__(self) -> None:
        if (self.episode is None) == (self.reading is None):
            raise ValueError("a rule looks at one episode or at everything")
