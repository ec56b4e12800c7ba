"""``publisher cancel``: end a release, or let a held episode take the next slot."""

from __future__ import annotations

import click

from publisher.cli.language import words


@click.command(
    "cancel",
    help=words("End a release for good, or let a held episode take the next slot."),
)
@click.argument("release")
@click.option("--yes", is_flag=True, help=words("Do not ask."))
@click.pass_obj
def command(root: str, release: str, yes: bool) -> int:
    from publisher.delivery import steering
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.steering import ledger_of, release_named, split

    newsroom = open_newsroom(root)
    now = newsroom.clock()
    series, number = split(release)
    if steering.give_up_slot(ledger_of(newsroom), series, number, now):
        click.echo(words("{release} takes the next free slot.", release=f"{series}/{number:02d}"))
        return 0
    ledger, found = release_named(newsroom, release)
    question = words("Mail nobody else {release}? This cannot be undone.", release=found.name)
    if not yes and not click.confirm(question):
        return 0
    count = steering.cancel(ledger, found, now)
    click.echo(
        words(
            "{release} is cancelled; {count} readers were not mailed.",
            release=found.name,
            count=count,
        )
    )
    return 0
