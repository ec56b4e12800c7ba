"""A segment of the list as SQL conditions, the same for every statement over subscribers."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_

from publisher.model.episode import Audience
from publisher.model.readership import EVERYBODY, Segment
from publisher.model.subscriber import SubscriberState
from publisher.store import roll
from publisher.store.schema import instant_of, micros, subscriber_series, subscribers


def conditions(segment: Segment) -> list[ColumnElement[bool]]:
    """Give the conditions on ``subscribers`` that a reader in the segment fulfils, to be ANDed."""
    table = subscribers.c
    found: list[ColumnElement[bool]] = []
    if segment.series:
        found.append(follows_one_of(segment.series))
    if segment.audience is not None:
        found.append(table.audience == segment.audience.value)
    if segment.since is not None:
        found.append(table.since >= segment.since)
    if segment.before is not None:
        found.append(table.since < segment.before)
    if segment.domains:
        found.append(or_(*(table.key.endswith(f"@{d}", autoescape=True) for d in segment.domains)))
    if segment.state is not None:
        found.append(table.state == segment.state.value)
    if segment.named:
        needle = segment.named.lower()
        found.append(
            or_(
                table.key.contains(needle, autoescape=True),
                table.address.contains(segment.named, autoescape=True),
                table.name.contains(segment.named, autoescape=True),
            )
        )
    return found


def addressed(segment: Segment, instant: datetime) -> list[ColumnElement[bool]]:
    """Give the conditions on whom a release at an instant is for, to be ANDed with those of ``roll``.

    Only here a membership that has run out by then counts for nothing.
    """
    if segment == EVERYBODY:
        return []
    found = conditions(replace(segment, audience=None))
    if segment.audience is not None:
        found.append(roll.audience(instant) == segment.audience.value)
    return found


def written(segment: Segment) -> str:
    """Write a segment as the ledger keeps it beside a release; empty for everybody."""
    if segment == EVERYBODY:
        return ""
    kept: dict[str, Any] = {name: value for name, value in asdict(segment).items() if value}
    for name in ("since", "before"):
        if name in kept:
            kept[name] = micros(kept[name])
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def segment_of(text: str) -> Segment:
    """Read a segment that the ledger has kept."""
    if not text:
        return EVERYBODY
    kept = json.loads(text)
    since, before = (kept.get(name) for name in ("since", "before"))
    return Segment(
        name=kept.get("name", ""),
        series=tuple(kept.get("series", ())),
        audience=Audience(kept["audience"]) if "audience" in kept else None,
        since=None if since is None else instant_of(since),
        before=None if before is None else instant_of(before),
        domains=tuple(kept.get("domains", ())),
        state=SubscriberState(kept["state"]) if "state" in kept else None,
        named=kept.get("named", ""),
    )


def follows_one_of(series: tuple[str, ...]) -> ColumnElement[bool]:
    """Find who chose one of the series, or chose none and so gets every one."""
    mine = subscriber_series.c.subscriber_id == subscribers.c.id
    return or_(~exists().where(mine), exists().where(mine, subscriber_series.c.series.in_(series)))
