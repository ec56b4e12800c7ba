"""The one place that reads the time, and the one that sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from publisher.model.problem import Fault, MisuseError, Place, Severity

#: Gives the present as an aware UTC instant.
Clock = Callable[[], datetime]

#: Names an instant at which the clock of a rehearsal starts; it runs on from there.
VARIABLE = "PUBLISHER_CLOCK"

BAD_CLOCK = Fault(
    "wiring/bad-clock",
    Severity.ERROR,
    "{variable} is “{value}”, which is not an instant.",
    "Write it like 2026-11-27T17:00:00+09:00, or remove the variable for the real time.",
)


def wall_clock() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)


def clock_from(environment: Mapping[str, str]) -> Clock:
    """Choose the real clock, or for a rehearsal one that starts at ``PUBLISHER_CLOCK``.

    Raises MisuseError when the variable is no aware instant.
    """
    written = environment.get(VARIABLE, "")
    if not written:
        return wall_clock
    try:
        start = datetime.fromisoformat(written)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise MisuseError(BAD_CLOCK.at(Place(VARIABLE), variable=VARIABLE, value=written))
    began = time.monotonic()
    offset = start.astimezone(UTC)

    def rehearsal() -> datetime:
        return offset + timedelta(seconds=time.monotonic() - began)

    return rehearsal
