"""``publisher init``: a new publication in an empty folder."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli.language import words


@click.command("init", help=words("Make a new publication in an empty folder."))
@click.argument("folder", metavar="DIR")
def command(folder: str) -> None:
    import shlex

    from publisher.wiring.starting import start

    written = start(Path(folder))
    for path in written:
        click.echo(f"  {path.as_posix()}")
    click.echo(
        words(
            "A publication to begin with. Next: publisher -C {folder} check",
            folder=shlex.quote(folder),
        )
    )
