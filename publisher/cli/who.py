"""``publisher who``: who got a release, when, and what was said to it."""

from __future__ import annotations

import csv
import json
import sys

import click

from publisher.cli.language import words
from publisher.model.delivery import Delivery, DeliveryState

COLUMNS = ("address", "state", "at", "attempts", "code", "reply", "next_at", "doubts")


@click.command("who", help=words("Tell who got a release, when, and what their server said."))
@click.argument("release")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in DeliveryState]),
    help=words("Only deliveries in this state; may be given more than once."),
)
@click.option(
    "--json", "as_json", is_flag=True, help=words("Print a line of JSON each instead of CSV.")
)
@click.pass_obj
def command(root: str, release: str, states: tuple[str, ...], as_json: bool) -> int:
    from publisher.delivery import steering
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.steering import release_named

    ledger, found = release_named(open_newsroom(root), release)
    rows = steering.who(ledger, found, [DeliveryState(state) for state in states])
    if as_json:
        for row in rows:
            click.echo(json.dumps(_data(row), ensure_ascii=False))
        return 0
    table = csv.writer(sys.stdout)
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([_cell(value) for value in _data(row).values()])
    return 0


def _data(row: Delivery) -> dict[str, str | int]:
    return {
        "address": row.address,
        "state": row.state.value,
        "at": row.at.isoformat() if row.at else "",
        "attempts": row.attempts,
        "code": row.code,
        "reply": row.reply,
        "next_at": row.next_at.isoformat() if row.next_at else "",
        "doubts": row.doubts,
    }


def _cell(value: str | int) -> str | int:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
