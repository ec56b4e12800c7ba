"""``publisher check``: everything to mend in a publication, or in any final message."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_report, print_sarif, problems_as_data
from publisher.model.problem import Problem, Severity, stops


@click.command("check", help=words("Read everything and say what to mend."))
@click.argument("what", metavar="[EPISODE | FILE.eml ...]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.option("--sarif", "as_sarif", is_flag=True, help=words("Print SARIF 2.1.0 for code hosts."))
@click.option("--strict", is_flag=True, help=words("Count warnings as problems."))
@click.option("--files-only", is_flag=True, help=words("Check the files only; render no mail."))
@click.pass_obj
def command(
    root: str, what: tuple[str, ...], as_json: bool, as_sarif: bool, strict: bool, files_only: bool
) -> int:
    from publisher.wiring.letters import is_letter

    if what and all(map(is_letter, what)):
        found = _letters(what)
    elif len(what) < 2:
        found = _publication(root, what[0] if what else None, not files_only)
    else:
        raise click.UsageError(
            words("Name one episode, or any number of files that end in .eml, not both.")
        )
    if as_sarif:
        print_sarif(found.problems)
    elif as_json:
        counts = {**found.counts, **_by_severity(found.problems)}
        print_json({**counts, "problems": problems_as_data(found.problems)})
    else:
        print_report(found.problems, found.root)
        click.echo(found.summary)
    failed = stops(found.problems) or (
        strict and any(p.severity is Severity.WARNING for p in found.problems)
    )
    return 1 if failed else 0


class _Found(NamedTuple):
    """What was found, in how much, and the sentence that sums it up."""

    problems: tuple[Problem, ...]
    counts: dict[str, int]
    summary: str
    root: Path


def _publication(root: str, episode: str | None, editions: bool) -> _Found:
    from publisher.wiring.checking import check
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.progress import progress

    newsroom = open_newsroom(root)
    with progress(words("Checking")) as advance:
        report = check(newsroom, episode, editions=editions, advance=advance)
    counts = {"episodes": report.episodes, "editions": report.editions}
    summary = words(
        "{episodes} episodes, {editions} editions: {errors} errors, {warnings} warnings, {hints} hints.",
        **counts,
        **_by_severity(report.problems),
    )
    return _Found(report.problems, counts, summary, newsroom.root)


def _letters(names: tuple[str, ...]) -> _Found:
    from publisher.wiring.letters import check_letters

    problems = check_letters(names)
    summary = words(
        "{letters} letters: {errors} errors, {warnings} warnings, {hints} hints.",
        letters=len(names),
        **_by_severity(problems),
    )
    return _Found(problems, {"letters": len(names)}, summary, Path())


def _by_severity(problems: tuple[Problem, ...]) -> dict[str, int]:
    counts = {s: sum(p.severity is s for p in problems) for s in Severity}
    return {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "hints": counts[Severity.HINT],
    }
