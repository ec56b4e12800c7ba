"""Netlify's ``_headers`` as its documentation reads it: a grammar, and which rules a path matches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: Names that Netlify sets by itself and takes from nobody.
ITS_OWN = frozenset(
    {
        *("accept-ranges", "age", "allow", "alt-svc", "connection", "content-encoding"),
        *("content-length", "content-range", "date", "location", "server", "set-cookie"),
        *("trailer", "transfer-encoding", "upgrade"),
    }
)
_PATH = re.compile(r"/\S*")
_HEADER = re.compile(r"[ \t]+(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?P<value>[ -~]+)")


@dataclass
class Block:
    """A path and its headers, in their order."""

    path: str
    headers: list[tuple[str, str]] = field(default_factory=list)

    def matches(self, path: str) -> bool:
        """Say whether the block is for a path: ``:name`` is one segment, ``*`` is anything."""
        pattern = ""
        for segment in self.path.split("/")[1:]:
            one = (
                "[^/]+"
                if segment.startswith(":")
                else ".*".join(map(re.escape, segment.split("*")))
            )
            pattern += f"/{one}"
        return re.fullmatch(pattern, path) is not None


def parse(text: str) -> list[Block]:
    """Read a file. Raises ValueError with the line for what the grammar does not have."""
    blocks: list[Block] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if _PATH.fullmatch(line):
            blocks.append(Block(line))
            continue
        found = _HEADER.fullmatch(line)
        if found is None or not blocks:
            raise ValueError(f"line {number}: {line!r}")
        blocks[-1].headers.append((found["name"].lower(), found["value"].rstrip()))
    return blocks


def headers_of(blocks: list[Block], path: str) -> dict[str, str]:
    """Give the headers of a path; every rule that matches adds its own, a comma between."""
    said: dict[str, str] = {}
    for block in blocks:
        if block.matches(path):
            for name, value in block.headers:
                said[name] = f"{said[name]}, {value}" if name in said else value
    return said
