"""A publication on disk for tests: files by name, scanned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from publisher.model.episode import Episode
from publisher.source import Reader, Scan, scan

SERIES = """\
title = "AI"

[cadence]
weekday = "fri"
at = "17:00"
"""
EPISODE = """\
---
title: 제목
status: ready
---
본문
"""


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Put files below ``episodes/ai``; a name that begins with / is below the root."""
    for name, content in files.items():
        path = root / name[1:] if name.startswith("/") else root / "episodes" / "ai" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def read(root: Path, reader: Reader | None = None, blocks: tuple[str, ...] = ()) -> Scan:
    """Scan a publication in Seoul."""
    return scan(root, Path("episodes"), timezone="Asia/Seoul", reader=reader, blocks=blocks)


def publication(root: Path, files: Mapping[str, str | bytes]) -> Scan:
    """Write a series with these files and scan it."""
    write(root, {"series.toml": SERIES, **files})
    return read(root)


def only(found: Scan) -> Episode:
    """Give the one episode of a scan."""
    (episode,) = found.episodes
    return episode


def told(found: Scan) -> list[str]:
    """List the problems as ``name:line:column code``, without the folder."""
    return [
        f"{str(problem.place).removeprefix('episodes/ai/')} {problem.code}"
        for problem in found.problems
    ]
