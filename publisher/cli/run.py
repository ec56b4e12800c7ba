"""``publisher run``: schedule, delivery and front door in one process."""

from __future__ import annotations

import logging

import click

from publisher.cli.language import words


@click.command(
    "run", help=words("Run the schedule, the delivery and the front door until stopped.")
)
@click.option(
    "--without-web",
    is_flag=True,
    help=words("Leave the front door and the website to another process."),
)
@click.option("--verbose", is_flag=True, help=words("Say more of what is done."))
@click.pass_obj
def command(root: str, without_web: bool, verbose: bool) -> int:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.running import run

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(message)s",
    )
    # APScheduler tells of every wake; that is ours to tell, where it matters.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    wound_up = run(open_newsroom(root), click.echo, web=not without_web)
    if not wound_up:
        click.echo(
            words("Some answers were still awaited; the next start takes them up."), err=True
        )
        return 3
    return 0
