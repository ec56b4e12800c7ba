"""The cores that this process may use."""

from __future__ import annotations

import os


def usable_cores() -> frozenset[int]:
    """Name the cores that this process may run on, as the system or a container allows."""
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))
