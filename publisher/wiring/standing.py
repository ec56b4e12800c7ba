"""How everything stands: releases with their deliveries, held slots, what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from publisher.audience.notices import OUTCOME_WITHIN, late
from publisher.delivery.alarms import RELAY
from publisher.model.calendar import Standing
from publisher.model.delivery import UNFINISHED, DeliveryState
from publisher.model.readership import Backlog
from publisher.model.release import Release, ReleaseState
from publisher.press.agenda import agenda
from publisher.translation import translate
from publisher.wiring.holding import Held, holds
from publisher.wiring.newsroom import Newsroom

#: For so long it is shown that a mail server which was away serves again.
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standings:
    """One release and its deliveries by state; ``ahead`` are readers without one yet, about."""

    release: Release
    counts: dict[DeliveryState, int]
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of a publication at one moment; ``needs`` are sentences for a person to
    act on, ``notes`` for a person to know."""

    releases: tuple[Standings, ...]
    held: tuple[Held, ...]
    needs: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Give it as scripts read it."""
        return {
            "releases": [
                {
                    "release": one.release.name,
                    "title": one.release.title,
                    "slot": one.release.slot.key,
                    "state": str(one.release.state),
                    "reason": one.release.reason,
                    "segment": one.release.segment or None,
                    "deliveries": {str(state): n for state, n in one.counts.items()},
                    "ahead": one.ahead,
                }
                for one in self.releases
            ],
            "held": [one.as_data() for one in self.held],
            "needs": list(self.needs),
            "notes": list(self.notes),
        }


def standing(newsroom: Newsroom, language: str = "") -> Overview:
    """Look at ledger and calendar. Never writes; a publication without a ledger has nothing yet.

    ``language`` is that of the needs; the publication's own where none is asked for.
    """
    if not newsroom.has_database:
        return Overview((), (), ())
    from publisher.store.deliveries import Deliveries
    from publisher.store.releases import Releases
    from publisher.store.subscribers import Register

    ledger, deliveries = Releases(newsroom.database), Deliveries(newsroom.database)
    releases = tuple(
        Standings(r, deliveries.counts(r.id), deliveries.ahead(r.id)) for r in ledger.listed()
    )
    table = newsroom.table()
    lines = [one for one in agenda(table, weeks=0) if one.entry.standing is Standing.HELD]
    language = language or newsroom.publication.language
    held = tuple(holds(newsroom, table, lines, language))
    needs = _needs(releases, held, language)
    owed = late(Register(newsroom.database), newsroom.clock())
    if owed.since is not None:
        needs.append(_owed(owed, owed.since, newsroom.publication.timezone, language))
    trouble, passed = _trouble(newsroom, releases, language)
    return Overview(releases, held, (*needs, *trouble), tuple(passed))


def _trouble(
    newsroom: Newsroom, releases: tuple[Standings, ...], language: str
) -> tuple[list[str], list[str]]:
    """Say that mails wait for a server, if some do; or that one that was away serves again."""
    from publisher.store.alerts import Alerts

    waiting = [
        one.release.opened
        for one in releases
        if one.release.state is ReleaseState.OPEN
        and one.release.opened is not None
        and (one.ahead or any(one.counts.get(state) for state in UNFINISHED))
    ]
    since = min([newsroom.clock() - REMEMBERED, *waiting])
    told = Alerts(newsroom.database).latest(RELAY, since)
    if told is None:
        return [], []
    zone = ZoneInfo(newsroom.publication.timezone)
    time, reason = f"{told.at.astimezone(zone):%H:%M}", told.key.split(" ", 2)[-1]
    if told.over is not None:
        passed = translate(
            "The mail server takes mails again since {again}; at {time} none could be used ({reason})",
            language,
            again=f"{told.over.astimezone(zone):%H:%M}",
            time=time,
            reason=reason,
        )
        return [], [passed]
    if not waiting:
        return [], []
    lasting = translate(
        "At {time} no mail server could be used ({reason}): what waits is tried again by itself; see that the server runs and [[delivery.relay]] is right",
        language,
        time=time,
        reason=reason,
    )
    return [lasting], []


def _owed(owed: Backlog, since: datetime, timezone: str, language: str) -> str:
    """Say which mails the law waits for, until when, and what to do."""
    last = since + OUTCOME_WITHIN
    return translate(
        "{count} notices to readers that the law wants out by {day} still wait ({reason}): see that “publisher run” is running and its mail server answers",
        language,
        count=owed.count,
        day=last.astimezone(ZoneInfo(timezone)).date(),
        reason=owed.failure or "—",
    )


def _needs(releases: tuple[Standings, ...], held: tuple[Held, ...], language: str) -> list[str]:
    found = [
        translate(
            "{series} {slot} is held: {why}. {remedy}",
            language,
            series=one.line.series,
            slot=one.line.entry.slot.shown,
            why=one.why.rstrip("."),
            remedy=one.remedy,
        )
        for one in held
    ]
    for one in releases:
        name = one.release.name
        if one.release.state is ReleaseState.PAUSED:
            reason = one.release.reason or "—"
            found.append(
                translate(
                    "{release} is paused: {reason}. Go on with: publisher resume {release}",
                    language,
                    release=name,
                    reason=reason,
                )
            )
        uncertain = one.counts.get(DeliveryState.UNCERTAIN, 0)
        if uncertain:
            found.append(
                translate(
                    "{release} has {count} deliveries whose answer was lost: publisher resolve {release} --resend or --assume-sent",
                    language,
                    release=name,
                    count=uncertain,
                )
            )
    return found
