"""``publisher resume``: go on with a paused release."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json


@click.command("resume", help=words("Go on with a release that is paused."))
@click.argument("release")
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, release: str, as_json: bool) -> int:
    from publisher.delivery import steering
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.steering import release_named

    newsroom = open_newsroom(root)
    ledger, found = release_named(newsroom, release)
    steering.resume(ledger, found, newsroom.clock())
    if as_json:
        print_json({"release": found.name, "state": "open"})
        return 0
    click.echo(
        words("{release} is open again; “publisher run” sends the rest.", release=found.name)
    )
    return 0
