"""``publisher check``: everything an editor should mend, with place and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_report, print_sarif, problem_as_data
from publisher.model.problem import Severity, stops

if TYPE_CHECKING:
    from publisher.model.problem import Problem


@click.command("check", help=words("Read everything and say what to mend."))
@click.argument("episode", required=False)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.option("--sarif", "as_sarif", is_flag=True, help=words("Print SARIF 2.1.0 for code hosts."))
@click.option("--strict", is_flag=True, help=words("Count warnings as problems."))
@click.option("--files-only", is_flag=True, help=words("Check the files only; render no mail."))
@click.pass_obj
def command(
    root: str, episode: str | None, as_json: bool, as_sarif: bool, strict: bool, files_only: bool
) -> int:
    from publisher.wiring.checking import check
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.progress import progress

    newsroom = open_newsroom(root)
    with progress(words("Checking")) as advance:
        report = check(newsroom, episode, editions=not files_only, advance=advance)
    if as_sarif:
        print_sarif(report.problems)
    elif as_json:
        print_json(
            {
                "episodes": report.episodes,
                "editions": report.editions,
                "problems": [problem_as_data(problem) for problem in report.problems],
            }
        )
    else:
        print_report(report.problems, newsroom.root)
        click.echo(_summary(report.problems, report.episodes, report.editions))
    failed = stops(report.problems) or (
        strict and any(p.severity is Severity.WARNING for p in report.problems)
    )
    return 1 if failed else 0


def _summary(problems: tuple[Problem, ...], episodes: int, editions: int) -> str:
    counts = {s: sum(p.severity is s for p in problems) for s in Severity}
    return words(
        "{episodes} episodes, {editions} editions: {errors} errors, {warnings} warnings, {hints} hints.",
        episodes=episodes,
        editions=editions,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        hints=counts[Severity.HINT],
    )
