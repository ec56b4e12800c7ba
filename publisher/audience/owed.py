"""Mails we owe people about their subscription: written down with the deed, sent afterwards.

Written in the same transaction as what they tell, so none is lost when a process dies, and none
is told that did not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from publisher.audience.address import Address, mailbox_of
from publisher.audience.ports import Book
from publisher.model.readership import Notice, NoticeKind, Record


def owe(book: Book, record: Record, kind: NoticeKind, now: datetime) -> None:
    """Owe a subscriber a mail, due at once."""
    owe_all(book, [record], kind, now)


def owe_all(book: Book, records: Sequence[Record], kind: NoticeKind, now: datetime) -> None:
    """Owe many subscribers the same mail, due at once."""
    notices = [
        Notice(
            id=0,
            kind=kind,
            address=mailbox_of(record.subscriber.address, record.subscriber.key),
            locale=record.subscriber.locale,
            about=now,
            subscriber=record.subscriber.id,
            due_at=now,
        )
        for record in records
    ]
    book.owe(notices, [record.subscriber.key for record in records])


def owe_to(
    book: Book, address: Address, kind: NoticeKind, locale: str, wish: int, now: datetime
) -> None:
    """Owe a mail to an address that asked for something and has yet to confirm it."""
    notice = Notice(
        id=0,
        kind=kind,
        address=address.mailbox,
        locale=locale,
        about=now,
        wish=wish,
        due_at=now,
    )
    book.owe([notice], [address.key])
