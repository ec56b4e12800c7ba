"""A segment of the list as SQL conditions, the same for every statement over subscribers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_

from publisher.model.readership import Segment
from publisher.store.schema import subscriber_series, subscribers


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


def follows_one_of(series: tuple[str, ...]) -> ColumnElement[bool]:
    """Find who chose one of the series, or chose none and so gets every one."""
    mine = subscriber_series.c.subscriber_id == subscribers.c.id
    return or_(~exists().where(mine), exists().where(mine, subscriber_series.c.series.in_(series)))
