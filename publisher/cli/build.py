"""``publisher build``: the website and the feeds of all that is published."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_problems, problems_as_data
from publisher.model.problem import stops


@click.command("build", help=words("Write the website and the feeds."))
@click.option(
    "--out",
    default=None,
    metavar="DIR",
    help=words("Folder to write to. Default: the one in config.toml."),
)
@click.option(
    "--as-if",
    is_flag=True,
    help=words(
        "As if every ready episode were out already: a look ahead, into a folder of its own."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, out: str | None, as_if: bool, as_json: bool) -> int:
    from publisher.wiring.building import build
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.progress import progress

    newsroom = open_newsroom(root)
    with progress(words("Building")) as advance:
        built = build(newsroom, Path(out) if out else None, as_if=as_if, advance=advance)
    if as_json:
        print_json(
            {
                "folder": str(built.folder),
                "episodes": built.episodes,
                "written": list(built.report.written),
                "removed": list(built.report.removed),
                "kept": built.report.kept,
                "problems": problems_as_data(built.problems),
            }
        )
    else:
        print_problems(built.problems)
        click.echo(
            words(
                "{folder}: {episodes} episodes; {written} files written, {kept} as they were, {removed} removed.",
                folder=str(built.folder),
                episodes=built.episodes,
                written=len(built.report.written),
                kept=built.report.kept,
                removed=len(built.report.removed),
            )
        )
    return 1 if stops(built.problems) else 0
