"""Every command of the README and the guides works as it is written."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest

from publisher.cli.command import group
from tests.acceptance.house import House, sample
from tests.docs.typed import ROOT, STAYING, Typed, Written, steps, targets

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
#: Files that others have made before: a mail server's mailbox of reports, with none in it.
GIVEN = ("returned.mbox",)
#: Targets whose recipe the tests cannot run from within: what they run is said by the recipe.
WITHIN = {
    "test": "pytest",
    "check": "",
    "lint": "ruff",
    "bench": "tests.bench",
    "golden": "tests.golden",
}
TYPED = [page for page in PAGES if any(isinstance(step, Typed) for step in steps(page))]
COMMANDS = [
    pytest.param(step, id=f"{page.name}-{step.line[:60]}")
    for page in PAGES
    for step in steps(page)
    if isinstance(step, Typed)
]


def test_the_readme_tells_what_to_type() -> None:
    """The search finds the commands at all: otherwise the tests below prove nothing."""
    typed = [step for step in steps(PAGES[0]) if isinstance(step, Typed)]

    assert {"demo", "test"} <= {step.target for step in typed}
    assert sum(step.verb != "" for step in typed) >= 6
    assert "sh elsewhere" not in PAGES[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("step", COMMANDS)
def test_a_command_is_one_that_exists(
    step: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target is in the Makefile; the verb takes the arguments and options given."""
    monkeypatch.chdir(tmp_path)
    if step.target:
        assert step.target in targets()
    if step.verb:
        words = step.words[: step.words.index(">")] if ">" in step.words else step.words
        for word in words:
            if re.fullmatch(r"[\w-]+\.(csv|mbox)", word):
                Path(word).touch()
        _parsed(group(), words)


def _parsed(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Read a command line as click would, and run nothing."""
    context = command.make_context(words[0], words[1:], parent, resilient_parsing=False)
    if isinstance(command, click.Group):
        name, below, rest = command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        assert name is not None
        assert below is not None
        _parsed(below, [name, *rest], context)


@pytest.mark.slow
@pytest.mark.parametrize("page", TYPED, ids=lambda page: str(page.name))
def test_the_commands_of_a_page_work_one_after_another(page: Path, tmp_path: Path) -> None:
    """Everything the page has people write and type, in one fresh copy of the sample."""
    house = sample(tmp_path)
    _set_up(house)
    for step in steps(page):
        match step:
            case Written("config.toml", text):
                with (house.root / "config.toml").open("a", encoding="utf-8") as settings:
                    settings.write(f"\n{text}")
            case Written(path, text):
                house.write(path, text)
            case Typed() if step.target:
                _make(step.target, house)
            case Typed() if step.verb in STAYING:
                _answers(step, house)
            case Typed() if "--watch" in step.words:
                _watches(step, house)
            case Typed():
                _succeeds(step.line, house)


def _set_up(house: House) -> None:
    """Put ``publisher`` where ``make`` puts it, and on the path."""
    programs = house.root / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "activate").write_text('PATH="$PWD/.venv/bin:$PATH"\n', encoding="utf-8")
    (programs / "publisher").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m publisher "$@"\n', encoding="utf-8"
    )
    (programs / "publisher").chmod(0o755)
    with (house.root / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[web]\nport = 0\n")
    for name in GIVEN:
        house.write(name, "")
    house.environment["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"


def _succeeds(line: str, house: House) -> None:
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=house.root,
        env=house.variables(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, f"{line}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr


def _make(target: str, house: House) -> None:
    """Run what the target runs; a target that is these very tests is only looked at."""
    recipe = targets()[target]
    if target in WITHIN:
        assert WITHIN[target] in recipe
        return
    called = re.search(r"\$\(BIN\)/(publisher .*)", recipe)
    assert called is not None, f"make {target} runs no publisher: {recipe}"
    step = Typed(called[1])
    if step.verb in STAYING:
        _answers(step, house)
    else:
        _succeeds(step.line, house)


def _answers(step: Typed, house: House) -> None:
    """Start what stays, see a page come, and stop it as an operator would."""
    free = ["--port", "0"] if step.verb == "preview" else []
    process = subprocess.Popen(
        [sys.executable, "-m", *step.words, *free],
        cwd=house.root,
        env={**house.variables(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        with urllib.request.urlopen(_address(process), timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=100)
    assert process.returncode in {0, -signal.SIGTERM}, err.decode()
    assert b"Traceback" not in err, err.decode()


def _watches(step: Typed, house: House) -> None:
    """Start what looks again and again, see its first look, and stop it as an operator would."""
    process = subprocess.Popen(
        [sys.executable, "-m", *step.words],
        cwd=house.root,
        env={**house.variables(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip(), step.line
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err.decode()


def _address(process: subprocess.Popen[bytes]) -> str:
    """Wait until it says where it can be reached."""
    assert process.stdout is not None
    said, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([process.stdout], [], [], 1)[0]:
            chunk = os.read(process.stdout.fileno(), 4096)
            said += chunk
            if found := re.search(rb"http://[\w.:\[\]]+/?", said):
                return found[0].decode()
            assert chunk, f"it ended: {said.decode()}"
    raise AssertionError(f"no address in a minute: {said.decode()}")
