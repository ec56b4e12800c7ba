"""Who is mailed: the rule of the list as one SQL expression, the same wherever it is asked.

A subscriber is mailed when active, not suppressed, of this series, with a standing consent to the
letter (and to advertising for an edition that is one), and on the list before the release was
opened. Who was all that at the opening and is no longer is withheld, not forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, true

from publisher.model.delivery import DeliveryState
from publisher.model.episode import Audience, Kind
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.store.schema import (
    consents,
    subscriber_series,
    subscribers,
    suppressions,
)

s = subscribers.c
Clause = ColumnElement[bool]


def consenting(purpose: Purpose, by: datetime | None = None) -> Clause:
    """The last act of consent to a purpose was to give it; with ``by``, the last until then."""
    until = () if by is None else (consents.c.at <= by,)
    last = (
        select(consents.c.given)
        .where(consents.c.subscriber_id == s.id, consents.c.purpose == purpose.value, *until)
        .order_by(consents.c.id.desc())
        .limit(1)
        .correlate(subscribers)
        .scalar_subquery()
    )
    return func.coalesce(last, False).is_(True)


def reading(series: str) -> Clause:
    """The subscriber chose this series, or never chose."""
    chosen = select(subscriber_series.c.series).where(subscriber_series.c.subscriber_id == s.id)
    return or_(
        ~exists(chosen.correlate(subscribers)),
        exists(chosen.where(subscriber_series.c.series == series).correlate(subscribers)),
    )


def suppressed(since: datetime | None = None) -> Clause:
    """The address is suppressed; with ``since``, it already was then."""
    rows = select(suppressions.c.key).where(suppressions.c.key == s.key)
    if since is not None:
        rows = rows.where(suppressions.c.at <= since)
    return exists(rows.correlate(subscribers))


def member(instant: datetime) -> Clause:
    """The subscriber is a member at an instant."""
    return and_(
        s.audience == Audience.MEMBERS.value,
        or_(s.members_until.is_(None), s.members_until > instant),
    )


def audience(instant: datetime) -> ColumnElement[str]:
    """The audience a subscriber belongs to at an instant."""
    return case((member(instant), Audience.MEMBERS.value), else_=Audience.FREE.value)


def wanted(kinds: Mapping[Audience, Kind], instant: datetime, by: datetime | None = None) -> Clause:
    """There is an edition for the subscriber, and consent to what it is (or was, at ``by``)."""
    branches = []
    for one, kind in sorted(kinds.items()):
        mine = member(instant) if one is Audience.MEMBERS else ~member(instant)
        asked = consenting(Purpose.ADVERTISING, by) if kind is Kind.AD else true()
        branches.append(and_(mine, asked))
    return and_(consenting(Purpose.LETTER, by), or_(*branches)) if branches else literal(False)


def mailable(kinds: Mapping[Audience, Kind], instant: datetime) -> Clause:
    """The subscriber may be mailed now, of those who were to be when a release was opened."""
    may = and_(s.state == SubscriberState.ACTIVE.value, ~suppressed())
    return and_(may, wanted(kinds, instant)) if Kind.AD in kinds.values() else may


def addressees(
    series: str, kinds: Mapping[Audience, Kind], instant: datetime, opened: datetime
) -> Select[Any]:
    """Select (id, state) of all who were to be mailed when a release was opened.

    State is ``pending``, or ``withheld`` for who has left or was suppressed since, or no longer
    wants what is sent.
    """
    active = s.state == SubscriberState.ACTIVE.value
    # Who is active has not withdrawn the letter itself; of an advertisement there is more to ask.
    changed = true() if Kind.AD in kinds.values() else ~active
    return select(
        s.id,
        case(
            (mailable(kinds, instant), DeliveryState.PENDING.value),
            else_=DeliveryState.WITHHELD.value,
        ).label("state"),
    ).where(
        s.since <= opened,
        or_(active, s.left_at > opened),
        ~suppressed(opened),
        reading(series),
        # For those who have withdrawn a consent, as leaving does, what stood at the opening counts.
        or_(wanted(kinds, instant), and_(changed, wanted(kinds, instant, opened))),
    )
