"""The ``publisher`` command: one module a verb; printing and exit codes, no logic."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    from publisher.cli.command import run

    raise SystemExit(run())
