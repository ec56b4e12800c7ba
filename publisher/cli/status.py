"""``publisher status``: releases, deliveries, and what needs a person."""

from __future__ import annotations

import click

from publisher.cli.language import spoken, words
from publisher.cli.plan import standing_word
from publisher.cli.printing import print_json, print_table
from publisher.model.delivery import DeliveryState


@click.command("status", help=words("Show releases, deliveries and what needs a person."))
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, as_json: bool) -> int:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.standing import standing

    found = standing(open_newsroom(root), spoken())
    if as_json:
        print_json(found.as_data())
        return 0
    if not found.releases:
        click.echo(words("Nothing has been released yet."))
    else:
        states = [
            state for state in DeliveryState if any(r.counts.get(state) for r in found.releases)
        ]
        print_table(
            [words("release"), words("slot"), words("state"), *(state_word(s) for s in states)],
            (
                [
                    f"{r.release.name} {r.release.title}",
                    f"{r.release.slot.local:%Y-%m-%d %H:%M}",
                    release_word(str(r.release.state)),
                    *(str(r.counts.get(state, 0)) for state in states),
                ]
                for r in found.releases
            ),
        )
    for line in found.held:
        click.echo(
            f"{standing_word(line.entry.standing)}: {line.series} {line.entry.slot.key} {line.title}".rstrip()
        )
    for need in found.needs:
        click.echo(click.style("! ", fg="red", bold=True) + need)
    return 0


def state_word(state: DeliveryState) -> str:
    """Name the state of a delivery, for people."""
    named = {
        DeliveryState.PENDING: words("pending"),
        DeliveryState.SENDING: words("sending"),
        DeliveryState.SENT: words("sent"),
        DeliveryState.DEFERRED: words("deferred"),
        DeliveryState.REFUSED: words("refused"),
        DeliveryState.UNCERTAIN: words("uncertain"),
        DeliveryState.WITHHELD: words("withheld"),
    }
    return named[state]


def release_word(state: str) -> str:
    """Name the state of a release, for people."""
    named = {
        "prepared": words("prepared"),
        "open": words("open"),
        "paused": words("paused"),
        "complete": words("complete"),
        "cancelled": words("cancelled"),
    }
    return named.get(state, state)
