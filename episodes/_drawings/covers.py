# ruff: noqa: INP001 — a script beside the letters, not a part of the package
"""The covers of the essays: one quiet geometric thought each."""

from __future__ import annotations

import math
from collections.abc import Callable

from canvas import INK, PAPER, RED, SHADE, SOFT, TINT, Canvas, Point, bezier


def two_towers() -> Canvas:
    """A tower taller than the sheet and a low one throw shadows of one length."""
    c = Canvas()
    ground = 505.0
    c.rect(0, ground, 1200, 170, TINT)
    c.ring(150, 150, 56, INK, 2.4)
    for x, w in ((330.0, 190.0), (760.0, 112.0)):
        reach = [(x, ground), (x + w, ground), (x + w + 250, ground + 112), (x + 250, ground + 112)]
        c.inside(lambda s, r=reach: s.polygon(r, "#ffffff"), lambda s: s.hatch(7, 0, SOFT, 1.7))
    floor = ground
    while floor > 0:
        c.rect(330, floor - 12, 190, 12, INK)
        floor -= 16
    c.rect(760, ground - 96, 112, 96, RED)
    for step in (1, 2, 3):
        c.rect(770, ground - 24 * step, 92, 1.8, PAPER)
    c.line([(0, ground), (1200, ground)], INK, 2.4, round_ends=False)
    return c


def cloud_and_outlet() -> Canvas:
    """A cloud of ruled lines hangs on one red cord from a socket in the wall."""
    c = Canvas()
    lobes = [(330, 250, 96), (452, 186, 124), (594, 204, 112), (700, 256, 90)]

    def grown(by: float) -> Callable[[Canvas], None]:
        def shape(s: Canvas) -> None:
            for x, y, r in lobes:
                s.disc(x, y, r + by, "#ffffff")
            s.rect(330, 250, 370, 96 + by, "#ffffff")

        return shape

    c.rect(0, 560, 1200, 115, TINT)
    c.line([(0, 560), (1200, 560)], INK, 2.4, round_ends=False)
    c.inside(grown(3), lambda s: s.rect(0, 0, 1200, 675, INK))
    c.inside(grown(0), lambda s: s.rect(0, 0, 1200, 675, PAPER))
    c.inside(grown(0), lambda s: s.hatch(10, 0, INK, 1.8))
    cord = bezier((515, 346), (515, 640), (690, 660), (735, 520))
    cord += bezier((735, 520), (775, 395), (850, 432), (908, 432))
    c.line(cord, RED, 7)
    c.disc(985, 432, 68, INK)
    c.disc(985, 432, 65.4, PAPER)
    c.ring(985, 432, 47, INK, 2)
    c.disc(967, 432, 6.5, INK)
    c.disc(1003, 432, 6.5, INK)
    c.line([(908, 432), (952, 432)], RED, 24)
    return c


def sliced_syllable() -> Canvas:
    """One letter stands whole in its frame; one syllable is cut over four."""
    c = Canvas()
    c.rect(0, 0, 1200, 675, TINT)
    top, high = 150.0, 375.0
    c.rect(110, top, 260, high, PAPER)
    c.text(240, top + high - 92, "a", size=330, style="serif-bold", anchor="ms")
    strips, wide, gap = 4, 104.0, 44.0
    glyph = Canvas(1200, 675)
    glyph.text(720, top + high - 64, "말", size=350, style="serif-bold", anchor="ms")
    red = Canvas(1200, 675)
    red.text(720, top + high - 64, "말", size=350, colour=RED, style="serif-bold", anchor="ms")
    begin = 720 - strips * wide / 2
    for strip in range(strips):
        source = red if strip == 2 else glyph
        box = [
            round(3 * v)
            for v in (begin + strip * wide, top, begin + (strip + 1) * wide, top + high)
        ]
        piece = source.image.crop((box[0], box[1], box[2], box[3]))
        x = 500 + strip * (wide + gap)
        c.image.paste(piece, (round(3 * x), round(3 * (top + (0, 26, -22, 12)[strip]))))
    return c


def a_year_of_days() -> Canvas:
    """Fifty-three weeks of seven dots, and one bow from this week back to the same week."""
    c = Canvas()
    left, top, step = 118.0, 330.0, 18.55
    for week in range(53):
        for day in range(7):
            x, y = left + week * step, top + day * 26
            if week == 0 and day in {1, 2, 4}:
                c.disc(x, y, 8.5, RED)
            elif week == 52:
                c.disc(x, y, 6.5, INK)
            else:
                c.disc(x, y, 3.4, SOFT if week else INK)
    right = left + 52 * step
    bow = bezier((right, top - 26), (right - 60, 60), (left + 60, 60), (left, top - 26))
    c.line(bow, INK, 2.4)
    c.polygon([(left - 10, top - 44), (left + 12, top - 40), (left - 2, top - 22)], INK)
    return c


def split_eye() -> Canvas:
    """Rings of one eye that no longer meet: the left half ink, the right half red, a step apart."""
    c = Canvas()
    for half in (0, 1):
        x0, dy, colour = (0.0, -11.0, INK) if half == 0 else (600.0, 11.0, RED)

        def side(s: Canvas, x0: float = x0) -> None:
            s.rect(x0, 0, 600, 675, "#ffffff")

        def rings(s: Canvas, dy: float = dy, colour: str = colour) -> None:
            s.disc(600, 337 + dy, 44, colour)
            for ring in range(1, 17):
                s.ring(600, 337 + dy, 44 + ring * 44, colour, 11)

        c.inside(side, rings)
    return c


def straight_and_winding() -> Canvas:
    """From one point to another: the way it felt, dashed and straight, and the way it was."""
    c = Canvas()
    left, right, low, rows, step = 170.0, 1030.0, 545.0, 7, 68.0
    points: list[Point] = []
    for row in range(rows):
        y = low - row * step
        ends = (left, right) if row % 2 == 0 else (right, left)
        points.append((ends[0], y))
        points.append((ends[1], y))
        if row < rows - 1:
            middle, sign = y - step / 2, 1 if row % 2 == 0 else -1
            for turn in range(1, 24):
                angle = math.radians(90 - turn * 7.5)
                points.append(
                    (
                        ends[1] + sign * step / 2 * math.cos(angle),
                        middle + step / 2 * math.sin(angle),
                    )
                )
    c.line(points, INK, 5)
    c.line([(left, low), (right, low - (rows - 1) * step)], PAPER, 20)
    c.dashed((left, low), (right, low - (rows - 1) * step), RED, 6, 24, 15)
    c.disc(left, low, 17, INK)
    c.disc(right, low - (rows - 1) * step, 21, RED)
    c.disc(right, low - (rows - 1) * step, 9, PAPER)
    return c


def open_book() -> Canvas:
    """An open book: one leaf is ruled for reading, the other is a dark screen with a red light."""
    c = Canvas()
    c.rect(0, 0, 1200, 675, TINT)
    for leaf in (3, 2, 1):
        off = leaf * 7
        for sign in (-1, 1):
            c.polygon(_leaf(sign, off), SHADE if leaf % 2 else PAPER)
    c.polygon(_leaf(-1, 0), PAPER)
    c.polygon(_leaf(1, 0), INK)
    for row in range(11):
        y = 196 + row * 27
        c.line([(262, y + 12), (548 - (130 if row in {4, 10} else 0), y + 24)], SOFT, 2.4)
    c.disc(900, 214, 11, RED)
    c.line([(600, 168), (600, 548)], INK, 2.4, round_ends=False)
    return c


def _leaf(sign: int, off: float) -> list[Point]:
    outer = 600 + sign * (390 + off)
    return [(600, 168 + off), (outer, 138 + off), (outer, 506 + off), (600, 548 + off)]


COVERS = {
    "ai-wont-save-us/01-two-towers.png": two_towers,
    "ai-wont-save-us/02-outlet.png": cloud_and_outlet,
    "ai-wont-save-us/03-말.png": sliced_syllable,
    "ai-wont-save-us/04-this-week-in-ai/a-year.png": a_year_of_days,
    "ai-wont-save-us/05-split-eye.png": split_eye,
    "ai-wont-save-us/06-winding.png": straight_and_winding,
    "ai-wont-save-us/07-open-book.png": open_book,
}
