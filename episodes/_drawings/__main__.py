# ruff: noqa: INP001 — a script beside the letters, not a part of the package
"""Draw every picture of the sample publication again: `python episodes/_drawings`."""

from __future__ import annotations

import sys
from pathlib import Path

from covers import COVERS
from plots import PLOTS
from portraits import PORTRAITS

if __name__ == "__main__":
    episodes = Path(__file__).resolve().parent.parent
    wanted = sys.argv[1:]
    for name, draw in sorted({**COVERS, **PLOTS, **PORTRAITS}.items()):
        if not wanted or any(word in name for word in wanted):
            draw().save(episodes / name)
            print(f"{name}: {(episodes / name).stat().st_size:,} bytes")
