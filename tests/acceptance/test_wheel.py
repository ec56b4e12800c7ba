"""The built wheel works in an empty environment, far from the checkout."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.acceptance.house import REPOSITORY


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed, without this process's own Python around it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_wheel_brings_templates_migrations_starter_and_sample(tmp_path: Path) -> None:
    if not (REPOSITORY / "README.md").exists():
        pytest.skip("a wheel describes itself by README.md, which is not here")
    built = tmp_path / "dist"
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built, cwd=REPOSITORY)
    (wheel,) = built.glob("publisher-*.whl")
    home = tmp_path / "빈 환경"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pins = REPOSITORY / "constraints" / "run.txt"
    run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", pins, cwd=tmp_path)
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    publisher = home / "bin" / "publisher"

    assert "publisher" in run(publisher, "--version", cwd=tmp_path)
    run(publisher, "init", "새 매체", cwd=tmp_path)
    run(publisher, "-C", "새 매체", "check", cwd=tmp_path)
    run(publisher, "-C", "새 매체", "subscribers", "add", "a@reader.example", cwd=tmp_path)
    told = run(publisher, "--lang", "ko", "demo", "--out", "놀이", cwd=tmp_path)
    assert "보냄 41" in told
    assert len(list((tmp_path / "놀이" / "mails").glob("*.eml"))) == 41
