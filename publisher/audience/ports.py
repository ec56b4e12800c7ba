"""What the use cases of the audience need from the house around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from publisher.model.readership import EVERYBODY, Backlog, Notice, Record, Segment, Trace, Wish
from publisher.model.subscriber import Suppression

Clock = Callable[[], datetime]
#: Gives that many unpredictable bytes.
Chance = Callable[[int], bytes]


class List(Protocol):
    """The list of subscribers inside one transaction."""

    def of_key(self, key: str) -> Record | None: ...
    def of_id(self, number: int) -> Record | None: ...
    def of_ids(self, numbers: Sequence[int]) -> dict[int, Record]: ...
    def of_keys(self, keys: Sequence[str]) -> dict[str, Record]: ...
    def suppressed(self, keys: Sequence[str]) -> dict[str, Suppression]: ...
    def walk(
        self, segment: Segment = EVERYBODY, after: int = 0, limit: int = 500
    ) -> list[Record]: ...
    def strays(self, after: str = "", limit: int = 500) -> list[Suppression]: ...
    def count(self, segment: Segment = EVERYBODY) -> int: ...
    def unconfirmed(self, before: datetime, limit: int = 500) -> list[Record]: ...
    def enter(self, records: Sequence[Record]) -> list[int]: ...
    def alter(self, pairs: Sequence[tuple[Record, Record]]) -> None: ...
    def suppress(self, those: Sequence[Suppression]) -> None: ...
    def lift(self, keys: Sequence[str]) -> None: ...
    def forget(self, record: Record) -> None: ...


class Doorstep(Protocol):
    """Wishes, notices, payments and members' feeds inside one transaction."""

    def wish(self, wish: Wish) -> int: ...
    def wish_of(self, number: int) -> Wish | None: ...
    def wishes_since(self, key: str, since: datetime) -> list[Wish]: ...
    def fulfil(self, number: int, now: datetime) -> None: ...
    def drop_wishes(self, before: datetime) -> int: ...
    def owe(self, those: Sequence[Notice], keys: Sequence[str]) -> None: ...
    def owed(self, now: datetime, limit: int = 100) -> list[Notice]: ...
    def lease(self, numbers: Sequence[int], until: datetime) -> None: ...
    def told(self, number: int, now: datetime) -> None: ...
    def untold(self, number: int, failure: str, again: datetime) -> None: ...
    def drop_notice(self, number: int) -> None: ...
    def backlog(self, before: datetime) -> Backlog: ...
    def paid(self, event: str, key: str, kind: str, at: datetime, now: datetime) -> bool: ...
    def add_feed(self, fingerprint: str, subscriber: int, now: datetime) -> None: ...
    def revoke_feeds(self, subscriber: int, now: datetime) -> None: ...
    def feed(self, fingerprint: str) -> tuple[int, bool] | None: ...
    def has_feed(self, subscriber: int) -> bool: ...
    def trace(self, number: int, key: str) -> Trace: ...
    def forget_doorstep(self, number: int, key: str) -> None: ...


class Book(List, Doorstep, Protocol):
    """One transaction over all that is kept of readers."""


class Register(Protocol):
    """Where readers are kept: look at one consistent state, or change all of a block or nothing."""

    def look(self) -> AbstractContextManager[Book]: ...
    def change(self) -> AbstractContextManager[Book]: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, in words: whoever sends it makes the MIME message.

    ``address`` is an ASCII mailbox. ``leave_url`` is set where RFC 8058 headers belong;
    ``name`` identifies the mail so that a second copy can be told from a second mail.
    """

    address: str
    subject: str
    text: str
    html: str
    locale: str
    name: str
    leave_url: str = ""


class CourierError(Exception):
    """A letter could not be handed over; the words are for the record. It is tried again."""


class Courier(Protocol):
    """Carries single letters to people, through the same relay as the releases."""

    def send(self, letter: Letter) -> None:
        """Hand over one letter or raise CourierError."""


class Pages(Protocol):
    """Typesets what readers see from ``templates/web``; overridable by a publication."""

    def render(self, name: str, /, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A series as the subscribe form offers it, in the language it is written in."""

    slug: str
    title: str
    description: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest free episode, for the welcome mail."""

    title: str
    deck: str
    url: str
    series_title: str


class Shelf(Protocol):
    """What is published: the series on offer and the newest free episode among some of them."""

    def offers(self) -> Sequence[Offer]: ...
    def newest(self, series: Sequence[str]) -> Newest | None: ...
