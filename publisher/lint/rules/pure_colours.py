"""A theme in pure white or black.

Whether colours can be told apart is checked where the theme is read, by the render.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Place, Problem, Severity

PURE = Fault(
    "lint/pure-colour",
    Severity.WARNING,
    "[theme.{mode}] {name} is {colour}; phones repaint pure white and black.",
    "Move it by a shade, such as #fdfdfc or #121110.",
)


def check(reading: Reading) -> Iterator[Problem]:
    theme = reading.publication.theme
    for mode, palette in (("light", theme.light), ("dark", theme.dark)):
        for name in ("paper", "ink", "tint"):
            if (colour := getattr(palette, name)) in ("#ffffff", "#000000"):
                yield PURE.at(Place("config.toml"), mode=mode, name=name, colour=colour)


RULE = LintRule(
    "Gmail on phones inverts pure white and black on its own, and the rest of the palette stays behind: a letter "
    "half in day and half in night.",
    (PURE,),
    reading=check,
)
