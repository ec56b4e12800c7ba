"""How long a thousand episodes of 6,000 characters take to read: from nothing, and again."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from publisher.source import Reader, Scan, scan
from tests.bench.publication import write

EPISODES = 1_000


def timed(name: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    print(f"{name:<44} {(time.perf_counter() - began) * 1000:>9,.1f} ms", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), EPISODES)
        reader = Reader()
        found: list[Scan] = []

        def read() -> None:
            found[:] = [scan(root, Path("episodes"), timezone="Asia/Seoul", reader=reader)]

        timed(f"scan of {EPISODES:,} episodes, from nothing", read)
        timed("scan again, nothing changed", read)
        episode = sorted((root / "episodes/slow").glob("*.md"))[EPISODES // 2]
        episode.write_text(episode.read_text("utf-8") + "\n덧붙임\n", encoding="utf-8")
        timed("scan again, one episode changed", read)
        stored = pickle.dumps(found[0], protocol=5)
        timed(f"pickling all of it, {len(stored) / 1e6:.0f} MB", lambda: pickle.dumps(found[0], 5))
        timed("and back", lambda: pickle.loads(stored))
