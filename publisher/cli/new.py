"""``publisher new``: the next episode of a series, as a draft to write in."""

from __future__ import annotations

import click

from publisher.cli.language import spoken, words
from publisher.cli.printing import print_json


@click.command("new", help=words("Begin the next episode of a series."))
@click.argument("series")
@click.argument("title")
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, series: str, title: str, as_json: bool) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.taking_in import begin

    done = begin(open_newsroom(root), series, title, spoken())
    if as_json:
        print_json({"path": done.paths[0], "slot": done.slot.key if done.slot else None})
        return
    click.echo(done.paths[0])
    if done.slot:
        when = done.slot.shown
        click.echo(words("Next free slot: {slot}", slot=when))
