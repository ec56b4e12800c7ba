"""``publisher diff``: what changed in an episode since it was approved."""

from __future__ import annotations

import click

from publisher.cli.language import words
from publisher.cli.printing import print_json


@click.command(
    "diff",
    help=words("Show what changed in an episode since it was approved, as a reader sees it."),
)
@click.argument("episode")
@click.option("--bytes", "in_bytes", is_flag=True, help=words("Show the changed bytes as well."))
@click.option("--json", "as_json", is_flag=True, help=words("Print JSON for scripts."))
@click.pass_obj
def command(root: str, episode: str, in_bytes: bool, as_json: bool) -> int:
    from publisher.wiring.approving import compare
    from publisher.wiring.newsroom import open_newsroom

    done = compare(open_newsroom(root), episode)
    approval = done.approval
    if as_json:
        print_json(
            {
                "episode": done.episode.name,
                "approved": {"by": approval.by, "at": approval.at.isoformat()},
                "holds": done.holds,
                "changes": [
                    {
                        "audience": c.audience,
                        "channel": c.channel,
                        "before": c.before,
                        "after": c.after,
                    }
                    for c in done.changes
                ],
                "bytes": [
                    {
                        "audience": w.audience,
                        "channel": w.channel,
                        "before": w.before,
                        "after": w.after,
                    }
                    for w in done.weighed
                ],
            }
        )
        return 0 if done.holds else 1
    when = f"{done.when:%Y-%m-%d %H:%M} {done.when.tzinfo}"
    click.echo(words("Approved by {name}, {when}.", name=approval.by, when=when))
    if done.holds:
        click.echo(words("Nothing has changed since."))
        return 0
    seen: set[tuple[str, str]] = set()
    for change in done.changes:
        # Both audiences read most words alike: once is enough.
        if (change.channel, change.marked) in seen:
            continue
        seen.add((change.channel, change.marked))
        click.echo(click.style(_channel(change.channel), bold=True))
        click.echo(f"  {change.marked}")
    for weighed in done.weighed:
        click.echo(
            words(
                "{channel} for {audience}: {before} bytes before, {after} now",
                channel=_channel(weighed.channel),
                audience=_audience(weighed.audience),
                before=weighed.before,
                after=weighed.after,
            )
        )
        for line in weighed.lines if in_bytes else ():
            click.echo(f"    {line}")
    return 1


def _channel(name: str) -> str:
    """Say which part of an edition an approval names."""
    return {
        "subject": words("Subject"),
        "preheader": words("Preheader"),
        "text": words("Mail text"),
        "html": words("Mail HTML"),
        "page": words("Web page"),
    }.get(name, name)


def _audience(name: str) -> str:
    return {"free": words("free"), "members": words("members")}.get(name, name)
