"""The templates of the desk's own pages: where one of the publication's fails, the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from publisher.model.problem import Problem
from publisher.render.theme import TemplateFault, Templates


class Dress:
    """Fills the desk's pages whatever the publication's templates hold; ``faults`` says what failed.

    A newsroom may dress its desk; a mistake in that must not take the desk away that names it.
    ``worn`` gives the newest templates: they are followed as every other file is.
    """

    def __init__(self, worn: Callable[[], Templates]) -> None:
        self._worn = worn
        self._own = worn()
        self._failing: dict[str, Problem] = {}

    @property
    def faults(self) -> tuple[Problem, ...]:
        return tuple(self._failing.values())

    @cached_property
    def _shipped(self) -> Templates:
        return Templates()

    def fill(self, name: str, context: Mapping[str, object]) -> str:
        """Fill a template of the desk."""
        worn = self._worn()
        if worn is not self._own:  # somebody saved a template: what failed may be mended
            self._own = worn
            self._failing.clear()
        if name not in self._failing:
            try:
                return self._own.fill(name, context)
            except TemplateFault as fault:
                self._failing[name] = fault.problem
        return self._shipped.fill(name, context)
