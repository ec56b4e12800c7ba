"""Whom a release would reach if it were opened now, and who is left out for which reason.

The rule is that of ``roll``; here it is only counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case, func, literal, or_, select

from publisher.model.episode import Audience, Kind
from publisher.model.readership import EVERYBODY, Segment
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.store import roll
from publisher.store.database import Database
from publisher.store.schema import subscribers
from publisher.store.segments import addressed

REACHED = "reached"


def reach(
    database: Database,
    series: str,
    kinds: Mapping[Audience, Kind],
    instant: datetime,
    segment: Segment = EVERYBODY,
) -> tuple[dict[str, int], dict[str, int]]:
    """Count the recipients by audience, and everybody else by the first reason that keeps them out.

    Of a segment only its readers are looked at. Reasons are the subscriber's state, ``suppressed``, ``other-series``, ``no-consent`` and
    ``no-consent-to-advertising``.
    """
    state = subscribers.c.state
    active = state == SubscriberState.ACTIVE.value
    standing = case(
        (roll.suppressed(), literal("suppressed")),
        (~active, state),
        (~roll.reading(series), literal("other-series")),
        (~roll.consenting(Purpose.LETTER), literal("no-consent")),
        (~_served(kinds, instant), literal("no-consent-to-advertising")),
        else_=literal(REACHED),
    )
    audience = roll.audience(instant)
    rows_of = (
        select(standing.label("standing"), audience.label("audience"))
        .select_from(subscribers)
        .where(*addressed(segment, instant))
        .subquery()
    )
    query = select(rows_of.c.standing, rows_of.c.audience, func.count()).group_by(
        rows_of.c.standing, rows_of.c.audience
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    recipients = {str(one): 0 for one in Audience}
    left_out: dict[str, int] = {}
    for why, who, count in sorted(rows):
        if why == REACHED:
            recipients[who] += count
        else:
            left_out[why] = left_out.get(why, 0) + count
    return recipients, left_out


def _served(kinds: Mapping[Audience, Kind], instant: datetime) -> roll.Clause:
    """There is an edition for the subscriber that may be sent to them."""
    branches = [roll.wanted({one: kind}, instant) for one, kind in sorted(kinds.items())]
    return or_(*branches)
