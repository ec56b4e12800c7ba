"""``publisher preview``: the editor's desk in a browser, on this machine."""

from __future__ import annotations

import click

from publisher.cli.language import spoken, words


@click.command("preview", help=words("Open the desk: see every episode as its readers will."))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help=words("Port to listen on; 0 takes any free one."),
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help=words("Address to listen on. Others than this machine’s own are for those who know why."),
)
@click.option("--open", "browse", is_flag=True, help=words("Open it in the browser."))
@click.pass_obj
def command(root: str, port: int, host: str, browse: bool) -> None:
    from publisher.wiring.desk import open_desk
    from publisher.wiring.newsroom import open_newsroom

    def announce(address: str) -> None:
        click.echo(words("The desk is open at {address} (Ctrl-C closes it).", address=address))
        if browse:
            import webbrowser

            webbrowser.open(address)

    open_desk(open_newsroom(root), host, port, spoken(), announce)
