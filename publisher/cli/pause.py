"""``publisher pause``: let no more mail of a release leave."""

from __future__ import annotations

import click

from publisher.cli.language import words


@click.command("pause", help=words("Let no more mail of a release leave, until it is resumed."))
@click.argument("release")
@click.pass_obj
def command(root: str, release: str) -> int:
    from publisher.delivery import steering
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.steering import release_named

    newsroom = open_newsroom(root)
    ledger, found = release_named(newsroom, release)
    steering.pause(ledger, found, newsroom.clock())
    click.echo(
        words("{release} is paused. Go on with: publisher resume {release}", release=found.name)
    )
    return 0
