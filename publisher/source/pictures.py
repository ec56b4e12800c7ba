"""Pictures beside an episode: what they are, read from the file itself, within bounds."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from publisher.files import faults as file_faults
from publisher.files.names import relative, shown, weight
from publisher.files.nearest import nearest
from publisher.files.text import read_bytes
from publisher.model.body import Body, Figure, Image, Node, Picture, inlines, runs, walk
from publisher.model.problem import Fault, Place, Problem, Severity

LIMIT = 30 * 1024 * 1024
"""Bytes a picture may have; what mail should carry is another, smaller question."""

_PIXELS = 100_000_000
#: Kinds that are images all the same, though nothing here opens them, by the brand in their head.
_BRANDS = {
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"hevc": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
    b"avif": "AVIF",
}
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO")

NO_NAME = Fault(
    "source/image-name",
    Severity.ERROR,
    "The image has no file name.",
    "Write the name of the file in the round brackets.",
)
MISSING = Fault(
    "source/image-missing",
    Severity.ERROR,
    "There is no image {name} beside the episode.",
    "Put the file into the folder of the episode, or correct its name.",
)
MISSING_NEAR = Fault(
    "source/image-missing-near",
    Severity.ERROR,
    "There is no image {name}; “{nearest}” is near.",
    "Correct the name of the file.",
)
ADDRESS = Fault(
    "source/image-address",
    Severity.ERROR,
    "An image is a file beside the episode or an https: address, not {name}.",
    "Put the file into the folder of the episode and write its name.",
)
OUTSIDE = Fault(
    "source/image-outside",
    Severity.ERROR,
    "The image {name} lies outside of the publication.",
    "Copy the file into the folder of the episode.",
)
UNREAD = Fault(
    "source/image-unreadable",
    Severity.ERROR,
    "{name} cannot be read as an image.",
    "Save it as PNG or JPEG and put it there again.",
)
LARGE = Fault(
    "source/image-large",
    Severity.ERROR,
    "{name} is too large: {size}, and at most {limit} are read.",
    "Save it smaller; 1,360 pixels are wide enough for a mail.",
)

PIXELS = Fault(
    "source/image-pixels",
    Severity.ERROR,
    "{name} has more than {limit} million pixels.",
    "Save it smaller; 1,360 pixels are wide enough for a mail.",
)

Stamp = tuple[int, int, int]
"""What tells that a file is still the same: time of change in ns, size, inode."""


def stamp(path: Path) -> Stamp | None:
    """Take the stamp of a file, or None if there is none to be had."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def pictures_in(body: Body) -> list[Picture]:
    """List the pictures that a text shows."""
    found: list[Picture] = []
    parts: list[tuple[Node, ...]] = [body.nodes, *(note.children for note in body.footnotes)]
    for part in parts:
        for node in walk(part):
            if isinstance(node, Figure):
                found.append(node.picture)
            for run in runs(node):
                found.extend(each.picture for each in inlines(run) if isinstance(each, Image))
    return found


@dataclass(slots=True)
class Gallery:
    """All pictures of a publication, each file read once."""

    root: Path
    read: dict[Path, tuple[Stamp, Picture, Fault | None]] = field(default_factory=dict)

    def finder(
        self, folder: Path, problems: list[Problem], used: dict[Path, Stamp | None]
    ) -> Callable[[str, Place], Picture]:
        """Make the function that finds the pictures of one episode by the names it uses.

        ``used`` takes every file that was looked for, so that a change of one is noticed.
        """

        def find(src: str, place: Place) -> Picture:
            picture, problem = self._find(src, folder, place, used)
            if problem is not None:
                problems.append(problem)
            return picture

        return find

    def _find(
        self, src: str, folder: Path, place: Place, used: dict[Path, Stamp | None]
    ) -> tuple[Picture, Problem | None]:
        src = src.strip()
        if not src:
            return Picture(src), NO_NAME.at(place)
        if src.lower().startswith("https://"):
            return Picture(src), None
        short = src if len(src) <= 80 else src[:79] + "…"
        if ":" in src.split("/")[0] or src.startswith(("//", "\\")) or "\0" in src:
            return Picture(src), ADDRESS.at(place, name=short)
        if src.startswith("/"):
            return Picture(src), ADDRESS.at(place, name=short)
        path = _beside(folder, src)
        if not _within(path, self.root):
            return Picture(src), OUTSIDE.at(place, name=short)
        mark = used[path] = stamp(path)
        if mark is None:
            if near := _near(path):
                return Picture(src), MISSING_NEAR.at(place, name=short, nearest=near)
            return Picture(src), MISSING.at(place, name=short)
        if path not in self.read or self.read[path][0] != mark:
            self.read[path] = (mark, *_look(path, self.root))
        _, picture, fault = self.read[path]
        return _called(picture, src), _told(fault, place, short, mark[1])


def _told(fault: Fault | None, place: Place, name: str, size: int) -> Problem | None:
    if fault is None:
        return None
    if fault is PIXELS:
        return fault.at(place, name=name, limit=_PIXELS // 1_000_000)
    return fault.at(place, name=name, size=weight(size), limit=weight(LIMIT))


def _called(picture: Picture, src: str) -> Picture:
    return Picture(
        src,
        picture.path,
        picture.width,
        picture.height,
        picture.size,
        picture.format,
        picture.animated,
        picture.digest,
    )


def _within(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _beside(folder: Path, src: str) -> Path:
    """Find the file by its name in whichever Unicode form the disk keeps it."""
    path = Path(os.path.normpath(folder.joinpath(*PurePosixPath(src).parts)))
    try:
        if path.exists() or src.isascii():
            return path
    except (OSError, ValueError):
        return path
    for name in _names(path.parent):
        if relative(Path(name), Path()) == relative(Path(path.name), Path()):
            return path.parent / name
    return path


def _near(path: Path) -> str:
    """Find the file that was meant, whatever the ending of its name."""
    names = {name.rpartition(".")[0]: name for name in _names(path.parent)}
    return shown(names.get(nearest(path.stem, names), ""))


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir() if not entry.name.endswith(".md"))
    except (OSError, ValueError):
        return []


def _look(path: Path, root: Path) -> tuple[Picture, Fault | None]:
    """Open a picture far enough to know its size; its pixels are not decoded."""
    name = relative(path, root)
    data = read_bytes(path, root, LIMIT)
    if isinstance(data, Problem):
        known = {file_faults.OUTSIDE: OUTSIDE, file_faults.TOO_LARGE: LARGE}
        return Picture(name), known.get(data.fault, UNREAD)
    # Loaded here: most commands look at no picture that they do not know.
    from PIL import Image as Pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pillow.open(io.BytesIO(data), formats=_FORMATS) as opened:
                width, height = opened.size
                kind = opened.format or ""
                animated = bool(getattr(opened, "is_animated", False))
    except Pillow.DecompressionBombError:
        return Picture(name), PIXELS
    except Exception:  # noqa: BLE001 - a hostile file makes the decoders raise anything
        kind = _closed(data[:4096])
        # Without a path it is never published; that no inbox shows its kind is said by a rule.
        return (Picture(name, format=kind), None) if kind else (Picture(name), UNREAD)
    if width * height > _PIXELS:
        return Picture(name), PIXELS
    digest = hashlib.sha256(data).hexdigest()
    return Picture(name, name, width, height, len(data), kind, animated, digest), None


def _closed(head: bytes) -> str:
    """Name the kind of an image that nothing here opens; empty for what is no image."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in head:
        return "SVG"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    return "JXL" if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")) else ""
