"""Mails we owe people about their subscription: written down with the deed, sent afterwards.

Written in the same transaction as what they tell, so none is lost when a process dies, and none
is told that did not happen.
"""

from __future__ import annotations

from datetime import datetime

from publisher.audience.address import Address, mailbox_of
from publisher.audience.ports import Book
from publisher.model.readership import Notice, NoticeKind, Record


def owe(book: Book, record: Record, kind: NoticeKind, now: datetime) -> None:
    """Owe a subscriber a mail, due at once."""
    who = record.subscriber
    notice = Notice(
        id=0,
        kind=kind,
        address=mailbox_of(who.address, who.key),
        locale=who.locale,
        about=now,
        subscriber=who.id,
        due_at=now,
    )
    book.owe([notice], [who.key])


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
