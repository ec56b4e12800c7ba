"""Small publications on disk for the rules to read."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from PIL import Image

from publisher.lint import Reading
from publisher.model.calendar import coming
from publisher.model.problem import Problem
from publisher.model.publication import LIGHT, Publication, Sender, Theme
from publisher.source import scan
from tests.lint.cases import Picture

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
SLOW = Publication(
    "느린 신호", "https://slow.kr", "Asia/Seoul", "ko", Sender("느린 신호", "hello@slow.kr")
)

#: All that a publication must say of itself.
CONFIG = """\
[publication]
name = "느린 신호"
url = "https://slow.kr"
[sender]
address = "hello@slow.kr"
[law]
contact = "hello@slow.kr"
postal_address = "서울시 종로구 1"
"""


def write(root: Path, files: Mapping[str, str], pictures: Mapping[str, Picture]) -> None:
    """Put the files of one series, and its images, under a folder."""
    folder = root / "episodes" / "slow"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, picture in pictures.items():
        frames = [_frame(picture, at) for at in range(picture.frames)]
        more = {"save_all": True, "append_images": frames[1:]} if picture.frames > 1 else {}
        frames[0].save(folder / name, picture.format, **more)


def _frame(picture: Picture, at: int) -> Image.Image:
    size = (picture.width, picture.height)
    if picture.noise:
        noise = random.Random(1).randbytes(picture.width * picture.height * 3)
        return Image.frombytes("RGB", size, noise)
    return Image.new("RGB", size, (200, 80 * at % 256, 90))


def reading(
    root: Path,
    palette: Mapping[str, str] | None = None,
    off: Mapping[str, str] | None = None,
    templates: Mapping[str, str] | None = None,
) -> tuple[Reading, tuple[Problem, ...]]:
    """Read a publication as the press would; what the sources complain of stands beside."""
    found = scan(root, Path("episodes"), timezone="Asia/Seoul")
    calendar = tuple(
        entry
        for series in found.series
        for entry in islice(coming(series, found.episodes, (), NOW, NOW), 8)
    )
    theme = Theme(light=replace(LIGHT, **(palette or {})))
    whole = Reading(
        replace(SLOW, theme=theme),
        found.series,
        found.episodes,
        NOW,
        calendar,
        off or {},
        templates=templates or {},
    )
    return whole, found.problems
