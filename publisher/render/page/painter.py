"""The picture that stands for a page in messengers and networks: its title, set in Hangul.

Drawn with a font of the machine. Where none has Hangul there is no picture: boxes in place of
letters would be worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from publisher.model.publication import Palette

if TYPE_CHECKING:
    from publisher.render.page.card import Pen

#: Bold faces with Hangul, as Debian, macOS and Windows name them; the first that is there is used.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/truetype/unfonts-core/UnDotumBold.ttf",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "C:/Windows/Fonts/malgunbd.ttf",
)
#: Pixels of a card across and down, and of the icon on each side.
SIZE = (1200, 630)
ICON = 144


def korean_face(font: Path) -> int | None:
    """Find the face of a font file that draws Hangul, None if there is none."""
    # Loaded here, as the pen is: a site whose pictures are all drawn needs no library for it.
    from publisher.render.page import card

    return card.korean_face(font)


class Painter:
    """Draws cards and the icon with one font."""

    #: Goes into the names of cards: changing the drawing means changing this.
    STYLE: ClassVar[str] = "1"

    def __init__(self, font: Path, face: int = 0) -> None:
        self.font = font
        self.face = face

    @classmethod
    def found(
        cls,
        fonts: Iterable[str | Path] = FONTS,
        face_of: Callable[[Path], int | None] = korean_face,
    ) -> Painter | None:
        """Take the first font that is there and has Hangul; None when there is none."""
        for name in fonts:
            face = face_of(Path(name))
            if face is not None:
                return cls(Path(name), face)
        return None

    @property
    def name(self) -> str:
        """Name the font and the way of drawing."""
        return f"{self.font.name}:{self.face}:{self.STYLE}"

    @cached_property
    def _pen(self) -> Pen:
        from publisher.render.page.card import Pen

        return Pen(self.font, self.face, SIZE, ICON)

    def card(self, title: str, series: str, number: str, name: str, palette: Palette) -> bytes:
        """Draw a card as PNG: the series and number, the title in three lines at most, the name."""
        return self._pen.card(title, series, number, name, palette)

    def icon(self, name: str, palette: Palette, logo: bytes = b"") -> bytes:
        """Make the icon: the logo on a square, or the first letter of the name as a seal."""
        return self._pen.icon(name, palette, logo)
