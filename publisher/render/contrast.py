"""Whether the publication's colours can be read, by day and by night (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.publication import Palette, Theme

#: Least contrast of text and its ground.
LEAST = 4.5
#: What is set in which colour on which ground, somewhere in mail or page.
_PAIRS = (
    *(("ink", "paper"), ("soft", "paper"), ("accent", "paper")),
    *(("ink", "tint"), ("soft", "tint"), ("accent", "tint"), ("paper", "accent")),
)

PALE = Fault(
    "render/pale-colours",
    Severity.ERROR,
    "In {mode} mode, {front} {front_colour} on {ground} {ground_colour} has a contrast of {ratio}; readers need 4.5.",
    "Change one of the two colours under [theme.{mode}].",
)
FONTS = Fault(
    "render/bad-fonts",
    Severity.ERROR,
    "theme.fonts is not a list of font families: {fonts}.",
    'Write family names with commas between, quoted where they hold spaces: "Malgun Gothic", sans-serif.',
)
_FONTS = re.compile(r"""[\w\s,"'.-]+""")


def luminance(colour: str) -> float:
    """Give the relative luminance of ``#rrggbb``, from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def problems(theme: Theme, path: str = "config.toml") -> tuple[Problem, ...]:
    """Report each pair of colours that cannot be read, and a font list that is none."""
    found = [p for mode in ("light", "dark") for p in _pale(getattr(theme, mode), mode, path)]
    if not _FONTS.fullmatch(theme.fonts):
        found.append(FONTS.at(Place(path), fonts=theme.fonts))
    return tuple(found)


def _pale(palette: Palette, mode: str, path: str) -> list[Problem]:
    found = []
    for front, ground in _PAIRS:
        colours = getattr(palette, front), getattr(palette, ground)
        ratio = contrast(*colours)
        if ratio < LEAST:
            details = {"front": front, "front_colour": colours[0], "ground": ground}
            details |= {"ground_colour": colours[1], "ratio": f"{ratio:.2f}", "mode": mode}
            found.append(PALE.at(Place(path), **details))
    return found
