"""What the folder holds that is ours: which file was made of what, so that nothing is made twice.

The list stands in the folder itself. A file that is not on it is a stranger's and is never
changed or removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = ".publisher.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Record:
    """One file of ours: the digest of what it was made of, the hash of its bytes, its twins' sizes.

    ``files`` are the names that were written for it, each with its size in octets. An empty
    ``digest`` says that writing has begun and may not have ended.
    """

    digest: str
    content: str
    files: tuple[tuple[str, int], ...]


def read(data: bytes) -> dict[str, Record]:
    """Read a manifest; one that is damaged or of another version counts as empty."""
    try:
        parsed: Any = json.loads(data)
        if parsed["version"] != _VERSION:
            return {}
        return {
            path: Record(digest, content, tuple((name, size) for name, size in files))
            for path, (digest, content, files) in parsed["files"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def write(records: Mapping[str, Record]) -> bytes:
    """Write a manifest: sorted, one file a line."""
    spell = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    lines = [
        f"{spell(path)}: {spell([r.digest, r.content, r.files])}"
        for path, r in sorted(records.items())
    ]
    body = ",\n".join(lines)
    return f'{{"version": {_VERSION}, "files": {{\n{body}\n}}}}\n'.encode()
