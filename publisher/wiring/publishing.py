"""Releasing by hand, and sending until nothing is left to do."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from publisher.delivery import Dispatch, Office
from publisher.delivery.by_hand import release_by_hand
from publisher.model.calendar import Standing
from publisher.model.delivery import UNFINISHED, DeliveryState
from publisher.model.episode import Episode, Status
from publisher.model.history import Published
from publisher.model.problem import Fault, MisuseError, Place, Problem, Severity
from publisher.model.readership import EVERYBODY
from publisher.model.release import Recipients, Release, ReleaseState
from publisher.model.slot import Slot
from publisher.press.finding import find_episode, read_slot
from publisher.press.table import NO_HISTORY, Table
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.posthouse import post_office
from publisher.wiring.progress import Advance, silent
from publisher.wiring.segments import segment_of

NO_DUE_SLOT = Fault(
    "wiring/no-due-slot",
    Severity.ERROR,
    "{episode} has no slot that has come.",
    "Release it at once with --now, or wait for its slot: {slot}",
)
DRAFT = Fault(
    "wiring/draft",
    Severity.ERROR,
    "{episode} is still a draft.",
    "Set “status: ready” here once it is finished, then publish it again.",
)
OFF_CALENDAR = Fault(
    "wiring/off-calendar",
    Severity.ERROR,
    "{slot} is no slot of {series}.",
    "Name one of its slots, such as {near}, or send it off the calendar with --now.",
)


@dataclass(frozen=True, slots=True)
class Publishing:
    """What releasing by hand came to."""

    release: Release | None
    opened: bool
    problems: tuple[Problem, ...]
    counts: dict[DeliveryState, int] = field(default_factory=dict)

    @property
    def stranded(self) -> bool:
        """Say whether mails still wait for a server that does not answer."""
        going = self.release is not None and self.release.state is ReleaseState.OPEN
        return going and self.counts.get(DeliveryState.PENDING, 0) > 0

    def counted(self) -> str:
        """Say how many deliveries stand in which state; nothing where there are none."""
        return " · ".join(
            f"{state} {count}" for state, count in sorted(self.counts.items()) if count
        )

    def as_data(self) -> dict[str, Any]:
        """Give it as scripts read it."""
        return {
            "release": self.release.name if self.release else None,
            "slot": self.release.slot.key if self.release else None,
            "opened": self.opened,
            "segment": self.release.segment or None if self.release else None,
            "deliveries": {str(state): count for state, count in self.counts.items()},
        }


def publish(
    newsroom: Newsroom,
    asked: str,
    *,
    at_once: bool = False,
    slot: str | None = None,
    mail: bool = True,
    segment: str = "",
    send: bool = True,
    advance: Advance = silent,
) -> Publishing:
    """Release one episode by hand and deliver it, to everybody or to one segment.

    Raises MisuseError for an unknown episode, slot or segment, OutsideError when the ledger is away.
    """
    readers = segment_of(newsroom, segment) if segment else EVERYBODY
    table = newsroom.table()
    episode = find_episode(table, asked)
    if episode.status is Status.DRAFT and (episode.series, episode.number) not in table.published():
        return Publishing(None, False, (DRAFT.at(episode.place("status"), episode=episode.name),))
    chosen = _slot(newsroom, table, episode.series, episode.number, at_once, slot)
    if mail:
        _refuse_off_calendar(table, episode, chosen, asked=slot)
    office = post_office(newsroom)
    now = newsroom.clock()
    office.releases.watch(list(table.series), now)
    recipients = Recipients.LIST if mail else Recipients.NONE
    done = release_by_hand(office, episode.series, episode.number, chosen, now, recipients, readers)
    if done.release is None:
        return Publishing(None, False, done.problems)
    if mail and send:
        with stopping() as stop:
            Dispatch(office).run(_counted(stop, office, done.release.id, advance))
    return Publishing(
        done.release, done.opened, done.problems, office.deliveries.counts(done.release.id)
    )


def _slot(
    newsroom: Newsroom, table: Table, series: str, number: int, at_once: bool, asked: str | None
) -> Slot:
    """Choose the slot: the one asked for, this minute, or the one the episode has and has passed."""
    zone = table.series[series].timezone
    if asked:
        return read_slot(asked, zone)
    now = newsroom.clock()
    known: Published | None = table.published().get((series, number))
    if known is not None:
        return known.slot
    if at_once:
        local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
        return Slot(local, zone)
    past = table.histories.get(series, NO_HISTORY).past
    held = next((entry.slot for entry in past if entry.number == number), None)
    slot = held or _left_open(table, series, number) or table.expected(series).get(number)
    if slot is None or slot.instant > now:
        name = f"{series}/{number:02d}"
        shown = slot.shown if slot else "—"
        raise MisuseError(NO_DUE_SLOT.at(Place(name), episode=name, slot=shown))
    return slot


def _refuse_off_calendar(table: Table, episode: Episode, slot: Slot, *, asked: str | None) -> None:
    """Refuse a mistyped slot: its mail would leave, and the slot that was meant stay empty.

    A slot long past, of an archive that is taken over without mail, may lie anywhere.
    """
    if not asked:
        return
    cadence = table.series[episode.series].cadence
    past = table.histories.get(episode.series, NO_HISTORY).past
    if (
        cadence is None
        or cadence.is_slot(slot)
        or slot.local == episode.publish_at
        or any(entry.slot == slot for entry in past)
    ):
        return
    near = next(cadence.slots(slot.instant - timedelta(days=4)), None)
    raise MisuseError(
        OFF_CALENDAR.at(
            Place(asked),
            slot=asked,
            series=episode.series,
            near=near.local.isoformat(timespec="minutes") if near else "—",
        )
    )


def _left_open(table: Table, series: str, number: int) -> Slot | None:
    """Find the latest slot held for want of a sound episode, if this is the one it waits for."""
    past = table.histories.get(series, NO_HISTORY).past
    empty = [e.slot for e in past if e.standing is Standing.HELD and e.number is None]
    first = min(table.expected(series), default=None)
    if not empty or number != first:
        return None
    return max(empty, key=lambda slot: slot.instant)


def _counted(
    stop: Callable[[], bool], office: Office, release: int, advance: Advance
) -> Callable[[], bool]:
    """Ask whether to stop, and once a second tell how many deliveries are settled."""
    if advance is silent:
        return stop
    told = time.monotonic()

    def ask() -> bool:
        nonlocal told
        if time.monotonic() - told >= 1.0:
            told = time.monotonic()
            counts = office.deliveries.counts(release)
            waiting = sum(counts.get(state, 0) for state in UNFINISHED)
            advance(sum(counts.values()) - waiting, sum(counts.values()))
        return stop()

    return ask


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Wind up politely on SIGTERM or SIGINT while the block runs; give the question to ask."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = {
        number: signal.signal(number, lambda _signal, _frame: asked.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
