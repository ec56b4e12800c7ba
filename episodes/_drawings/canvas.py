# ruff: noqa: INP001 — a script beside the letters, not a part of the package
"""Paper, ink and one red: the surface that every picture of the sample publication is drawn on.

Coordinates are CSS pixels of the finished picture; all is drawn three times as large and
reduced once, so that edges are smooth and the same bytes come out on every run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PAPER = "#fbfaf6"
TINT = "#f2efe7"
SHADE = "#e4dfd3"
INK = "#1f1d1a"
SOFT = "#5c574f"
RED = "#b23a24"

Point = tuple[float, float]
OVER = 3
FONTS = {
    "sans": "NotoSansCJK-Regular.ttc",
    "sans-bold": "NotoSansCJK-Bold.ttc",
    "serif": "NotoSerifCJK-Regular.ttc",
    "serif-bold": "NotoSerifCJK-Bold.ttc",
}
PLACES = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/Library/Fonts")
KOREAN_FACE = 1


def font(style: str, size: float) -> ImageFont.FreeTypeFont:
    """Open the Korean face of a Noto CJK collection at a size in finished pixels."""
    for place in PLACES:
        path = Path(place) / FONTS[style]
        if path.exists():
            return ImageFont.truetype(str(path), round(size * OVER), index=KOREAN_FACE)
    raise SystemExit(f"{FONTS[style]} is missing: on Debian, apt-get install fonts-noto-cjk")


class Canvas:
    """A sheet of paper of a given size in pixels."""

    def __init__(self, width: int = 1200, height: int = 675, ground: str = PAPER) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * OVER, height * OVER), ground)
        self.pen = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        self.pen.polygon(_up(points), fill=fill)

    def rect(self, x: float, y: float, w: float, h: float, fill: str) -> None:
        self.polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.pen.ellipse(_up([(x - radius, y - radius), (x + radius, y + radius)]), fill=fill)

    def ring(self, x: float, y: float, radius: float, colour: str, width: float) -> None:
        self.arc(x, y, radius, 0, 360, colour, width)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, colour: str, width: float
    ) -> None:
        """Draw an arc between two angles in degrees, clockwise from three o'clock."""
        half = width / 2
        box = _up([(x - radius - half, y - radius - half), (x + radius + half, y + radius + half)])
        self.pen.arc(box, start, end, fill=colour, width=round(width * OVER))

    def line(
        self, points: Sequence[Point], colour: str, width: float, *, round_ends: bool = True
    ) -> None:
        self.pen.line(_up(points), fill=colour, width=round(width * OVER), joint="curve")
        if round_ends:
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2, colour)

    def dashed(
        self, start: Point, end: Point, colour: str, width: float, dash: float, gap: float
    ) -> None:
        length = math.dist(start, end)
        ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        at = 0.0
        while at < length:
            to = min(at + dash, length)
            self.line(
                [
                    (start[0] + ux * at, start[1] + uy * at),
                    (start[0] + ux * to, start[1] + uy * to),
                ],
                colour,
                width,
                round_ends=False,
            )
            at += dash + gap

    def inside(self, shape: Callable[[Canvas], None], draw: Callable[[Canvas], None]) -> None:
        """Draw only where `shape` (drawn in any colour) covers the paper."""
        stencil = Canvas(self.width, self.height, "#000000")
        shape(stencil)
        mask = stencil.image.convert("L").point(lambda value: 255 if value else 0)
        layer = Canvas(self.width, self.height)
        layer.image.paste(self.image)
        draw(layer)
        self.image.paste(layer.image, mask=mask)

    def hatch(self, spacing: float, angle: float, colour: str, width: float) -> None:
        """Cover the whole sheet with parallel lines; use it with `inside`."""
        reach = math.hypot(self.width, self.height)
        cx, cy = self.width / 2, self.height / 2
        dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        steps = int(reach / spacing) + 1
        for step in range(-steps, steps + 1):
            ox, oy = cx - dy * step * spacing, cy + dx * step * spacing
            self.line(
                [(ox - dx * reach, oy - dy * reach), (ox + dx * reach, oy + dy * reach)],
                colour,
                width,
                round_ends=False,
            )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float,
        colour: str = INK,
        style: str = "sans",
        anchor: str = "la",
    ) -> None:
        self.pen.text(
            (x * OVER, y * OVER), words, font=font(style, size), fill=colour, anchor=anchor
        )

    def save(self, path: Path) -> None:
        """Reduce by averaging, which keeps the palette's colours exact, and write the PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.image.reduce(OVER).save(path, optimize=True)


def bezier(a: Point, b: Point, c: Point, d: Point, steps: int = 60) -> list[Point]:
    """Points of a cubic curve from `a` to `d` with the handles `b` and `c`."""
    curve = []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        ends = (a, b, c, d)
        curve.append(
            (
                sum(w * p[0] for w, p in zip(weights, ends, strict=True)),
                sum(w * p[1] for w, p in zip(weights, ends, strict=True)),
            )
        )
    return curve


def _up(points: Sequence[Point]) -> list[Point]:
    return [(x * OVER, y * OVER) for x, y in points]
