"""What may happen to a subscriber, as pure changes of the record: join, leave, pay, move.

Consent to the letter and consent to advertising are kept apart (정보통신망법 제50조); leaving
withdraws both, for a reader who wants no letter wants no advertisement in it either.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from publisher.audience.address import Address
from publisher.model.episode import Audience
from publisher.model.readership import Record
from publisher.model.subscriber import Consent, Purpose, Subscriber, SubscriberState


def newcomer(
    address: Address,
    now: datetime,
    *,
    state: SubscriberState = SubscriberState.PENDING,
    locale: str = "ko",
    source: str = "",
) -> Record:
    """Open the record of an address nobody has seen before. Its id is 0 until it is stored."""
    subscriber = Subscriber(
        id=0,
        address=address.written,
        key=address.key,
        state=state,
        audience=Audience.FREE,
        since=now,
        locale=locale,
        source=source,
    )
    left_at = None if state is SubscriberState.ACTIVE else now
    return Record(subscriber, left_at=left_at)


def joined(record: Record, now: datetime, *, source: str, text: str = "") -> Record:
    """Make a subscriber active by a consent to the letter; who was active stays so."""
    subscriber = record.subscriber
    if subscriber.state is SubscriberState.ACTIVE and record.consents_to(Purpose.LETTER):
        return record
    act = Consent(Purpose.LETTER, given=True, at=now, source=source, text=text)
    active = replace(
        subscriber,
        state=SubscriberState.ACTIVE,
        since=now if subscriber.state is not SubscriberState.ACTIVE else subscriber.since,
    )
    return replace(record, subscriber=active, left_at=None, consents=(*record.consents, act))


def left(
    record: Record,
    now: datetime,
    *,
    source: str,
    state: SubscriberState = SubscriberState.LEFT,
) -> Record:
    """Take a subscriber off the list and withdraw what was consented to; leaving twice is once."""
    if record.subscriber.state is state:
        return record
    acts = tuple(
        Consent(purpose, given=False, at=now, source=source)
        for purpose in Purpose
        if record.consents_to(purpose)
    )
    gone = replace(record.subscriber, state=state)
    was_active = record.subscriber.state is SubscriberState.ACTIVE
    return replace(
        record,
        subscriber=gone,
        left_at=now if was_active or record.left_at is None else record.left_at,
        consents=(*record.consents, *acts),
    )


def advertised(
    record: Record, now: datetime, *, wanted: bool, source: str, text: str = ""
) -> Record:
    """Record consent to advertising, or its withdrawal, where it changes anything."""
    if record.consents_to(Purpose.ADVERTISING) is wanted:
        return record
    act = Consent(Purpose.ADVERTISING, given=wanted, at=now, source=source, text=text)
    return replace(record, consents=(*record.consents, act))


def granted(record: Record, until: datetime | None) -> Record:
    """Make a reader a member, to an instant or without end."""
    member = replace(record.subscriber, audience=Audience.MEMBERS, members_until=until)
    return replace(record, subscriber=member)


def revoked(record: Record) -> Record:
    """End a membership; the reader stays a reader of the free letter."""
    free = replace(record.subscriber, audience=Audience.FREE, members_until=None)
    return replace(record, subscriber=free)


def follows(record: Record, series: tuple[str, ...]) -> Record:
    """Set which series a reader gets; none at all means every one."""
    return replace(record, subscriber=replace(record.subscriber, series=tuple(sorted(set(series)))))


def moved(record: Record, address: Address) -> Record:
    """Change the address; links in mails to the old one open nothing any more."""
    there = replace(record.subscriber, address=address.written, key=address.key)
    return replace(record, subscriber=there, epoch=record.epoch + 1)


def is_member(record: Record, now: datetime) -> bool:
    """Say whether a reader reads as a member now."""
    who = record.subscriber
    return (
        who.state is SubscriberState.ACTIVE
        and who.audience is Audience.MEMBERS
        and (who.members_until is None or who.members_until > now)
    )
