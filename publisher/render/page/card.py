"""Drawing the picture that stands for a page, and the icon, with a font of the machine."""

from __future__ import annotations

import io
import zlib
from functools import cache, lru_cache
from pathlib import Path
from typing import ClassVar

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from publisher.model.publication import Palette
from publisher.render.legible import one_line

#: A logo larger than this is not opened.
LARGEST_LOGO = 4096 * 4096
_SHADES = 128
#: Full ink, and ink mixed with paper, as places in the palette.
_FULL, _SOFT = 127, 84


class Pen:
    """Draws with one face of a font file: cards of a ``size`` and square icons, in pixels."""

    def __init__(self, font: Path, face: int, size: tuple[int, int], icon: int) -> None:
        self.font = font
        self.face = face
        self.size = size
        self.side = icon
        self._sized = lru_cache(maxsize=16)(self._load)

    def _load(self, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self.font), size, index=self.face)

    # --- a card ---------------------------------------------------------------------

    def card(self, title: str, series: str, number: str, name: str, palette: Palette) -> bytes:
        """Draw a card as PNG: the series and number, the title in three lines at most, the name."""
        sheet = _Sheet(self.size)
        margin = 88
        sheet.red.rectangle((margin, 84, margin + 56, 89), fill=_FULL)
        small = self._sized(36)
        sheet.red.text((margin, 128), number, font=small, fill=_FULL)
        beside = margin + small.getlength(number) + 22
        room = self.size[0] - margin - beside
        sheet.ink.text((beside, 128), _cut(series, small, room), font=small, fill=_SOFT)
        lines, big = self._fitted(title, self.size[0] - 2 * margin)
        top = 206
        for line in lines:
            sheet.ink.text((margin, top), line, font=big, fill=_FULL)
            top += round(big.size * 1.32)
        foot = _cut(name, small, self.size[0] - 2 * margin)
        sheet.ink.text((margin, 500), foot, font=small, fill=_FULL)
        return sheet.png(palette)

    def _fitted(self, title: str, width: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
        """Choose the largest size in which the title takes three lines or fewer."""
        for size in (84, 76, 68, 60, 54):
            font = self._sized(size)
            lines = _lines(title, font, width)
            if len(lines) <= (2 if size > 76 else 3):
                return lines, font
        return [*lines[:2], _cut(" ".join(lines[2:]), font, width)], font

    # --- the icon -------------------------------------------------------------------

    def icon(self, name: str, palette: Palette, logo: bytes = b"") -> bytes:
        """Make the icon: the logo on a square, or the first letter of the name as a seal."""
        whole = _logo(logo, self.side)
        if whole is None:
            whole = Image.new("RGB", (self.side, self.side), palette.accent)
            letter = (one_line(name) or "·")[0]
            middle = (self.side / 2, self.side / 2)
            ImageDraw.Draw(whole).text(
                middle, letter, font=self._sized(92), fill=palette.paper, anchor="mm"
            )
            whole = whole.quantize(64)
        return _png(whole)


class _Sheet:
    """Two layers of one byte a pixel, ink and accent: a third of the work of drawing in colour.

    A byte is a place in the palette: 0 to 127 go from paper to ink, 128 to 255 from paper to
    accent. The accent stands in the upper part alone, so its layer is no taller.
    """

    ACCENT_HEIGHT: ClassVar[int] = 190

    def __init__(self, size: tuple[int, int]) -> None:
        self._ink = Image.new("L", size, 0)
        self._red = Image.new("L", (size[0], self.ACCENT_HEIGHT), 0)
        self.ink, self.red = ImageDraw.Draw(self._ink), ImageDraw.Draw(self._red)

    def png(self, palette: Palette) -> bytes:
        """Lay both layers on paper."""
        box = self._red.getbbox() or (0, 0, 1, 1)
        red = self._red.crop(box)
        shifted = red.point([_SHADES + v if v else 0 for v in range(256)])
        self._ink.paste(shifted, box[:2], red.point([255 if v else 0 for v in range(256)]))
        self._ink.putpalette(
            [*_shades(palette.paper, palette.ink), *_shades(palette.paper, palette.accent)]
        )
        return _png(self._ink)


@cache
def _shades(light: str, dark: str) -> tuple[int, ...]:
    """Mix two colours ``#rrggbb`` in 128 steps."""
    ends = [(int(light[i : i + 2], 16), int(dark[i : i + 2], 16)) for i in (1, 3, 5)]
    return tuple(
        round(a + (b - a) * step / (_SHADES - 1)) for step in range(_SHADES) for a, b in ends
    )


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Run lengths alone: flat paper needs no search for more, and letters find little.
    image.save(out, "PNG", compress_level=6, compress_type=zlib.Z_RLE)
    return out.getvalue()


def korean_face(path: Path) -> int | None:
    """Find the face of a font file that draws Hangul, the Korean one of a collection first."""
    faces = []
    for index in range(12):
        try:
            font = ImageFont.truetype(str(path), 24, index=index)
        except OSError:
            break
        family = font.getname()[0] or ""
        faces.append((0 if "KR" in family else 1, index, font))
    for _, index, font in sorted(faces, key=lambda face: face[:2]):
        # A missing letter is drawn as the same box for any code point.
        if bytes(font.getmask("한")) != bytes(font.getmask("\U0010fffd")):
            return index
    return None


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break at spaces, as Korean is set in headings; a word wider than the line is broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        rest = word
        if lines[-1]:
            lines.append("")
        while font.getlength(rest) > width:
            fit = max(
                1,
                next(
                    n
                    for n in range(len(rest), 0, -1)
                    if n == 1 or font.getlength(rest[:n]) <= width
                ),
            )
            lines[-1], rest = rest[:fit], rest[fit:]
            lines.append("")
        lines[-1] = rest
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Shorten a line until it fits."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _logo(data: bytes, side: int) -> Image.Image | None:
    """Lay a logo on a clear square; None when there is none, or it is no picture."""
    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            if opened.width * opened.height > LARGEST_LOGO:
                return None
            small = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
        return None
    small.thumbnail((side, side))
    whole = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    whole.paste(small, ((side - small.width) // 2, (side - small.height) // 2))
    return whole
