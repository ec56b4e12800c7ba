"""The golden files: ``sample/<series>/<number>/<audience>/`` with one file a channel."""

from __future__ import annotations

from pathlib import Path

from publisher.model.edition import Edition
from publisher.model.episode import Audience
from publisher.render.feed.xml import item_xml
from tests.golden.samples import by_name, edition

FOLDER = Path(__file__).parent / "sample"


def channels(made: Edition) -> dict[str, bytes]:
    """Give each channel of an edition as the file it would be."""
    return {
        "mail.html": made.html.encode(),
        "mail.txt": made.text.encode(),
        "mail.eml": made.message,
        "page.html": made.page.encode(),
        "feed-item.xml": item_xml(made.item),
    }


def expected() -> dict[str, bytes]:
    """Set every sample for both audiences: path below FOLDER to octets."""
    return {
        f"{name}/{audience}/{file}": octets
        for name in by_name()
        for audience in Audience
        for file, octets in channels(edition(name, audience)).items()
    }


def stored() -> dict[str, bytes]:
    """Read what is stored."""
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in files}
