"""Slots: two episodes at one, dates that are past, off the cadence, or out of order."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.episode import Episode, Series, Status
from publisher.model.problem import Fault, Problem, Severity
from publisher.model.slot import Slot

COLLISION = Fault(
    "lint/slot-collision",
    Severity.ERROR,
    "“{other}” has the same slot, {slot}.",
    "Give one of the two another date; only one episode of a series goes out at a slot.",
)
PAST = Fault(
    "lint/slot-past",
    Severity.WARNING,
    "The date {slot} is past, and the episode is not out.",
    "Write a coming date, or take the line out: the next free slot is then used.",
)
OFF_CADENCE = Fault(
    "lint/slot-off-cadence",
    Severity.WARNING,
    "{slot} is not a slot of the series, whose cadence is {cadence}.",
    "Correct the date. If it is meant, allow this rule with the reason.",
)
ORDER = Fault(
    "lint/slot-order",
    Severity.WARNING,
    "Episode {number} would go out before episode {other}.",
    "Change one of the two dates, or the numbers.",
)

#: As series.toml writes them.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check(reading: Reading) -> Iterator[Problem]:
    for slug, shelf in reading.by_series.items():
        series = reading.by_slug.get(slug)
        if series is not None:
            waiting = [e for e in shelf if (e.series, e.number) not in reading.released]
            pinned = [e for e in waiting if e.publish_at is not None]
            yield from _collisions(series, [e for e in shelf if e.publish_at is not None])
            yield from _order(pinned)
            for episode in pinned:
                yield from _date(reading, series, episode)


def _slot(series: Series, episode: Episode) -> Slot:
    if episode.publish_at is None:
        raise ValueError("only a pinned episode has a slot of its own")
    return Slot(episode.publish_at, series.timezone)


def _collisions(series: Series, pinned: list[Episode]) -> Iterator[Problem]:
    taken: dict[str, Episode] = {}
    for episode in pinned:
        slot = _slot(series, episode)
        other = taken.setdefault(slot.key, episode)
        if other is not episode:
            yield COLLISION.at(episode.place("publish_at"), other=other.name, slot=_said(slot))


def _order(pinned: list[Episode]) -> Iterator[Problem]:
    latest: Episode | None = None
    for episode in pinned:
        if latest is not None and _before(episode, latest):
            yield ORDER.at(episode.place("publish_at"), number=episode.number, other=latest.number)
        else:
            latest = episode


def _before(episode: Episode, other: Episode) -> bool:
    """Say whether a later number goes out earlier."""
    if episode.publish_at is None or other.publish_at is None or episode.number == other.number:
        return False
    return episode.publish_at < other.publish_at


def _date(reading: Reading, series: Series, episode: Episode) -> Iterator[Problem]:
    slot = _slot(series, episode)
    if (slot.instant < reading.now and episode.status is Status.DRAFT) or (
        slot.instant < reading.now and _is_open(reading, episode)
    ):
        yield PAST.at(episode.place("publish_at"), slot=_said(slot))
    cadence = series.cadence
    if cadence is not None and not cadence.is_slot(slot):
        yield OFF_CADENCE.at(
            episode.place("publish_at"),
            slot=_said(slot),
            cadence=f"{WEEKDAYS[cadence.weekday]} {cadence.at:%H:%M}",
        )


def _is_open(reading: Reading, episode: Episode) -> bool:
    """Say whether the calendar still waits for the episode."""
    return (episode.series, episode.number) in reading.waiting


def _said(slot: Slot) -> str:
    return f"{slot.local:%Y-%m-%d %H:%M}"


RULE = LintRule(
    "A date is a promise to readers. Two episodes at one slot, or a date that is past already, mean that one of them "
    "is held until somebody decides.",
    (COLLISION, PAST, OFF_CADENCE, ORDER),
    reading=check,
)
