"""The ``publisher`` command: one module a verb; printing and exit codes, no logic."""


def main() -> None:
    """Run the command line."""
    raise SystemExit(2)
