# ruff: noqa: INP001 — a script beside the letters, not a part of the package
"""The covers of the person series: one head and shoulders, thought through by its own pattern."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from canvas import INK, PAPER, RED, SHADE, TINT, Canvas, Point

HEAD = (600.0, 290.0)
RADIUS = 162.0


def _bust(pattern: Callable[[Canvas], None]) -> Canvas:
    """Set a head filled with `pattern` over dark shoulders on a card with an index tab."""
    c = Canvas()
    c.rect(0, 0, 1200, 675, SHADE)
    c.polygon([(96, 92), (116, 48), (344, 48), (364, 92)], TINT)
    c.rect(96, 92, 1008, 600, TINT)
    c.inside(
        lambda s: s.rect(96, 92, 1008, 600, "#ffffff"),
        lambda s: s.disc(600, 772, 292, INK),
    )
    c.disc(*HEAD, RADIUS + 14, TINT)
    c.disc(*HEAD, RADIUS, INK)
    c.disc(*HEAD, RADIUS - 3, PAPER)
    c.inside(lambda s: s.disc(*HEAD, RADIUS - 3, "#ffffff"), pattern)
    return c


def _net(c: Canvas) -> None:
    x, y = HEAD
    layers = [
        [(x + dx, y + row) for row in rows]
        for dx, rows in (
            (-104.0, (-72, 0, 72)),
            (-34.0, (-108, -36, 36, 108)),
            (38.0, (-108, -36, 36, 108)),
            (108.0, (-36, 36)),
        )
    ]
    for left, right in pairwise(layers):
        for a in left:
            for b in right:
                c.line([a, b], INK, 1.5, round_ends=False)
    for layer in layers:
        for a in layer:
            c.disc(*a, 11, INK)
    c.disc(*layers[3][1], 19, PAPER)
    c.disc(*layers[3][1], 15, RED)


def _choices(c: Canvas) -> None:
    root = (HEAD[0], HEAD[1] + RADIUS)
    chosen: list[tuple[Point, Point]] = []

    def grow(at: Point, angle: float, length: float, depth: int, red: bool) -> None:
        to = (at[0] + length * math.cos(angle), at[1] - length * math.sin(angle))
        if red:
            chosen.append((at, to))
        c.line([at, to], INK, 1.2 + depth * 0.55)
        if depth:
            grow(to, angle + 0.42, length * 0.8, depth - 1, red and depth % 2 == 0)
            grow(to, angle - 0.42, length * 0.8, depth - 1, red and depth % 2 == 1)

    grow(root, math.pi / 2, 81, 6, True)
    for a, b in chosen:
        c.line([a, b], RED, 6)
    c.disc(*chosen[-1][1], 9, RED)


def _two_skies(c: Canvas) -> None:
    x, y = HEAD
    c.inside(
        lambda s: s.rect(x - RADIUS, y, RADIUS * 2, RADIUS, "#ffffff"),
        lambda s: s.hatch(9, 0, INK, 4.2),
    )
    for ray in range(1, 18):
        angle = math.pi * ray / 18
        c.line(
            [
                (x + 66 * math.cos(angle), y - 66 * math.sin(angle)),
                (x + 158 * math.cos(angle), y - 158 * math.sin(angle)),
            ],
            INK,
            1.8,
        )
    c.inside(
        lambda s: s.rect(x - RADIUS, y - RADIUS, RADIUS * 2, RADIUS, "#ffffff"),
        lambda s: s.disc(x, y, 48, RED),
    )


PORTRAITS = {
    "ai-x-files/01-net.png": lambda: _bust(_net),
    "ai-x-files/02-choices.png": lambda: _bust(_choices),
    "ai-x-files/03-two-skies.png": lambda: _bust(_two_skies),
}
