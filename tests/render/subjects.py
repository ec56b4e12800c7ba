"""Korean subjects by the thousand, and what a Python makes of them: run as a program, it prints JSON.

Runs on any Python from 3.11 on with the header module alone: nothing of the project's
environment is needed, so every interpreter of the machine can be asked.
"""

from __future__ import annotations

import json
import random
import runpy
import sys

WORDS = (
    *("인공지능이", "우리를", "구하지", "않는다", "중국에도", "AI가", "있다", "(광고)", "1화", "·"),
    *("<기생충>", "“따옴표”", "‘말’", "GPT-5", "半導體", "전력", "그리고", "100%", "=?utf-8?q?x?=", "=?"),
    *("🙂", "👩‍🚀", "한글메일.한국", "A", "ㅋㅋㅋ", "각", "—", "…", "?=", "x" * 90, "가" * 90),
)  # fmt: skip


def subjects(count: int, seed: int = 2047) -> list[str]:
    """Make subjects of one to forty words, spaces single and double, always the same."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        words = [chance.choice(WORDS) for _ in range(chance.randint(1, 40))]
        made.append("".join(w + chance.choice((" ", " ", " ", "  ", "")) for w in words).strip())
    return made


def main(module: str, count: str) -> None:
    """Write each subject as a field by the module at a path."""
    write = runpy.run_path(module)["text"]
    rows = [(s, write("Subject", s).decode("ascii")) for s in subjects(int(count))]
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
