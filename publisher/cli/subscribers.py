"""``publisher subscribers``: the list, one verb at a time."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_problems, print_table, problems_as_data
from publisher.cli.verdicts import outcome_word, verdict_as_data, verdict_line
from publisher.model.problem import Problem, ProblemError

if TYPE_CHECKING:
    from publisher.audience.verdict import Verdict
    from publisher.model.readership import Record

_MOST_PROBLEMS = 50
_as_json = click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))


@click.group("subscribers", help=words("Add, remove, list, import and export subscribers."))
def command() -> None:
    """Hold the verbs of the list together."""


def _sound(found: Any) -> Any:
    """Pass a result on, or stop at a problem."""
    if isinstance(found, Problem):
        raise ProblemError(found)
    return found


def record_as_data(record: Record) -> dict[str, Any]:
    """Give one reader as scripts read it."""
    who = record.subscriber
    return {
        "id": who.id,
        "address": who.address,
        "name": who.name,
        "state": str(who.state),
        "audience": str(who.audience),
        "members_until": who.members_until.isoformat() if who.members_until else None,
        "series": list(who.series),
        "since": who.since.isoformat(),
        "locale": who.locale,
        "source": who.source,
        "suppressed": str(record.suppression.reason) if record.suppression else None,
    }


def _tell(record: Record, said: str, as_json: bool) -> None:
    """Print a reader as JSON, or a sentence about them."""
    if as_json:
        print_json({"subscriber": record_as_data(record)})
    else:
        click.echo(said)


@command.command("add", help=words("Put an address on the list whose owner consented elsewhere."))
@click.argument("address")
@click.option("--name", default="", help=words("The reader’s name."))
@click.option("--members", is_flag=True, help=words("As a paying member."))
@click.option(
    "--until", metavar="DATE", help=words("Last day of the membership, such as 2027-03-31.")
)
@click.option(
    "--series",
    multiple=True,
    metavar="SERIES",
    help=words("Only this series; may be repeated. Default: all."),
)
@click.option("--advertising", is_flag=True, help=words("Consents to advertising, too."))
@click.option("--consent", default="", help=words("The words consented to."))
@click.option("--quietly", is_flag=True, help=words("Send no notice of the consent."))
@_as_json
@click.pass_obj
def add(
    root: str,
    address: str,
    name: str,
    members: bool,
    until: str | None,
    series: tuple[str, ...],
    advertising: bool,
    consent: str,
    quietly: bool,
    as_json: bool,
) -> None:
    from publisher.model.episode import Audience
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import known_series, last_moment, subscribers_of

    newsroom = open_newsroom(root)
    added = _sound(
        subscribers_of(newsroom).add(
            address,
            name=name,
            series=known_series(newsroom, series),
            audience=Audience.MEMBERS if members or until else Audience.FREE,
            members_until=last_moment(newsroom, until) if until else None,
            advertising=advertising,
            consent=consent,
            notify=not quietly,
        )
    )
    if as_json:
        print_json({"new": added.new, "subscriber": record_as_data(added.record)})
    elif added.new:
        click.echo(words("{address} is on the list.", address=added.record.subscriber.address))
    else:
        click.echo(words("{address} was on the list.", address=added.record.subscriber.address))


@command.command("remove", help=words("Take an address off the list, as its owner asked."))
@click.argument("address")
@click.option("--quietly", is_flag=True, help=words("Send no notice of the withdrawal."))
@_as_json
@click.pass_obj
def remove(root: str, address: str, quietly: bool, as_json: bool) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import subscribers_of

    record = _sound(subscribers_of(open_newsroom(root)).remove(address, notify=not quietly))
    said = words("{address} gets no more mail.", address=record.subscriber.address)
    _tell(record, said, as_json)


@command.command("list", help=words("Show who is on the list."))
@click.option(
    "--state",
    type=click.Choice(["pending", "active", "left", "bounced"]),
    help=words("Only readers in this state."),
)
@click.option(
    "--audience", type=click.Choice(["free", "members"]), help=words("Only this audience.")
)
@click.option("--series", default="", help=words("Only readers of this series."))
@click.option(
    "--named", default="", metavar="TEXT", help=words("Only where address or name has this in it.")
)
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help=words("At most so many.")
)
@_as_json
@click.pass_obj
def list_(
    root: str,
    state: str | None,
    audience: str | None,
    series: str,
    named: str,
    limit: int,
    as_json: bool,
) -> None:
    from publisher.model.episode import Audience
    from publisher.model.readership import Segment
    from publisher.model.subscriber import SubscriberState
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import subscribers_of

    segment = Segment(
        series=(series,) if series else (),
        audience=Audience(audience) if audience else None,
        state=SubscriberState(state) if state else None,
        named=named,
    )
    subscribers = subscribers_of(open_newsroom(root))
    rows = [record_as_data(record) for record in subscribers.each(segment, limit)]
    count = subscribers.count(segment)
    if as_json:
        print_json({"count": count, "subscribers": rows})
        return
    head = [words("address"), words("state"), words("audience"), words("since"), words("series")]
    print_table(
        head,
        (
            [
                r["address"],
                r["suppressed"] or r["state"],
                r["audience"],
                r["since"][:10],
                ", ".join(r["series"]) or "—",
            ]
            for r in rows
        ),
    )
    click.echo(words("{shown} of {count}.", shown=len(rows), count=count))


@command.command("show", help=words("Show all that is known of an address."))
@click.argument("address")
@click.pass_obj
def show(root: str, address: str) -> None:
    from publisher.audience.access import everything_about
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import register_of

    print_json(_sound(everything_about(register_of(open_newsroom(root)), address)))


@command.command(
    "erase", help=words("Erase all that is known of an address; it can never be imported again.")
)
@click.argument("address")
@click.confirmation_option(prompt=words("This cannot be undone. Erase?"))
@_as_json
@click.pass_obj
def erase(root: str, address: str, as_json: bool) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import subscribers_of

    known = _sound(subscribers_of(open_newsroom(root)).erase(address))
    if as_json:
        print_json({"known": known})
        return
    click.echo(
        words("Erased.") if known else words("Nothing was known; it stays away all the same.")
    )


@command.command("grant", help=words("Make a reader a member."))
@click.argument("address")
@click.option(
    "--until", metavar="DATE", help=words("Last day of the membership, such as 2027-03-31.")
)
@_as_json
@click.pass_obj
def grant(root: str, address: str, until: str | None, as_json: bool) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import last_moment, subscribers_of

    newsroom = open_newsroom(root)
    moment = last_moment(newsroom, until) if until else None
    record = _sound(subscribers_of(newsroom).grant(address, moment))
    said = words("{address} is a member.", address=record.subscriber.address)
    _tell(record, said, as_json)


@command.command("revoke", help=words("End a reader’s membership."))
@click.argument("address")
@_as_json
@click.pass_obj
def revoke(root: str, address: str, as_json: bool) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import subscribers_of

    record = _sound(subscribers_of(open_newsroom(root)).revoke(address))
    said = words("{address} is no member any more.", address=record.subscriber.address)
    _tell(record, said, as_json)


@command.command(
    "import", help=words("Take in a CSV list; a bad row is reported and the rest goes in.")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--series",
    multiple=True,
    metavar="SERIES",
    help=words("Only this series; may be repeated. Default: all."),
)
@click.option("--consent", default="", help=words("The words consented to."))
@click.option("--dry-run", is_flag=True, help=words("Say what would happen and change nothing."))
@_as_json
@click.pass_obj
def import_(
    root: str, file: str, series: tuple[str, ...], consent: str, dry_run: bool, as_json: bool
) -> int:
    from publisher.audience.verdict import Outcome
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.progress import progress
    from publisher.wiring.readers import import_file, terms_of

    refused: list[Problem] = []
    verdicts: list[dict[str, Any]] = []

    def heard(verdict: Verdict) -> None:
        if verdict.problem is not None and len(refused) < _MOST_PROBLEMS:
            refused.append(verdict.problem)
        if as_json and dry_run:
            verdicts.append(verdict_as_data(verdict))
        elif dry_run:
            click.echo(verdict_line(verdict))

    newsroom = open_newsroom(root)
    terms = terms_of(newsroom, file, series, consent)
    with progress(words("Reading the list")) as advance:
        tally = import_file(newsroom, file, terms, dry_run=dry_run, heard=heard, advance=advance)
    if tally.problem is not None:
        raise ProblemError(tally.problem)
    bad = tally.outcomes.get(Outcome.REFUSED, 0)
    if as_json:
        print_json(
            {
                "service": str(tally.service),
                "rows": tally.rows,
                "written": tally.written,
                "outcomes": {str(outcome): n for outcome, n in tally.outcomes.items()},
                "problems": problems_as_data(refused),
                **({"verdicts": verdicts} if dry_run else {}),
            }
        )
        return 1 if bad else 0
    print_problems(refused)
    if bad > len(refused):
        click.echo(words("… and {count} more.", count=bad - len(refused)), err=True)
    shown = " · ".join(f"{outcome_word(o)} {n}" for o, n in sorted(tally.outcomes.items()))
    click.echo(words("{rows} rows: {shown}", rows=tally.rows, shown=shown or "—"))
    if dry_run:
        click.echo(words("Nothing was changed."))
    return 1 if bad else 0


@command.command(
    "sync", help=words("Make memberships what a shop’s CSV says: who is not in it is no member.")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help=words("Say what would happen and change nothing."))
@_as_json
@click.pass_obj
def sync(root: str, file: str, dry_run: bool, as_json: bool) -> int:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import sync_file

    done = _sound(sync_file(open_newsroom(root), file, dry_run=dry_run))
    counts = done.counts
    if as_json:
        told = problems_as_data(done.problems[:_MOST_PROBLEMS])
        print_json({**counts, "refused": len(done.problems), "problems": told})
        return 1 if done.problems else 0
    print_problems(done.problems[:_MOST_PROBLEMS])
    click.echo(
        words(
            "New members {granted}, other end {changed}, as it was {same}, newcomers asked {asked}, ended {ended}.",
            **counts,
        )
    )
    if done.kept:
        click.echo(
            words("{kept} are not in the file and stay members: it may not be whole.", **counts)
        )
    if done.shut_out:
        click.echo(words("{shut_out} asked for no mail and were left alone.", **counts))
    if dry_run:
        click.echo(words("Nothing was changed."))
    return 1 if done.problems else 0


@command.command("export", help=words("Write the whole list as CSV, ready to be taken in again."))
@click.argument("file", required=False, metavar="[FILE]")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=words("Print readers as JSON, one a line; with a file, what was written to it."),
)
@click.pass_obj
def export(root: str, file: str | None, as_json: bool) -> None:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.readers import export_file, export_stream, subscribers_of

    newsroom = open_newsroom(root)
    if file is None or file == "-":
        if not as_json:
            export_stream(newsroom, sys.stdout)
            return
        for record in subscribers_of(newsroom).each():
            click.echo(json.dumps(record_as_data(record), ensure_ascii=False))
        return
    written = export_file(newsroom, file)
    if as_json:
        print_json({"rows": written, "file": file})
    else:
        click.echo(words("{count} rows in {file}.", count=written, file=file))
