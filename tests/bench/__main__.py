"""Run every benchmark of this folder, or the ones named: ``python -m tests.bench site delivery``."""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """List the benchmarks: every module here with a ``main``."""
    helpers = {"__init__", "__main__", "publication"}
    return sorted(p.stem for p in HERE.glob("*.py") if p.stem not in helpers)


def main() -> None:
    chosen = sys.argv[1:] or names()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    for name in chosen:
        print(f"\n## {name}\n", flush=True)
        importlib.import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
