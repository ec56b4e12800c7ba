"""What a report shows of many faults of one kind in one file: the first, and how many more.

A file from elsewhere may have the same fault in each of its ten thousand lines. Nobody reads that,
and it would bury the faults of every other kind. Only what is shown is bounded: what stops a
release, and what is counted, is decided over everything that was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from publisher.model.problem import Fault, Problem, Severity

#: So many faults of one kind are shown for each file.
SHOWN = 50

MORE = Fault(
    "lint/more",
    Severity.HINT,
    "From this line on the file has at least {count} more problems of this kind: {kind}.",
    "Mend those that are shown, then check again: the next ones will be shown.",
)


def bounded(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Give the first problems of each kind and file in their order, and one for those that follow.

    That one stands where the first left out stands, and weighs as much: a kind that stops a
    release is seen to do so.
    """
    found = tuple(problems)
    kinds = Counter(map(_kind, found))
    if all(count <= SHOWN for count in kinds.values()):
        return found
    seen: Counter[tuple[str, Fault]] = Counter()
    shown: list[Problem] = []
    for problem in found:
        kind = _kind(problem)
        seen[kind] += 1
        if seen[kind] <= SHOWN:
            shown.append(problem)
        elif seen[kind] == SHOWN + 1:
            more = replace(MORE, severity=problem.severity)
            shown.append(more.at(problem.place, count=kinds[kind] - SHOWN, kind=problem.code))
    return tuple(shown)


def _kind(problem: Problem) -> tuple[str, Fault]:
    return problem.place.path, problem.fault
