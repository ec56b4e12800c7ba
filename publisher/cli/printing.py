"""How problems and tables look in a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from publisher.cli.language import spoken, words
from publisher.model.problem import Place, Problem, Severity
from publisher.translation import message_of, remedy_of

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}


def severity_word(severity: Severity) -> str:
    """Name a severity for people."""
    match severity:
        case Severity.ERROR:
            return words("error")
        case Severity.WARNING:
            return words("warning")
        case Severity.HINT:
            return words("hint")


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems to standard error: place, code, message, and the remedy below."""
    from publisher.lint.crowd import bounded

    for problem in bounded(problems):
        label = click.style(
            severity_word(problem.severity), fg=_COLOURS[problem.severity], bold=True
        )
        place = f"{problem.place}: " if problem.place.path else ""
        click.echo(f"{place}{label} {problem.code}: {message_of(problem, spoken())}", err=True)
        remedy = remedy_of(problem, spoken())
        if remedy:
            click.echo(f"  → {remedy}", err=True)


def problems_as_data(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Give problems as scripts read them, of one kind in one file the first and how many more."""
    from publisher.lint.crowd import bounded

    return [_as_data(problem) for problem in bounded(problems)]


def _as_data(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": str(problem.severity),
        "code": problem.code,
        "message": message_of(problem, spoken()),
        "remedy": remedy_of(problem, spoken()),
    }


def print_json(value: object) -> None:
    """Print a value as JSON, Hangul as Hangul."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False))


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a plain table whose columns line up for Hangul too."""
    from rich.cells import cell_len

    table = [list(head), *[list(row) for row in rows]]
    widths = [max(cell_len(row[n]) for row in table) for n in range(len(head))]
    for number, row in enumerate(table):
        padded = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        line = "  ".join(padded).rstrip()
        click.echo(click.style(line, bold=True) if number == 0 else line)


def print_report(problems: Sequence[Problem], root: Path) -> None:
    """Print problems to standard output as an editor reads them: excerpt, caret and remedy."""
    from publisher.lint.crowd import bounded

    texts: dict[str, str] = {}
    for problem in bounded(problems):
        label = click.style(
            severity_word(problem.severity), fg=_COLOURS[problem.severity], bold=True
        )
        click.echo(f"{problem.place}: {label} {problem.code}: {message_of(problem, spoken())}")
        if shown := _excerpt(problem.place, root, texts):
            click.echo(shown)
        remedy = remedy_of(problem, spoken())
        if remedy:
            click.echo(f"  → {remedy}")
        click.echo()


def _excerpt(place: Place, root: Path, texts: dict[str, str]) -> str:
    """Draw the line that a problem speaks of; nothing where it is in no file of the publication."""
    from publisher.files.names import on_disk
    from publisher.files.text import read
    from publisher.lint.excerpt import excerpt

    if not place.line:
        return ""
    if place.path not in texts:
        path = on_disk(root, place.path)
        found = read(path, root) if path.is_file() else ""
        texts[place.path] = found if isinstance(found, str) else ""
    return excerpt(texts[place.path], place.line, place.column)


def print_sarif(problems: Iterable[Problem]) -> None:
    """Print problems as a SARIF log, in the language of the command."""
    from publisher import __version__
    from publisher.lint.crowd import bounded
    from publisher.lint.sarif import sarif

    log = sarif(
        bounded(problems),
        version=__version__,
        message=lambda problem: message_of(problem, spoken()),
        remedy=lambda problem: remedy_of(problem, spoken()),
    )
    print_json(log)
