"""Which episode stands at which slot: the plan of a series, derived and never stored.

Three things decide: the cadence, what the ledger says of slots already dealt with, and the
episode files. Numbers keep their order: a draft is never overtaken by a later episode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publisher.model.episode import Course, Episode, Series, Status
from publisher.model.slot import Slot


class Standing(StrEnum):
    """How a slot stands: what the calendar shows beside it."""

    READY = "ready"
    DRAFT = "draft"
    MISSING = "missing"
    HELD = "held"
    LATE = "late"
    RELEASED = "released"
    SKIPPED = "skipped"


#: Slots about which nothing is left to decide.
GONE = frozenset({Standing.RELEASED, Standing.SKIPPED})


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger holds of one slot: released, held for a person, or skipped.

    ``number`` is None where the slot passed without an episode.
    """

    slot: Slot
    standing: Standing
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar: a slot, and the episode that stands there, if any."""

    series: str
    slot: Slot
    standing: Standing
    episode: Episode | None = None
    number: int | None = None


def coming(
    series: Series,
    episodes: Iterable[Episode],
    past: Iterable[Past],
    since: datetime,
    now: datetime,
) -> Iterator[Entry]:
    """Yield the open slots of a series in order, from the first that nothing settled yet.

    ``since`` is when the ledger began to watch the series; slots before it do not exist for a
    cadence that names no ``start``. Slots are settled in order, so none before the latest one
    settled is open any more: a release by hand does not bring old Fridays back. Slots whose
    instant is past come out ``late`` when a ready episode stands there. Without end while the
    series runs: take what you need.
    """
    past = tuple(past)
    since = _first_open(series, past, since, now)
    settled_slots = {entry.slot.key for entry in past}
    settled_numbers = {entry.number for entry in past if entry.number is not None}
    waiting = sorted(
        (e for e in episodes if e.series == series.slug and e.number not in settled_numbers),
        key=lambda e: (e.number, e.path),
    )
    pinned = [(Slot(e.publish_at, series.timezone), e) for e in waiting if e.publish_at]
    queue = [e for e in waiting if not e.publish_at]
    yield from _merge(
        sorted(pinned, key=lambda pair: (pair[0].instant, pair[1].number)),
        _from_cadence(series, queue, settled_slots | {slot.key for slot, _ in pinned}, since),
        series.slug,
        now,
    )


def _first_open(series: Series, past: tuple[Past, ...], since: datetime, now: datetime) -> datetime:
    """Say from when on slots of the cadence are open."""
    cadence = series.cadence
    if cadence is not None and cadence.start is not None:
        since = Slot(datetime.combine(cadence.start, cadence.at), cadence.timezone).instant
    settled = [entry.slot.instant for entry in past if entry.slot.instant <= now]
    return max([since, *(instant + timedelta(seconds=1) for instant in settled)])


def _from_cadence(
    series: Series, queue: list[Episode], taken: set[str], since: datetime
) -> Iterator[tuple[Slot, Episode | None]]:
    """Lay the waiting episodes on the free slots of the cadence, by number."""
    cadence = series.cadence
    if cadence is None or series.course is Course.HIATUS:
        return
    free = (slot for slot in cadence.slots(since) if slot.key not in taken)
    for episode in queue:
        slot = next(free, None)
        if slot is None:
            return
        yield slot, episode
    if series.course is Course.RUNNING:
        for slot in free:
            yield slot, None


def _merge(
    pinned: list[tuple[Slot, Episode]],
    regular: Iterator[tuple[Slot, Episode | None]],
    slug: str,
    now: datetime,
) -> Iterator[Entry]:
    """Zip two ordered runs of slots into one."""
    ahead = next(regular, None)
    for slot, episode in pinned:
        while ahead is not None and ahead[0].instant <= slot.instant:
            yield _entry(slug, *ahead, now)
            ahead = next(regular, None)
        yield _entry(slug, slot, episode, now)
    while ahead is not None:
        yield _entry(slug, *ahead, now)
        ahead = next(regular, None)


def _entry(slug: str, slot: Slot, episode: Episode | None, now: datetime) -> Entry:
    if episode is None:
        return Entry(slug, slot, Standing.MISSING)
    if episode.status is Status.DRAFT:
        return Entry(slug, slot, Standing.DRAFT, episode, episode.number)
    late = slot.instant < now
    return Entry(slug, slot, Standing.LATE if late else Standing.READY, episode, episode.number)
