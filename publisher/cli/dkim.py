"""``publisher dkim new``: a key of our own, and the DNS record that makes it known."""

from __future__ import annotations

import click

from publisher.cli.language import words


@click.group("dkim", help=words("Sign mails with a key of our own."))
def command() -> None:
    """Hold the verbs of signing together."""


@command.command("new", help=words("Make a key and print the DNS record that makes it known."))
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--selector",
    default="publisher",
    show_default=True,
    help=words("Name of the key under the domain."),
)
@click.option("--domain", default="", help=words("Domain that signs. Default: the sender’s."))
@click.pass_obj
def new(root: str, file: str, selector: str, domain: str) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.signing import new_key_file

    newsroom = open_newsroom(root)
    made = new_key_file(
        newsroom.path(file), domain or _domain_of(newsroom.publication.sender.address), selector
    )
    click.echo(words("The key is in {file}. Keep it secret and out of version control.", file=file))
    click.echo(words("Put this TXT record into the DNS:"))
    click.echo(f"\n{made.name} IN TXT ( {_quoted(made.record)} )\n")
    click.echo(words("And this into config.toml:"))
    click.echo(
        f'\n[dkim]\ndomain = "{made.domain}"\nselector = "{made.selector}"\nkey_file = "{file}"'
    )


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def _quoted(record: str) -> str:
    """Cut a record into strings of at most 255 octets (RFC 1035, 3.3)."""
    return " ".join(f'"{record[at : at + 255]}"' for at in range(0, len(record), 255))
