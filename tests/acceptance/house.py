"""One publication on disk and the command that works on it, as a newcomer would use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command did: exit code, and what it printed on either stream."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Read what ``--json`` printed."""
        return json.loads(self.out)


@dataclass
class House:
    """A publication in a folder of its own. ``clock`` is the instant its commands see."""

    root: Path
    clock: str = "2026-11-21T12:00:00+09:00"
    language: str = "en"
    environment: dict[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """Give the environment of its commands: nothing of this machine's but what Python needs."""
        kept = {
            k: v
            for k, v in os.environ.items()
            if k in {"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"}
        }
        return {
            **kept,
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONWARNINGS": "error",
            "LANG": f"{self.language}_XX.UTF-8",
            "PUBLISHER_CLOCK": self.clock,
            **self.environment,
        }

    def run(self, *arguments: str, cwd: Path | None = None, timeout: float = 120) -> Ran:
        """Run one command line on the publication."""
        done = subprocess.run(
            [sys.executable, "-m", "publisher", "-C", str(self.root), *arguments],
            cwd=cwd or self.root,
            env=self.variables(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def fine(self, *arguments: str) -> Ran:
        """Run a command that must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, f"{arguments}: {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    def write(self, path: str, text: str) -> Path:
        """Write a file of the publication."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


def sample(folder: Path) -> House:
    """Copy the sample publication, Korean file names, spaces and all."""
    root = folder / "느린 신호"
    root.mkdir(parents=True)
    shutil.copy(REPOSITORY / "config.toml", root)
    shutil.copytree(REPOSITORY / "episodes", root / "episodes")
    return House(root)
