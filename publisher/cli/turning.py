"""The verbs that turn one release from one state into another, and say so."""

from __future__ import annotations

from collections.abc import Callable

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json
from publisher.model.release import ReleaseState


def turning(
    verb: str, about: str, after: ReleaseState, said: Callable[[str], str]
) -> click.Command:
    """Make such a verb of ``delivery.steering``. ``said`` words what the named release is now."""

    @click.command(verb, help=about)
    @click.argument("release")
    @click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
    @click.pass_obj
    def command(root: str, release: str, as_json: bool) -> int:
        from publisher.delivery import steering
        from publisher.wiring.newsroom import open_newsroom
        from publisher.wiring.steering import release_named

        newsroom = open_newsroom(root)
        ledger, found = release_named(newsroom, release)
        turn = steering.pause if after is ReleaseState.PAUSED else steering.resume
        turn(ledger, found, newsroom.clock())
        if as_json:
            print_json({"release": found.name, "state": str(after)})
        else:
            click.echo(said(found.name))
        return 0

    return command
