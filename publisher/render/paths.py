"""Where every page of the reading room stands, as a path from the root that ends in ``/``.

Paths are raw text, Hangul and all; they are percent-encoded where an address is written.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath

HOME = "/"
ARCHIVE = "/archive/"
TAGS = "/tags/"
SEARCH = "/search/"
ABOUT = "/about/"
JOIN = "/join/"
MISSING = "/404.html"
SEARCH_INDEX = "/search/index.json"
ICON = "/icon.png"
_NOT_IN_PATHS = re.compile(r"[^\w.~-]+")


@lru_cache(maxsize=1024)  # an author or a tag is asked for with each episode
def _step(name: str) -> str:
    """Make a name fit for one step of a path: letters of any script, digits and ``-._~``."""
    plain = unicodedata.normalize("NFC", name).casefold()
    step = _NOT_IN_PATHS.sub("-", plain).strip("-.")[:60]
    return step or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]


def series_path(slug: str) -> str:
    """Give the page of a series."""
    return f"/{slug}/"


def tag_path(tag: str) -> str:
    """Give the page of a tag; ``AI`` and ``ai`` share one."""
    return f"/tags/{_step(tag.lstrip('#'))}/"


def author_path(name: str) -> str:
    """Give the page of an author."""
    return f"/authors/{_step(name)}/"


def year_path(year: int, folder: str = HOME) -> str:
    """Give the page of all that came out in a year, or of what stands under a folder."""
    return f"{folder}archive/{year}/"


def on_disk(path: str) -> str:
    """Name the file behind a path: ``/ai/1/`` is ``ai/1/index.html``."""
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def by_content(path: str, data: bytes) -> str:
    """Put a digest of a file's bytes into its name, so that it may be cached for ever."""
    name = PurePosixPath(path)
    return f"{name.with_suffix('')}.{hashlib.sha256(data).hexdigest()[:16]}{name.suffix}"
