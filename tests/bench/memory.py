"""A thousand episodes in new processes: from nothing, unchanged, and after one changed episode.

CPU seconds of whole commands, beside a process that only loads the program; the ratios say how
much of the work from nothing is left. Every episode is taken as not yet out.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.publication import write

ROOT = Path(__file__).parents[2]
EPISODES, RUNS = 1_000, 5
#: Before the first episode, so that all of them are still to come.
CLOCK = "2005-01-01T00:00:00+09:00"
LOADING = "import publisher.wiring.building, publisher.wiring.checking, publisher.press.press"


def spent(*words: str) -> float:
    """Run Python on these words; give the CPU seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PUBLISHER_CLOCK": CLOCK}
    command = [sys.executable, *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n덧붙임이다.\n", encoding="utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = write(Path(temporary) / "publication", EPISODES)
        loading = statistics.median(spent("-c", LOADING) for _ in range(RUNS))
        print(f"loading the program                       {loading:7.2f} s")
        middle = sorted((root / "episodes/slow").glob("*.md"))[EPISODES // 2]
        out = str(Path(temporary) / "site")
        for name, words in (
            ("check --files-only", ("check", "--files-only")),
            ("check", ("check",)),
            ("build", ("build", "--as-if", "--out", out)),
        ):
            command = ("-m", "publisher", "-C", str(root), *words)
            for drawer in (root / "data/cache").glob("**/*"):
                if drawer.is_file():
                    drawer.unlink()
            nothing = spent(*command)
            told(f"{name}, from nothing", nothing, nothing, loading)
            unchanged = statistics.median(spent(*command) for _ in range(RUNS))
            told(f"{name}, unchanged", unchanged, nothing, loading)
            spans = []
            for _ in range(RUNS):
                change(middle)
                spans.append(spent(*command))
            told(f"{name}, one episode changed", statistics.median(spans), nothing, loading)


def told(name: str, span: float, nothing: float, loading: float) -> None:
    print(
        f"{name:<40}  {span:7.2f} s   {span / loading:6.1f} x loading"
        f"   {span / nothing:6.1%} of from nothing",
        flush=True,
    )


if __name__ == "__main__":
    main()
