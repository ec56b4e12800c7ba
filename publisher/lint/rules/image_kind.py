"""Images too heavy, of a strange or unknown size, or of a kind that mail cannot show.

That a file is missing is said where it is looked for, by the reader of sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.body import Picture
from publisher.model.problem import Fault, Place, Problem, Severity

FORMAT = Fault(
    "lint/image-format",
    Severity.ERROR,
    "Outlook cannot show {format} images, so the mail would have a mere link to “{src}”.",
    "Save the image as PNG (drawings) or JPEG (photographs).",
)
ANIMATED = Fault(
    "lint/image-animated",
    Severity.WARNING,
    "“{src}” moves; Outlook shows only its first frame.",
    "Make sure that the first frame says it all, or use a still image.",
)
HEAVY = Fault(
    "lint/image-weight",
    Severity.WARNING,
    "“{src}” weighs {kilobytes} KB; readers on the road wait for it.",
    "Save it with at most 1,000 KB: 1,200 pixels of width are enough for a mail.",
)
TOO_HEAVY = Fault(
    "lint/image-too-heavy",
    Severity.ERROR,
    "“{src}” weighs {kilobytes} KB.",
    "Save it with at most 1,000 KB: 1,200 pixels of width are enough for a mail.",
)
HUGE = Fault(
    "lint/image-huge",
    Severity.ERROR,
    "“{src}” has {width} × {height} pixels: some programs refuse to open it.",
    "Save it with 1,200 pixels of width.",
)
SMALL = Fault(
    "lint/image-small",
    Severity.HINT,
    "“{src}” is only {width} pixels wide; the column has 600, and twice that on a phone.",
    "Use a larger original if there is one; 1,200 pixels are sharp everywhere.",
)

UNMEASURED = Fault(
    "lint/image-size",
    Severity.WARNING,
    "Nobody knows how large “{src}” is, so the mail shows a link to it instead.",
    "Download it beside the episode, or write its pixels: {{width=1200 height=800}} behind it, width and height under cover.",
)

SHOWN = frozenset({"png", "jpeg", "jpg", "gif"})
_ENDINGS = frozenset({"webp", "svg", "avif", "heic", "heif", "bmp", "tif", "tiff", "ico", "jxl"})
_WEIGHT, _TOO_HEAVY = 1_000_000, 5_000_000
_MOST_PIXELS, _MOST_SIDE = 25_000_000, 6_000
_COLUMN = 600


def check(manuscript: Manuscript) -> Iterator[Problem]:
    for picture, _, place in manuscript.pictures:
        yield from look(picture, place)


def look(picture: Picture, place: Place) -> Iterator[Problem]:
    """Say why an inbox could not show a picture, or not well."""
    src = picture.src
    remote = src.lower().startswith("https://")
    kind = (picture.format or "").lower() or (_ending(src) if remote else "")
    if kind and kind not in SHOWN and (picture.format or kind in _ENDINGS):
        yield FORMAT.at(place, src=src, format=kind.upper())
    elif remote and not (picture.width and picture.height):
        yield UNMEASURED.at(place, src=src)
    if picture.animated:
        yield ANIMATED.at(place, src=src)
    yield from _measure(picture, place)


def _measure(picture: Picture, place: Place) -> Iterator[Problem]:
    src, size = picture.src, picture.size or 0
    width, height = picture.width or 0, picture.height or 0
    if size > _WEIGHT:
        fault = TOO_HEAVY if size > _TOO_HEAVY else HEAVY
        yield fault.at(place, src=src, kilobytes=f"{size // 1000:,}")
    if width * height > _MOST_PIXELS or max(width, height) > _MOST_SIDE:
        yield HUGE.at(place, src=src, width=width, height=height)
    elif 0 < width < _COLUMN:
        yield SMALL.at(place, src=src, width=width)


def _ending(src: str) -> str:
    return src.partition("?")[0].rpartition(".")[2].lower()


RULE = LintRule(
    "An image that a mail program cannot load leaves a hole with a broken frame in the middle of the text, and "
    "nothing can be put right once the mail is out.",
    (FORMAT, UNMEASURED, ANIMATED, HEAVY, TOO_HEAVY, HUGE, SMALL),
    episode=check,
)
