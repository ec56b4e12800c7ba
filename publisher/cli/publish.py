"""``publisher publish``: release an episode by hand."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json, print_problems
from publisher.model.problem import stops


@click.command("publish", help=words("Release one episode now or at a slot."))
@click.argument("episode")
@click.option(
    "--now", "at_once", is_flag=True, help=words("At this very minute, off the calendar.")
)
@click.option(
    "--slot",
    "asked",
    metavar="TIME",
    help=words("At a slot that was held or missed, such as 2026-11-27T17:00."),
)
@click.option(
    "--without-mail",
    is_flag=True,
    help=words("On the site and in the feeds only: for episodes that readers have had already."),
)
@click.option(
    "--segment",
    metavar="NAME",
    help=words("To the readers of one segment of config.toml only; nobody else gets this mail."),
)
@click.option(
    "--open-only",
    is_flag=True,
    help=words("Open the release and leave the sending to “publisher run”."),
)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(
    root: str,
    episode: str,
    at_once: bool,
    asked: str | None,
    without_mail: bool,
    segment: str | None,
    open_only: bool,
    as_json: bool,
) -> int:
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.progress import progress
    from publisher.wiring.publishing import publish

    if at_once and asked:
        raise click.UsageError(words("Choose one of --now and --slot."))
    if without_mail and segment:
        raise click.UsageError(words("Choose one of --without-mail and --segment."))
    newsroom = open_newsroom(root)
    with progress(words("Sending")) as advance:
        done = publish(
            newsroom,
            episode,
            at_once=at_once,
            slot=asked,
            mail=not without_mail,
            segment=segment or "",
            send=not open_only,
            advance=advance,
        )
    print_problems(done.problems)
    if as_json:
        print_json(done.as_data())
    elif done.release is not None:
        opened = words("opened") if done.opened else words("was open already")
        click.echo(
            " · ".join(
                filter(
                    None, (done.release.name, done.release.slot.key, done.release.segment, opened)
                )
            )
        )
        if without_mail:
            click.echo(words("On the website and in the feeds; no mail was sent."))
        elif done.counts or not open_only:
            click.echo(done.counted() or words("No mail: nobody on the list is to have it."))
    if done.release is None or stops(done.problems):
        return 1
    return 3 if done.stranded and not open_only else 0
