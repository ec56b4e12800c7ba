"""The decision to publish one episode at one slot, and the states it may pass through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publisher.model.slot import Slot


class ReleaseState(StrEnum):
    """Where a release stands.

    ``prepared`` is set and frozen ahead of its slot and may still be withdrawn; from ``open`` on
    the decision stands for good.
    """

    PREPARED = "prepared"
    OPEN = "open"
    PAUSED = "paused"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


class Recipients(StrEnum):
    """Who is mailed: the list, or nobody (an older episode taken over for site and feeds)."""

    LIST = "list"
    NONE = "none"


_S = ReleaseState
#: Every legal change of a release. What is not here must never be written.
RELEASE_CHANGES: frozenset[tuple[ReleaseState, ReleaseState]] = frozenset(
    {
        (_S.PREPARED, _S.OPEN),
        (_S.OPEN, _S.PAUSED),
        (_S.PAUSED, _S.OPEN),
        (_S.OPEN, _S.COMPLETE),
        (_S.OPEN, _S.CANCELLED),
        (_S.PAUSED, _S.CANCELLED),
        # A person resends what was uncertain: the release has work again.
        (_S.COMPLETE, _S.OPEN),
    }
)


@dataclass(frozen=True, slots=True)
class Release:
    """One episode at one slot; unique for its slot and for its episode within the series.

    ``guid`` is the feed's lasting name for the episode. ``opened`` is None while prepared,
    ``laid_out`` until its pages are on the site: no mail leaves before. ``reason`` says why a
    release is paused or cancelled; ``segment`` names the part of the list it is for, if not all.
    """

    id: int
    series: str
    number: int
    slot: Slot
    state: ReleaseState
    guid: str
    title: str = ""
    recipients: Recipients = Recipients.LIST
    prepared: datetime | None = None
    opened: datetime | None = None
    laid_out: datetime | None = None
    completed: datetime | None = None
    reason: str = ""
    source: str = ""
    segment: str = ""

    @property
    def name(self) -> str:
        """Name the release as commands do, by its episode: ``series/NN``."""
        return f"{self.series}/{self.number:02d}"


def may_become(before: ReleaseState, after: ReleaseState) -> bool:
    """Say whether a release may change so."""
    return (before, after) in RELEASE_CHANGES
