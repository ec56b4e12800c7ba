"""``publisher schema``: what an editor's program needs to check a file while it is written."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json


@click.command(
    "schema", help=words("Print the JSON Schema of an episode, a series or the settings.")
)
@click.argument("what", type=click.Choice(["episode", "series", "config"]))
def command(what: str) -> None:
    match what:
        case "config":
            from publisher import config

            print_json(config.schema())
        case "series":
            from publisher.source import schema

            print_json(schema.series())
        case _:
            from publisher.source import schema

            print_json(schema.episode())
