"""What payment services tell us: this reader is a member now, that one no longer.

A request is signed as ``Publisher-Signature: t=<unix seconds>,v1=<hex>`` where v1 is
HMAC-SHA-256 over ``<t>.<body>`` (RFC 2104), the form Stripe made common. It counts within five
minutes, once per event, and an older event never undoes a newer one.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from publisher.audience.address import Address, parse
from publisher.audience.owed import owe_to
from publisher.audience.ports import Book, Clock, Register
from publisher.audience.standing import granted, newcomer, revoked
from publisher.model.problem import Problem
from publisher.model.readership import NoticeKind, Record, Wish, WishKind
from publisher.model.subscriber import SubscriberState

TOLERANCE = timedelta(minutes=5)
#: Octets of a request's body; an event is a few hundred.
LARGEST = 64 * 1024
_SIGNATURE = re.compile(r"t=(\d{1,12})((?:,v\d=[0-9a-f]{1,128})+)\Z")


class Kind(StrEnum):
    """What happened to a membership."""

    GRANTED = "granted"
    REVOKED = "revoked"


class Receipt(StrEnum):
    """What became of a request."""

    TAKEN = "taken"
    KNOWN = "known"
    UNSIGNED = "unsigned"
    STALE = "stale"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a membership. ``until`` is its end, None for one without."""

    id: str
    kind: Kind
    address: Address
    at: datetime
    until: datetime | None = None


def signed(secret: bytes, at: datetime, body: bytes) -> str:
    """Give the header that a payment service sends with a body."""
    moment = int(at.timestamp())
    return f"t={moment},v1={_mac(secret, moment, body)}"


def _mac(secret: bytes, moment: int, body: bytes) -> str:
    return hmac.new(secret, f"{moment}.".encode() + body, "sha256").hexdigest()


class Membership:
    """The webhook's use case. ``secrets`` may be several while one is being changed."""

    def __init__(
        self, register: Register, secrets: Sequence[bytes], clock: Clock, consent: str = ""
    ) -> None:
        self._register = register
        self._secrets = tuple(secrets)
        self._clock = clock
        self._consent = consent

    def receive(self, signature: str, body: bytes) -> Receipt:
        """Verify, read and carry out one request; carrying it out twice is carrying it out once."""
        refused = self._verify(signature, body)
        if refused is not None:
            return refused
        event = read(body)
        if event is None:
            return Receipt.UNREADABLE
        now = self._clock()
        with self._register.change() as book:
            fresh = book.paid(event.id, event.address.key, event.kind.value, event.at, now)
            if not fresh:
                return Receipt.KNOWN
            carry_out(book, event, now, self._consent)
        return Receipt.TAKEN

    def _verify(self, signature: str, body: bytes) -> Receipt | None:
        match = _SIGNATURE.match(signature) if len(signature) < 2000 else None
        if match is None or not self._secrets:
            return Receipt.UNSIGNED
        moment = int(match[1])
        given = [part[3:] for part in match[2].split(",") if part.startswith("v1=")]
        genuine = False
        for secret in self._secrets:
            expected = _mac(secret, moment, body)
            for mac in given:
                genuine |= hmac.compare_digest(expected, mac)
        if not genuine:
            return Receipt.UNSIGNED
        age = abs(self._clock().timestamp() - moment)
        return None if age <= TOLERANCE.total_seconds() else Receipt.STALE


def read(body: bytes) -> Event | None:
    """Read the JSON of an event; None for anything else.

    ``{"id": …, "type": "granted" | "revoked", "address": …, "at": ISO 8601, "until": ISO 8601}``
    """
    try:
        data = json.loads(body)
        address = parse(str(data["address"]))
        if isinstance(address, Problem):
            return None
        number = str(data["id"])
        until = data.get("until")
        event = Event(
            id=number,
            kind=Kind(str(data["type"])),
            address=address,
            at=_aware(str(data["at"])),
            until=_aware(str(until)) if until else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None
    return event if 0 < len(number) <= 200 and number.isprintable() else None


def _aware(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant names its zone")
    return instant.astimezone(UTC)


def carry_out(book: Book, event: Event, now: datetime, consent: str) -> None:
    """Make or end a membership; ``consent`` are the words a newcomer is asked with."""
    if event.kind is Kind.GRANTED:
        _grant(book, event, now, consent)
    else:
        _revoke(book, event, now)


def _grant(book: Book, event: Event, now: datetime, consent: str) -> None:
    """Make a member; whoever is not an active reader is asked by mail whether they want the letter."""
    before = book.of_key(event.address.key)
    record = before or newcomer(event.address, now, source="payment")
    after = granted(record, event.until)
    if before is not None:
        book.alter([(before, after)])
    else:
        (number,) = book.enter([after])
        after = replace(after, subscriber=replace(after.subscriber, id=number))
    if after.subscriber.state is not SubscriberState.ACTIVE:
        _ask(book, event, after, now, consent)


def _ask(book: Book, event: Event, record: Record, now: datetime, consent: str) -> None:
    wish = Wish(
        id=0,
        kind=WishKind.SIGN_UP,
        address=event.address.written,
        key=event.address.key,
        at=now,
        series=record.subscriber.series,
        locale=record.subscriber.locale,
        source="payment",
        text=consent,
    )
    number = book.wish(wish)
    owe_to(book, event.address, NoticeKind.CONFIRM, wish.locale, number, now)


def _revoke(book: Book, event: Event, now: datetime) -> None:
    before = book.of_key(event.address.key)
    if before is None:
        return
    book.alter([(before, revoked(before))])
    book.revoke_feeds(before.subscriber.id, now)
