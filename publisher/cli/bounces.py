"""``publisher bounces ingest``: take in bounces and complaints."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json


@click.group("bounces", help=words("Take in bounces and complaints."))
def command() -> None:
    pass


@command.command(
    "ingest",
    help=words("Read a Maildir, an mbox file, or with “-” one mail on the standard input."),
)
@click.argument("source", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def ingest(root: str, source: Path, as_json: bool) -> int:
    from publisher.transport.letterbox import take_maildir, take_mbox, take_pipe
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.returns import intake_of

    newsroom = open_newsroom(root)
    intake = intake_of(newsroom)
    counts: Counter[str] = Counter()

    def take(raw: bytes) -> None:
        received = intake.receive(raw, newsroom.clock())
        counts["ours" if received.ours else "others"] += 1
        counts["suppressed"] += received.suppressed

    if str(source) == "-":
        take_pipe(sys.stdin.buffer, take)
    elif source.is_dir():
        take_maildir(source, take)
    else:
        take_mbox(source, take)
    if as_json:
        print_json({name: counts[name] for name in ("ours", "suppressed", "others")})
        return 0
    click.echo(
        words(
            "{ours} reports taken in, {suppressed} readers are mailed no more; {others} were not about our mail.",
            ours=counts["ours"],
            suppressed=counts["suppressed"],
            others=counts["others"],
        )
    )
    return 0
