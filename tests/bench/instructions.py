"""What a mail costs whatever the hour: instructions under Valgrind, and calls of the kernel under strace.

Seconds of a processor that others share lie; these do not. A run of so many mails is taken from one of
twice as many, so that starting Python counts for nothing. The kernel's own work is in neither.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from publisher import store
from tests.bench.delivery import OURS, SINKS, sink, tool
from tests.delivery.house import House, readers

MAILS = 2_000
VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
STRACE = ("strace", "-f", "-c", "-qq", "-U", "calls,name")


def run(before: tuple[str, ...], folder: Path, port: int, count: int) -> str:
    """Release to a new list of so many readers in a process watched so; give what the watcher said."""
    url = f"sqlite:///{folder}/{before[0]}-{count}.sqlite3"
    database = store.open(url)
    House(database, lambda: None).subscribe(readers(count))  # type: ignore[arg-type, return-value]  # nothing is sent here
    database.close()
    ours = [sys.executable, "-c", OURS, url, str(port), str(count), "plain"]
    done = subprocess.run(
        [*before, *ours],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return done.stderr


def instructions(said: str) -> int:
    found = re.search(r"I\s+refs:\s+([\d,]+)", said)
    if found is None:
        raise RuntimeError(said)
    return int(found.group(1).replace(",", ""))


def calls(said: str) -> Counter[str]:
    return Counter(
        {name: int(n) for n, name in re.findall(r"^\s*(\d+) (\w+)$", said, re.MULTILINE)}
    )


def main() -> None:
    """Print both."""
    if not tool(SINKS):
        print("skipped: smtp-sink is missing (`apt-get install postfix`)")
        return
    with sink() as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if shutil.which(VALGRIND[0]):
            few, many = (instructions(run(VALGRIND, folder, port, n)) for n in (MAILS, 2 * MAILS))
            print(f"instructions a mail: {(many - few) / MAILS:,.0f}", flush=True)
        else:
            print("no instructions: `apt-get install valgrind`")
        if shutil.which(STRACE[0]):
            few_, many_ = (calls(run(STRACE, folder, port, n)) for n in (MAILS, 2 * MAILS))
            many_.subtract(few_)
            many_.pop("total", None)
            print(f"kernel calls a mail: {many_.total() / MAILS:.2f}")
            for call, count in many_.most_common(12):
                print(f"  {call} {count / MAILS:.3f}")
        else:
            print("no kernel calls: `apt-get install strace`")
