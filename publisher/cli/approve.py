"""``publisher approve``: a person's word that an episode may go out as it stands."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_problems, problems_as_data


@click.command("approve", help=words("Approve an episode as it stands; any later change voids it."))
@click.argument("episode")
@click.option("--by", required=True, metavar="NAME", help=words("Who approves it."))
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, episode: str, by: str, as_json: bool) -> None:
    from publisher.wiring.approving import approve
    from publisher.wiring.newsroom import open_newsroom

    done = approve(open_newsroom(root), episode, by)
    if as_json:
        print_json(
            {
                "episode": done.episode.name,
                "by": by,
                "digest": done.digest,
                "problems": problems_as_data(done.problems),
            }
        )
        return
    print_problems(done.problems)
    click.echo(
        words("{episode} is approved by {name}.", episode=done.episode.name, name=by)
        + f"\n{done.digest}"
    )
