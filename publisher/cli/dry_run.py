"""``publisher dry-run``: all that the next releases would produce, and nothing sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_problems, print_table
from publisher.model.problem import stops


@click.command("dry-run", help=words("Produce all that the next release would, and send nothing."))
@click.argument("episode", required=False)
@click.option(
    "--out", default="out", show_default=True, metavar="DIR", help=words("Folder to write to.")
)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, episode: str | None, out: str, as_json: bool) -> int:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.progress import progress
    from publisher.wiring.rehearsal import as_data, rehearse, sizes

    newsroom = open_newsroom(root)
    with progress(words("Rehearsing")) as advance:
        runs = rehearse(newsroom, episode, Path(out), advance)
    # A series that cannot be read has no release to show; without a word it would seem to have none.
    unread = () if episode else newsroom.press.unread(newsroom.table())
    print_problems(unread)
    if as_json:
        print_json([as_data(run, newsroom) for run in runs])
    else:
        print_table(
            [
                words("episode"),
                words("slot"),
                words("state"),
                words("free"),
                words("members"),
                words("octets"),
            ],
            (
                [
                    run.name,
                    f"{run.slot.local:%Y-%m-%d %H:%M}",
                    run.standing,
                    _count(run.recipients, "free"),
                    _count(run.recipients, "members"),
                    " / ".join(f"{sizes(e, run.slot)['mail']:,}" for e in run.proof.editions)
                    or "—",
                ]
                for run in runs
            ),
        )
        for run in runs:
            print_problems(run.problems)
        click.echo(words("Written to {folder}. Nothing was sent.", folder=str(Path(out))))
        # The page alone has neither style nor pictures: those lie with the website.
        click.echo(words("See it as readers will: publisher preview"))
    return 1 if unread or any(stops(run.problems) for run in runs) else 0


def _count(recipients: Mapping[str, int] | None, audience: str) -> str:
    return "?" if recipients is None else str(recipients.get(audience, 0))
