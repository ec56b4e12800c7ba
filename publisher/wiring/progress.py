"""A progress bar for long work, shown only where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called with (done, of) as work goes on.
Advance = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Tell nobody."""


@contextmanager
def progress(label: str) -> Iterator[Advance]:
    """Show a bar on standard error while the block runs, if that is a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task(label, total=None)

        def advance(done: int, of: int) -> None:
            bar.update(line, completed=done, total=of)

        yield advance
