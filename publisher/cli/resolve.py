"""``publisher resolve``: decide about mails whose answer was lost."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json


@click.command("resolve", help=words("Decide about the mails of a release whose answer was lost."))
@click.argument("release")
@click.option(
    "--resend",
    "how",
    flag_value="resend",
    help=words("Send them again: some readers may have two."),
)
@click.option(
    "--assume-sent",
    "how",
    flag_value="sent",
    help=words("Take them as sent: some readers may have none."),
)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, release: str, how: str | None, as_json: bool) -> int:
    from publisher.delivery import steering
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.steering import release_named

    if how is None:
        raise click.UsageError(words("Choose one of --resend and --assume-sent."))
    newsroom = open_newsroom(root)
    ledger, found = release_named(newsroom, release)
    count = steering.resolve(ledger, found, newsroom.clock(), resend=how == "resend")
    if as_json:
        print_json({"release": found.name, "resolved": count, "as": how})
    elif how == "resend":
        click.echo(words("{count} mails are sent again by “publisher run”.", count=count))
    else:
        click.echo(words("{count} mails are taken as sent.", count=count))
    return 0
