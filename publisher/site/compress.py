"""Pages squeezed once, when they are written, so that no server has to do it for each reader.

A server that compresses on the fly changes the ETag, and some then never answer 304.
"""

from __future__ import annotations

import gzip
import re
from pathlib import PurePosixPath

import brotli

#: Kinds of file that shrink; pictures are squeezed already.
SHRINKING = frozenset({".html", ".xml", ".json", ".css", ".js", ".svg", ".txt"})

#: Kinds that browsers read, and so in brotli too. Feed readers ask for gzip, if for anything.
IN_BROTLI = frozenset({".html", ".json", ".css", ".js", ".svg"})

#: Below this many octets the response headers weigh more than what is saved.
SMALLEST = 512

#: How hard to squeeze: one step more takes twice as long and saves four octets of a hundred.
GZIP_LEVEL = 5
#: The archives of feeds are most of what a website weighs, and a reader fetches each once, if ever.
ARCHIVE_LEVEL = 4
_ARCHIVE = re.compile(r"-\d{4}(?:-\d+)?\.xml\Z")


def variants(path: str, data: bytes) -> dict[str, bytes]:
    """Give the squeezed twins of a file as path -> bytes: ``.gz`` (RFC 1952) and ``.br`` (RFC 7932).

    The same bytes give the same twins: no name and no time is written into them. Empty for
    files that would not shrink.
    """
    kind = PurePosixPath(path).suffix
    if kind not in SHRINKING or len(data) < SMALLEST:
        return {}
    level = ARCHIVE_LEVEL if _ARCHIVE.search(path) else GZIP_LEVEL
    twins = {f"{path}.gz": gzip.compress(data, compresslevel=level, mtime=0)}
    if kind in IN_BROTLI:
        twins[f"{path}.br"] = brotli.compress(data, mode=brotli.MODE_TEXT, quality=5)
    return twins
