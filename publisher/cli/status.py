"""``publisher status``: releases, deliveries, and what needs a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from publisher.cli.language import spoken, words
from publisher.cli.plan import standing_word
from publisher.cli.printing import print_json, print_table
from publisher.model.delivery import DeliveryState

if TYPE_CHECKING:
    from publisher.wiring.standing import Overview
    from publisher.wiring.watching import Tempo


@click.command("status", help=words("Show releases, deliveries and what needs a person."))
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.option(
    "--watch",
    "again",
    is_flag=True,
    help=words("Show it again every two seconds, with rate and time left, until stopped."),
)
@click.pass_obj
def command(root: str, as_json: bool, again: bool) -> int:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.standing import standing
    from publisher.wiring.watching import watch

    newsroom = open_newsroom(root)
    show = _print_data if as_json else _show
    if again:
        watch(newsroom, show, spoken())
    else:
        show(standing(newsroom, spoken()), ())
    return 0


def _print_data(found: Overview, tempi: Sequence[Tempo]) -> None:
    going = [
        {
            "release": tempo.release,
            "left": tempo.left,
            "per_second": round(tempo.rate, 2),
            "seconds_left": None if tempo.seconds is None else round(tempo.seconds),
            "waiting": dict(tempo.waiting),
        }
        for tempo in tempi
    ]
    print_json({**found.as_data(), "going": going} if going else found.as_data())


def _show(found: Overview, tempi: Sequence[Tempo]) -> None:
    if tempi and sys.stdout.isatty():
        click.clear()
    if not found.releases:
        click.echo(words("Nothing has been released yet."))
    else:
        _show_releases(found)
    for tempo in tempi:
        click.echo(tempo_line(tempo))
        if tempo.waiting:
            domains = ", ".join(f"{name} {count}" for name, count in tempo.waiting)
            click.echo("  " + words("to go by domain: {domains}", domains=domains))
    for line in (one.line for one in found.held):
        click.echo(
            f"{standing_word(line.entry.standing)}: {line.series} {line.entry.slot.shown} {line.title}".rstrip()
        )
    for need in found.needs:
        click.echo(click.style("! ", fg="red", bold=True) + need)
    for note in found.notes:
        click.echo(click.style("✓ ", fg="green", bold=True) + note)


def _show_releases(found: Overview) -> None:
    states = [state for state in DeliveryState if any(r.counts.get(state) for r in found.releases)]
    ahead = any(r.ahead for r in found.releases)
    print_table(
        [
            words("release"),
            words("slot"),
            words("state"),
            *(state_word(s) for s in states),
            *([words("still on the list")] if ahead else []),
        ],
        (
            [
                " ".join(filter(None, (r.release.name, r.release.segment, r.release.title))),
                f"{r.release.slot.local:%Y-%m-%d %H:%M}",
                release_word(str(r.release.state)),
                *(str(r.counts.get(state, 0)) for state in states),
                *([str(r.ahead)] if ahead else []),
            ]
            for r in found.releases
        ),
    )


def tempo_line(tempo: Tempo) -> str:
    """Say how an open release goes, in one line."""
    if tempo.seconds is None:
        return words("{release}: {left} to go", release=tempo.release, left=tempo.left)
    minutes, seconds = divmod(round(tempo.seconds), 60)
    return words(
        "{release}: {left} to go, {rate} a second, about {time} left",
        release=tempo.release,
        left=tempo.left,
        rate=f"{tempo.rate:.1f}",
        time=f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}",
    )


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
