"""What the check costs: 1,000 episodes of 6,000 characters, from nothing, unchanged, and the gate.

Printed beside the reading of the same files, in CPU seconds of the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from publisher.lint import Reading, check
from publisher.lint.gate import Gate, searched
from publisher.lint.secret import open_words, secrets
from publisher.lint.unwrap import Artefact
from publisher.model.calendar import coming
from publisher.model.problem import Problem
from publisher.model.publication import Publication, Sender
from publisher.source import Scan, scan
from tests.bench.publication import write

EPISODES = 1000
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SLOW = Publication("느린 신호", "https://slow.kr", "Asia/Seoul", "ko", Sender("느린", "a@slow.kr"))
Result = TypeVar("Result")


def timed(name: str, work: Callable[[], Result]) -> Result:
    begin = time.process_time()
    result = work()
    print(f"{name:<52} {time.process_time() - begin:7.3f} s")
    return result


def reading(files: Scan) -> Reading:
    """Lay out everything anew: nothing that an earlier reading worked out is kept."""
    calendar = tuple(
        entry
        for series in files.series
        for entry in islice(coming(series, files.episodes, (), NOW, NOW), EPISODES + 2)
    )
    return Reading(SLOW, files.series, files.episodes, NOW, calendar)


def pages(files: Scan) -> list[Artefact]:
    found = []
    for episode in files.episodes:
        body = "".join(f"<p>{words}</p>" for words in open_words(episode).split("\0"))
        found.append(Artefact(f"{episode.number}.html", f"<html>{body}</html>".encode()))
    return found


def main() -> None:
    with TemporaryDirectory() as folder:
        root = write(Path(folder), EPISODES)
        files = timed(
            f"reading {EPISODES} files",
            lambda: scan(root, Path("episodes"), timezone="Asia/Seoul"),
        )
    memory: dict[str, tuple[Problem, ...]] = {}
    timed("every rule over them, from nothing", lambda: check(reading(files), memory))
    timed("every rule over them, unchanged", lambda: check(reading(files), memory))
    behind = timed("gathering what only members may read", lambda: [
        secret for episode in files.episodes for secret in secrets(episode)
    ])  # fmt: skip
    gate = Gate(behind, map(open_words, files.episodes))
    free = pages(files)
    size = sum(len(page.data) for page in free) / 1e6
    timed(
        f"searching {len(free)} pages ({size:.0f} MB) for {len(behind)} secrets",
        lambda: [list(searched(gate, page)) for page in free],
    )


if __name__ == "__main__":
    main()
