"""The ``publisher`` command: one module a verb; printing and exit codes, no logic."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    import gc

    from publisher.cli.command import run

    code = run()
    # Python would look for circles among all that is left, which goes with the process anyway:
    # after a build of a thousand episodes that takes longer than to lay what changed.
    gc.freeze()
    raise SystemExit(code)
