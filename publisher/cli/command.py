"""The table of verbs, and the one place where every failure becomes a line and an exit code.

A verb's module is imported when it is called, so that ``--help`` stays quick.
"""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher import __version__
from publisher.cli import language
from publisher.cli.language import words
from publisher.files.names import shown
from publisher.model.problem import (
    Fault,
    MisuseError,
    OutsideError,
    Place,
    Problem,
    ProblemError,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SYSTEM = Fault(
    "outside/system",
    Severity.ERROR,
    "The system refused this: {reason}.",
    "Check the rights of the file or folder and the room on the disk, and try again.",
)
FINE, PROBLEMS, MISUSE, OUTSIDE = 0, 1, 2, 3
#: As shells number it: ended by the signal of Ctrl-C.
INTERRUPTED = 130


def verbs() -> dict[str, str]:
    """Give every verb with a line about it, in the order of an editor's week."""
    return {
        "init": words("Make a new publication in an empty folder."),
        "new": words("Begin the next episode of a series."),
        "import": words("Make episodes of an article or of an archive from elsewhere."),
        "check": words("Read everything and say what to mend."),
        "preview": words("Open the desk: see every episode as its readers will."),
        "approve": words("Approve an episode as it stands; any later change voids it."),
        "diff": words("Show what changed in an episode since it was approved."),
        "plan": words("Show the calendar: which episode stands at which slot."),
        "dry-run": words("Produce all that the next release would, and send nothing."),
        "build": words("Write the website and the feeds."),
        "publish": words("Release one episode now or at a slot."),
        "run": words("Run the schedule, the delivery and the front door until stopped."),
        "status": words("Show releases, deliveries and what needs a person."),
        "who": words("Tell who got a release, when, and what their server said."),
        "pause": words("Let no more mail of a release leave, until it is resumed."),
        "resume": words("Go on with a release that is paused."),
        "cancel": words("End a release for good, or let a held episode take the next slot."),
        "resolve": words("Decide about the mails of a release whose answer was lost."),
        "bounces": words("Take in bounces and complaints."),
        "subscribers": words("Add, remove, list, import and export subscribers."),
        "dkim": words("Sign mails with a key of our own."),
        "schema": words("Print the JSON Schema of an episode, a series or the settings."),
        "demo": words("Play one Friday with the sample publication, on this machine only."),
    }


def _module(verb: str) -> str:
    """Name the module of a verb; a word of Python gets an underscore."""
    name = verb.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def _takes_an_episode(command: click.Command) -> bool:
    """Say whether an episode or its release is named on the command line."""
    shown = (each.metavar or each.name or "" for each in command.params)
    return any("EPISODE" in name.upper() or "RELEASE" in name.upper() for name in shown)


class Verbs(click.Group):
    """A group whose verbs are modules of this room, loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(verbs())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in verbs():
            return None
        module = importlib.import_module(f"publisher.cli.{_module(cmd_name)}")
        command: click.Command = module.command
        if _takes_an_episode(command):
            command.epilog = words(
                "EPISODE and RELEASE: series/number, such as ai-wont-save-us/05."
            )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(words("Commands")):
            formatter.write_dl(list(verbs().items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in verbs() and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, verbs(), n=1)
            hint = words("Did you mean “{name}”?", name=near[0]) if near else ""
            ctx.fail(
                words("There is no command “{name}”.", name=name) + (" " + hint if hint else "")
            )
        return super().resolve_command(ctx, args)


def group() -> click.Group:
    """Make the top of the command, in the language chosen."""
    return Verbs(
        name="publisher",
        help=words(
            "Weekly serials from Markdown files to mail, web page and feed: on the slot, once."
        ),
        no_args_is_help=True,
        params=[
            click.Option(
                ["-C", "--publication", "root"],
                type=click.Path(file_okay=False),
                default=".",
                metavar="DIR",
                help=words("The publication: the folder with config.toml. Default: this folder."),
            ),
            click.Option(
                ["--lang"],
                type=click.Choice(["ko", "en"]),
                expose_value=False,
                help=words("Language of messages. Default: the locale’s."),
            ),
        ],
        callback=_remember_root,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


@click.pass_context
def _remember_root(ctx: click.Context, root: str) -> None:
    ctx.obj = root


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and give its exit code: 0 fine, 1 problems, 2 misuse, 3 outside."""
    arguments = sys.argv[1:] if arguments is None else arguments
    spare_the_collector()
    language.choose(arguments, os.environ)  # noqa: TID251  help is worded before any wiring
    return _guarded(lambda: _invoke(arguments))


def spare_the_collector() -> None:
    """Thousands of small frozen values are made and kept: looking for circles among them again
    and again finds none and costs a tenth of a build."""
    gc.set_threshold(50_000, 20, 20)


def _invoke(arguments: list[str]) -> int:
    top = group()
    top = click.version_option(__version__, prog_name="publisher")(top)
    outcome = top.main(args=arguments, prog_name="publisher", standalone_mode=False)
    return outcome if isinstance(outcome, int) else FINE


def _guarded(work: Callable[[], int]) -> int:
    """Turn every way to fail into one clear line on standard error."""
    try:
        return work()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort as stop:
        click.echo(words("Stopped."), err=True)
        return INTERRUPTED if isinstance(stop.__cause__, KeyboardInterrupt) else MISUSE
    except click.NoSuchOption as misuse:
        misuse.show()
        return MISUSE
    except click.ClickException as misuse:
        misuse.show()
        return MISUSE
    except ProblemError as failure:
        from publisher.cli.printing import print_problems

        print_problems(failure.problems)
        match failure:
            case MisuseError():
                return MISUSE
            case OutsideError():
                return OUTSIDE
            case _:
                return PROBLEMS
    except BrokenPipeError:
        # The reader of a pipe went away (`publisher plan | head`): nothing is wrong.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        return FINE
    except KeyboardInterrupt:
        click.echo(words("Stopped."), err=True)
        return INTERRUPTED
    except OSError as failure:
        from publisher.cli.printing import print_problems

        print_problems((_outside(failure),))
        return OUTSIDE
    except Exception as failure:  # noqa: BLE001  the last net: no traceback reaches a user
        return _unexpected(failure)


def _outside(failure: OSError) -> Problem:
    """Say which file or connection failed, named as the person at the keyboard would."""
    where = str(failure.filename or "")
    where = where.removeprefix(f"{Path.cwd()}{os.sep}")
    return SYSTEM.at(Place(shown(where)), reason=failure.strerror or str(failure))


def _unexpected(failure: Exception) -> int:
    import traceback

    if os.environ.get("PUBLISHER_DEBUG"):  # noqa: TID251
        traceback.print_exception(failure)
    frame = traceback.extract_tb(failure.__traceback__)[-1]
    click.echo(
        words(
            "internal/unexpected: {kind} at {place}: {what}. "
            "Please report this line; PUBLISHER_DEBUG=1 shows more.",
            kind=type(failure).__name__,
            place=f"{frame.name}:{frame.lineno}",
            what=str(failure).splitlines()[0][:200] if str(failure) else "",
        ),
        err=True,
    )
    return OUTSIDE
