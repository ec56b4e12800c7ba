"""The list in the hands of its editor: add, take off, look up, grant, revoke, erase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publisher.audience.address import NOWHERE, Address, parse
from publisher.audience.owed import owe
from publisher.audience.ports import Book, Clock, Register
from publisher.audience.standing import (
    advertised,
    follows,
    granted,
    joined,
    left,
    newcomer,
    revoked,
)
from publisher.audience.tokens import tombstone
from publisher.model.episode import Audience
from publisher.model.problem import Fault, Problem, Severity
from publisher.model.readership import EVERYBODY, NoticeKind, Record, Segment
from publisher.model.subscriber import (
    SubscriberState,
    Suppression,
    SuppressionReason,
)

UNKNOWN = Fault(
    "subscribers/unknown",
    Severity.ERROR,
    "{address} is not on the list.",
    "Look for it with `publisher subscribers list --find`.",
)
HAS_LEFT = Fault(
    "subscribers/left",
    Severity.ERROR,
    "{address} left the list on {date}.",
    "Only the reader can come back, through the subscribe form.",
)
IS_ERASED = Fault(
    "subscribers/erased",
    Severity.ERROR,
    "This address was erased at the reader's request.",
    "Only the reader can come back, through the subscribe form.",
)
NOT_MAILED = Fault(
    "subscribers/suppressed",
    Severity.ERROR,
    "{address} must not be mailed ({reason}, since {date}).",
    "If the reader asks for it, let them subscribe again through the form.",
)

#: How the record says who took an address in.
BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did: ``new`` for an address not on the list before."""

    record: Record
    new: bool
    changed: bool


class Subscribers:
    """The editor's use cases. Each is one transaction."""

    def __init__(self, register: Register, clock: Clock) -> None:
        self._register = register
        self._clock = clock

    def add(
        self,
        address: str,
        *,
        name: str = "",
        series: Sequence[str] = (),
        audience: Audience = Audience.FREE,
        members_until: datetime | None = None,
        locale: str = "ko",
        advertising: bool = False,
        consent: str = "",
        notify: bool = True,
    ) -> Added | Problem:
        """Put an address on the list whose owner consented elsewhere; they are told so by mail.

        ``consent`` are the words consented to. Who left, was erased or must not be mailed is
        refused: that is for the reader to change.
        """
        parsed = parse(address)
        if isinstance(parsed, Problem):
            return parsed
        now = self._clock()
        with self._register.change() as book:
            before = book.of_key(parsed.key)
            refused = _refused(book, parsed, before)
            if refused is not None:
                return refused
            record = before or newcomer(parsed, now, locale=locale, source=BY_HAND)
            after = joined(record, now, source=BY_HAND, text=consent)
            if advertising:
                after = advertised(after, now, wanted=True, source=BY_HAND, text=consent)
            if name:
                after = replace(after, subscriber=replace(after.subscriber, name=name[:100]))
            if series or before is None:
                after = follows(after, tuple(series))
            if audience is Audience.MEMBERS:
                after = granted(after, members_until)
            stored = _stored(book, before, after)
            if notify and len(after.consents) > len(record.consents):
                owe(book, stored, NoticeKind.CONSENT, now)
            return Added(stored, new=before is None, changed=before != after)

    def remove(self, address: str, *, notify: bool = True) -> Record | Problem:
        """Take an address off the list as its owner asked; they are told so by mail."""
        now = self._clock()
        with self._register.change() as book:
            record = _found(book, address)
            if isinstance(record, Problem):
                return record
            after = left(record, now, source=BY_HAND)
            book.alter([(record, after)])
            if notify and after != record:
                owe(book, after, NoticeKind.WITHDRAWAL, now)
            return after

    def let_go(self, number: int, source: str) -> bool:
        """Take off a reader who asked for it by mail; they are told so. False if that was so before."""
        now = self._clock()
        with self._register.change() as book:
            record = book.of_id(number)
            if record is None or record.subscriber.state is not SubscriberState.ACTIVE:
                return False
            after = left(record, now, source=source)
            book.alter([(record, after)])
            owe(book, after, NoticeKind.WITHDRAWAL, now)
            return True

    def find(self, address: str) -> Record | Problem:
        """Look one address up."""
        with self._register.look() as book:
            return _found(book, address)

    def each(self, segment: Segment = EVERYBODY, limit: int | None = None) -> Iterator[Record]:
        """Go through a segment by ascending id, a page at a time, never holding the list."""
        after, given = 0, 0
        while limit is None or given < limit:
            page = 500 if limit is None else min(500, limit - given)
            with self._register.look() as book:
                records = book.walk(segment, after, page)
            yield from records
            if len(records) < page:
                return
            given += len(records)
            after = records[-1].subscriber.id

    def count(self, segment: Segment = EVERYBODY) -> int:
        """Count the readers in a segment."""
        with self._register.look() as book:
            return book.count(segment)

    def grant(self, address: str, until: datetime | None = None) -> Record | Problem:
        """Make a reader a member, to an instant or without end."""
        return self._change(address, lambda record: granted(record, until))

    def revoke(self, address: str) -> Record | Problem:
        """End a membership and close the member's own feed."""
        now = self._clock()
        with self._register.change() as book:
            record = _found(book, address)
            if isinstance(record, Problem):
                return record
            after = revoked(record)
            book.alter([(record, after)])
            book.revoke_feeds(record.subscriber.id, now)
            return after

    def suppress(self, address: str, note: str = "") -> Suppression | Problem:
        """Never mail an address again, whether or not it is on the list."""
        parsed = parse(address)
        if isinstance(parsed, Problem):
            return parsed
        held = Suppression(parsed.key, SuppressionReason.BY_HAND, self._clock(), note[:200])
        with self._register.change() as book:
            book.suppress([held])
            return book.suppressed([parsed.key])[parsed.key]

    def erase(self, address: str) -> bool | Problem:
        """Erase all that is known of an address (GDPR 17, 개인정보 보호법 제36조).

        A tombstone stays, a hash that brings nobody back but keeps the address off every list
        imported later. False if nothing was known; the tombstone is set all the same.
        """
        parsed = parse(address)
        if isinstance(parsed, Problem):
            return parsed
        stone = Suppression(tombstone(parsed.key), SuppressionReason.ERASED, self._clock())
        with self._register.change() as book:
            record = book.of_key(parsed.key)
            if record is not None:
                book.forget(record)
            else:
                book.forget_doorstep(0, parsed.key)
                book.lift([parsed.key])
            book.suppress([stone])
            return record is not None

    def _change(self, address: str, change: Callable[[Record], Record]) -> Record | Problem:
        with self._register.change() as book:
            record = _found(book, address)
            if isinstance(record, Problem):
                return record
            after = change(record)
            book.alter([(record, after)])
            return after


def _found(book: Book, address: str) -> Record | Problem:
    parsed = parse(address)
    if isinstance(parsed, Problem):
        return parsed
    record = book.of_key(parsed.key)
    return record or UNKNOWN.at(NOWHERE, address=parsed.written)


def _refused(book: Book, address: Address, record: Record | None) -> Problem | None:
    held = book.suppressed([address.key, tombstone(address.key)])
    if tombstone(address.key) in held:
        return IS_ERASED.at(NOWHERE)
    if (found := held.get(address.key)) is not None:
        day = found.at.date().isoformat()
        return NOT_MAILED.at(NOWHERE, address=address.written, reason=found.reason, date=day)
    if record is not None and record.subscriber.state in (
        SubscriberState.LEFT,
        SubscriberState.BOUNCED,
    ):
        day = record.left_at.date().isoformat() if record.left_at else ""
        return HAS_LEFT.at(NOWHERE, address=address.written, date=day)
    return None


def _stored(book: Book, before: Record | None, after: Record) -> Record:
    if before is not None:
        book.alter([(before, after)])
        return after
    (number,) = book.enter([after])
    return replace(after, subscriber=replace(after.subscriber, id=number))
