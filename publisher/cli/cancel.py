"""``publisher cancel``: end a release, or let a held episode take the next slot."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json


@click.command(
    "cancel",
    help=words("End a release for good, or let a held episode take the next slot."),
)
@click.argument("release")
@click.option("--yes", is_flag=True, help=words("Do not ask."))
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, release: str, yes: bool, as_json: bool) -> int:
    from publisher.delivery import steering
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.steering import ledger_of, release_named, split

    newsroom = open_newsroom(root)
    now = newsroom.clock()
    series, number = split(release)
    if steering.give_up_slot(ledger_of(newsroom), series, number, now):
        name = f"{series}/{number:02d}"
        if as_json:
            print_json({"release": name, "state": "waiting", "withheld": 0})
        else:
            click.echo(words("{release} takes the next free slot.", release=name))
        return 0
    ledger, found = release_named(newsroom, release)
    question = words("Mail nobody else {release}? This cannot be undone.", release=found.name)
    if not yes and not click.confirm(question, err=as_json):
        return 0
    count = steering.cancel(ledger, found, now)
    if as_json:
        print_json({"release": found.name, "state": "cancelled", "withheld": count})
        return 0
    click.echo(
        words(
            "{release} is cancelled; {count} readers were not mailed.",
            release=found.name,
            count=count,
        )
    )
    return 0
