"""What becomes of each row of an imported list, in words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.cli.language import words

if TYPE_CHECKING:
    from publisher.audience.verdict import Outcome, Verdict


def outcome_word(outcome: Outcome) -> str:
    """Name what became of a row, for people."""
    named = {
        "added": words("added"),
        "changed": words("changed"),
        "same": words("as it was"),
        "left": words("had left"),
        "suppressed": words("suppressed"),
        "erased": words("erased before"),
        "refused": words("bad row"),
    }
    return named[str(outcome)]


def verdict_line(verdict: Verdict) -> str:
    """Write the verdict on a row as one line: its number, what becomes of it, whose it is, the diff.

    Fields are named as the columns of an export are.
    """
    parts = (
        f"{change.field} {change.before or '—'} → {change.after or '—'}"
        for change in verdict.changes
    )
    shown = [f"{verdict.line:>7}", outcome_word(verdict.outcome), verdict.key, ", ".join(parts)]
    return "  ".join(part for part in shown if part)


def verdict_as_data(verdict: Verdict) -> dict[str, Any]:
    """Give the verdict on a row as scripts read it."""
    return {
        "line": verdict.line,
        "outcome": str(verdict.outcome),
        "key": verdict.key,
        "changes": [
            {"field": c.field, "before": c.before, "after": c.after} for c in verdict.changes
        ],
    }
