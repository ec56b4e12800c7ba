"""A shop's list of who pays, taken as the whole truth about memberships and nothing else.

Who is in it becomes or stays a member, and who is not stops being one. No consent follows from
paying: an address nobody knows is asked by mail, once, and who left stays away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import BinaryIO

from publisher.audience.address import Address
from publisher.audience.listed import changing, listed
from publisher.audience.membership import Event, Kind, carry_out
from publisher.audience.ports import Book, Register
from publisher.audience.sheet import EMPTY_FILE
from publisher.audience.standing import granted
from publisher.audience.tokens import tombstone
from publisher.model.episode import Audience
from publisher.model.problem import Place, Problem
from publisher.model.readership import Record, Segment

_MEMBERS = Segment(audience=Audience.MEMBERS)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Payer:
    """One who pays, to an instant or without end."""

    address: Address
    until: datetime | None


@dataclass(slots=True)
class Synced:
    """What a shop's list came to, in numbers of readers.

    ``asked`` are new and get one mail that asks whether they want the letter. ``kept`` would have
    ended, had every row been readable. ``problems`` name the rows that were not.
    """

    granted: int = 0
    changed: int = 0
    same: int = 0
    asked: int = 0
    ended: int = 0
    kept: int = 0
    shut_out: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        names = ("granted", "changed", "same", "asked", "ended", "kept", "shut_out")
        return {name: getattr(self, name) for name in names}


def sync_members(
    file: BinaryIO,
    path: str,
    register: Register,
    now: datetime,
    zone: tzinfo,
    *,
    consent: str = "",
    dry_run: bool = False,
) -> Synced | Problem:
    """Make memberships what a CSV file says they are, all in one transaction.

    ``path`` names the file in problems; dates without a zone are local to ``zone``; ``consent``
    are the words a newcomer is asked with. Where a row cannot be read, or none says that
    somebody pays, nobody's membership ends: the file may be cut short.
    """
    opened = listed(file, path, zone)
    if opened is None:
        return EMPTY_FILE.at(Place(path))
    if isinstance(opened, Problem):
        return opened
    done = Synced()
    payers: dict[str, Payer] = {}
    for _, one in opened.rows:
        if isinstance(one, Problem):
            done.problems.append(one)
        elif one.address is not None and one.audience is not Audience.FREE:
            payers[one.address.key] = Payer(one.address, one.members_until)
    with changing(register, dry_run=dry_run) as book:
        _end(book, payers, now, done)
        for key, payer in payers.items():
            _pay(book, key, payer, now, consent, done)
    return done


def _pay(book: Book, key: str, payer: Payer, now: datetime, consent: str, done: Synced) -> None:
    before = book.of_key(key)
    if before is not None:
        after = granted(before, payer.until)
        if after == before:
            done.same += 1
            return
        book.alter([(before, after)])
        was_member = before.subscriber.audience is Audience.MEMBERS
        done.changed += was_member
        done.granted += not was_member
        return
    stone = tombstone(key)
    if book.suppressed([key, stone]):
        done.shut_out += 1
        return
    carry_out(book, Event("", Kind.GRANTED, payer.address, now, payer.until), now, consent)
    done.asked += 1


def _end(book: Book, payers: dict[str, Payer], now: datetime, done: Synced) -> None:
    """End every membership that the file does not name, unless the file may not be whole."""
    for record in _members(book):
        if record.subscriber.key in payers:
            continue
        if done.problems or not payers:
            done.kept += 1
            continue
        address = Address(record.subscriber.address, "", record.subscriber.key)
        carry_out(book, Event("", Kind.REVOKED, address, now), now, "")
        done.ended += 1


def _members(book: Book) -> Iterator[Record]:
    after = 0
    while page := book.walk(_MEMBERS, after, _PAGE):
        yield from page
        after = page[-1].subscriber.id
