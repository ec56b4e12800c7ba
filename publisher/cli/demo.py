"""``publisher demo``: one Friday of the sample publication, on this machine only."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli.language import words
from publisher.cli.printing import print_problems, print_table
from publisher.cli.status import state_word
from publisher.model.episode import Audience
from publisher.model.problem import stops


@click.command(
    "demo", help=words("Play one Friday with the sample publication, on this machine only.")
)
@click.option(
    "--out", default="demo", show_default=True, metavar="DIR", help=words("Folder to play in.")
)
def command(out: str) -> int:
    from publisher.wiring.demo import FRIDAY, play

    folder = Path(out)
    played = play(folder)
    print_problems(p for p in played.problems if stops((p,)))
    sent = " · ".join(
        f"{state_word(state)} {count}" for state, count in sorted(played.counts.items()) if count
    )
    caught = sum(played.caught.values())
    rows = [
        (words("checked"), words("{episodes} episodes, {editions} editions", episodes=played.checked.episodes, editions=played.checked.editions), "publisher check"),
        (words("released"), f"{played.release.name} {played.release.title}", FRIDAY.shown),
        (words("delivered"), sent, words("over SMTP on loopback")),
        (words("arrived"), words("{count} mails: {free} free, {members} members", count=caught, free=played.caught[Audience.FREE], members=played.caught[Audience.MEMBERS]), f"{folder / 'mails'}"),
        (words("rehearsed"), words("mail, page and feed of both editions"), f"{folder / 'out'}"),
        (words("website"), words("{episodes} episodes on {pages} pages, feeds", episodes=played.episodes, pages=played.pages), f"{folder / 'public' / 'index.html'}"),
    ]  # fmt: skip
    print_table([words("what"), words("how much"), words("where")], rows)
    return 0
