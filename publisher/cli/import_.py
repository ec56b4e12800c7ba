"""``publisher import``: an article or a whole archive from elsewhere becomes episode files."""

from __future__ import annotations

import click

from publisher.cli.language import spoken, words
from publisher.cli.printing import print_json, print_problems, problems_as_data

SERVICES = ["ghost", "substack", "buttondown", "rss"]


@click.command(
    "import",
    help=words(
        "Make an episode of an article: text, Markdown, a saved page, a .docx, or - for a paste. "
        "With --from, make a series of a whole archive."
    ),
)
@click.argument("file")
@click.option(
    "--series",
    help=words("The series it goes to: default, the one it names. For an archive, a new one."),
)
@click.option(
    "--number",
    type=click.IntRange(0, 9999),
    help=words("Its number; default: what it says, or the next."),
)
@click.option(
    "--from",
    "service",
    type=click.Choice(SERVICES),
    help=words("The service an archive comes from."),
)
@click.option(
    "--url", default="", help=words("Where the archive was published, such as https://old.example.")
)
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(
    root: str,
    file: str,
    series: str | None,
    number: int | None,
    service: str | None,
    url: str,
    as_json: bool,
) -> None:
    from publisher.intake.exports import Service
    from publisher.wiring.newsroom import open_newsroom
    from publisher.wiring.taking_in import take_archive, take_article

    newsroom = open_newsroom(root)
    if service:
        if not series:
            raise click.UsageError(words("An archive becomes a new series: name it with --series."))
        done = take_archive(newsroom, file, Service(service), series, url, spoken())
    else:
        done = take_article(newsroom, file, series, number, spoken())
    if as_json:
        print_json({"paths": done.paths, "notes": problems_as_data(done.notes)})
        return
    print_problems(done.notes)
    for path in done.paths if len(done.paths) <= 6 else done.paths[:1]:
        click.echo(path)
    if service:
        click.echo(
            words(
                "{count} episodes; the ledger knows {out} of them as published, and mails none.",
                count=len(done.paths) - 1,
                out=done.handed_over,
            )
        )
    elif done.notes:
        click.echo(
            words(
                "{count} guesses are marked TODO in the file; look at each.", count=len(done.notes)
            )
        )
