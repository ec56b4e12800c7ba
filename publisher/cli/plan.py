"""``publisher plan``: the calendar of every series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.language import spoken, words
from publisher.cli.printing import print_json, print_problems, print_table
from publisher.model.calendar import GONE, Standing

if TYPE_CHECKING:
    from publisher.model.episode import Episode
    from publisher.press.agenda import Line
    from publisher.wiring.newsroom import Reach


def standing_word(standing: Standing) -> str:
    """Name how a slot stands, for people."""
    named = {
        Standing.READY: words("ready"),
        Standing.DRAFT: words("draft"),
        Standing.MISSING: words("missing"),
        Standing.HELD: words("held"),
        Standing.LATE: words("late"),
        Standing.RELEASED: words("released"),
        Standing.SKIPPED: words("skipped"),
    }
    return named[standing]


def line_as_data(line: Line) -> dict[str, Any]:
    """Give one slot as scripts read it: local, zone and UTC."""
    slot = line.entry.slot
    return {
        "series": line.series,
        "slot": slot.key,
        "local": f"{slot.local:%Y-%m-%dT%H:%M}",
        "timezone": slot.timezone,
        "utc": f"{slot.instant:%Y-%m-%dT%H:%M:%SZ}",
        "state": str(line.entry.standing),
        "episode": f"{line.series}/{line.number:02d}" if line.number is not None else None,
        "title": line.title or None,
    }


def _holiday(line: Line, holidays: Mapping[tuple[str, date], str]) -> str | None:
    slot = line.entry.slot
    return holidays.get((slot.timezone, slot.local.date()))


def _waiting(lines: Iterable[Line]) -> list[Episode]:
    """Give the episodes of the calendar that are still to go out."""
    return [
        line.entry.episode
        for line in lines
        if line.entry.episode is not None and line.entry.standing not in GONE
    ]


def _reach_as_data(segment: str, reach: Reach | None) -> dict[str, Any]:
    return {
        "segment": segment,
        "recipients": dict(reach.recipients) if reach else None,
        "left_out": dict(reach.left_out) if reach else None,
    }


def _reached(reach: Reach | None) -> str:
    return str(sum(reach.recipients.values())) if reach else "—"


@click.command("plan", help=words("Show the calendar: which episode stands at which slot."))
@click.option(
    "--weeks",
    type=click.IntRange(1, 520),
    default=4,
    show_default=True,
    help=words("How many weeks ahead."),
)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.option(
    "--ics",
    is_flag=True,
    help=words("Print iCalendar, with reminders for slots that want something."),
)
@click.option(
    "--segment",
    metavar="NAME",
    help=words("Say how many readers of a segment of config.toml each episode would be mailed to."),
)
@click.pass_obj
def command(root: str, weeks: int, as_json: bool, ics: bool, segment: str | None) -> int:
    from publisher.press.agenda import agenda
    from publisher.wiring.appointments import holidays_on, icalendar
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.segments import readers_of

    if ics and segment:
        raise click.UsageError(words("Choose one of --ics and --segment."))
    newsroom = open_newsroom(root)
    table = newsroom.table()
    lines = agenda(table, weeks=weeks)
    # A series that cannot be read has no slots to show; a calendar without it would look whole.
    unread = newsroom.press.unread(table)
    print_problems(unread)
    code = 1 if unread else 0
    if ics:
        # The standard wants CRLF: as bytes, so that no terminal layer doubles it.
        click.echo(icalendar(newsroom, table, lines, spoken()).encode(), nl=False)
        return code
    holidays = holidays_on(lines, spoken())
    waiting = _waiting(lines)
    unsound = newsroom.press.unsound(table, waiting)
    readers = readers_of(newsroom, lines, segment) if segment else {}
    if as_json:
        print_json(
            [
                {
                    **line_as_data(line),
                    "holiday": _holiday(line, holidays),
                    "sound": (line.series, line.number) not in unsound,
                    **(
                        _reach_as_data(segment, readers.get((line.series, line.entry.slot)))
                        if segment
                        else {}
                    ),
                }
                for line in lines
            ]
        )
        return code
    if not lines:
        click.echo(words("No series has a slot in this time."))
        return code
    head = [words("slot"), words("state"), words("episode"), words("title")]
    more = [words("readers")] if segment else []
    print_table(
        [*head[:3], *more, *head[3:]],
        (
            [
                line.entry.slot.shown,
                standing_word(line.entry.standing),
                f"{line.series}/{line.number:02d}" if line.number is not None else line.series,
                *([_reached(readers.get((line.series, line.entry.slot)))] if segment else []),
                " · ".join(
                    filter(
                        None,
                        (
                            line.title or "—",
                            _holiday(line, holidays),
                            words("to mend") if (line.series, line.number) in unsound else "",
                        ),
                    )
                ),
            ]
            for line in lines
        ),
    )
    return code
