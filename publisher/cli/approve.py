"""``publisher approve``: a person's word that an episode may go out as it stands."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_problems


@click.command("approve", help=words("Approve an episode as it stands; any later change voids it."))
@click.argument("episode")
@click.option("--by", required=True, metavar="NAME", help=words("Who approves it."))
@click.pass_obj
def command(root: str, episode: str, by: str) -> None:
    from publisher.wiring.approving import approve
    from publisher.wiring.newsroom import open_newsroom

    done = approve(open_newsroom(root), episode, by)
    print_problems(done.problems)
    click.echo(
        words("{episode} is approved by {name}.", episode=done.episode.name, name=by)
        + f"\n{done.digest}"
    )
