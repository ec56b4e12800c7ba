"""The front door: readers come, choose, move and leave by themselves, each from their own mailbox.

Nothing is true until the owner of the mailbox says so (double opt-in), and nobody learns from
any answer whether an address is on the list. Leaving needs one request and nothing else
(RFC 8058; 정보통신망법 제50조: a refusal must cost nothing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from publisher.audience.address import Address, parse
from publisher.audience.owed import owe, owe_all, owe_to
from publisher.audience.ports import Book, Clock, Register
from publisher.audience.standing import advertised, follows, joined, left, moved, newcomer
from publisher.audience.tokens import Purpose as For
from publisher.audience.tokens import Tokens, tombstone
from publisher.model.problem import Problem
from publisher.model.readership import NoticeKind, Record, Wish, WishKind
from publisher.model.subscriber import SubscriberState, SuppressionReason

#: How long the link in a confirmation mail opens.
WISH_LASTS = timedelta(days=7)
#: One address gets a confirmation mail at most this often, whoever asks: no mail bombing.
PAUSE, A_DAY, MAILS_A_DAY = timedelta(minutes=10), timedelta(days=1), 3


@dataclass(frozen=True, slots=True)
class SignUp:
    """What the subscribe form says. ``text`` are the words consented to, ``source`` from where."""

    address: str
    series: tuple[str, ...] = ()
    advertising: bool = False
    locale: str = "ko"
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader chooses on the preferences page."""

    series: tuple[str, ...]
    advertising: bool
    locale: str
    source: str
    text: str = ""


class FrontDoor:
    """What a reader can do without an editor. Each is one transaction."""

    def __init__(self, register: Register, tokens: Tokens, clock: Clock) -> None:
        self._register = register
        self._tokens = tokens
        self._clock = clock

    # --- coming in ----------------------------------------------------------------------

    def sign_up(self, wanted: SignUp) -> Problem | None:
        """Take in a sign-up; a Problem only for what is no address at all.

        Known, unknown, suppressed and over-asked addresses get the same answer.
        """
        address = parse(wanted.address)
        if isinstance(address, Problem):
            return address
        now = self._clock()
        with self._register.change() as book:
            if _asked_enough(book, address.key, now) or _barred(book, address.key):
                return None
            record = book.of_key(address.key)
            active = record is not None and record.subscriber.state is SubscriberState.ACTIVE
            wish = _sign_up(address, wanted, now)
            number = book.wish(wish)
            if active and record is not None:
                owe(book, record, NoticeKind.ALREADY, now)
            else:
                owe_to(book, address, NoticeKind.CONFIRM, wanted.locale, number, now)
        return None

    def wish(self, token: str) -> Wish | None:
        """Look at what a confirmation link would confirm; None if it opens nothing (any more)."""
        with self._register.look() as book:
            return self._wish(book, token)

    def confirm(self, token: str) -> Record | None:
        """Make a wish true. A second press answers as the first; None if the link is void."""
        now = self._clock()
        with self._register.change() as book:
            wish = self._wish(book, token)
            if wish is None:
                return None
            if wish.done_at is not None:
                return book.of_key(wish.key)
            done = _come_in if wish.kind is WishKind.SIGN_UP else _move
            record = done(book, wish, now)
            if record is not None:
                book.fulfil(wish.id, now)
            return record

    def _wish(self, book: Book, token: str) -> Wish | None:
        for purpose, kind in ((For.CONFIRM, WishKind.SIGN_UP), (For.CHANGE, WishKind.CHANGE)):
            read = self._tokens.read(token, purpose)
            wish = book.wish_of(read.id) if read is not None else None
            if wish is not None and wish.kind is kind:
                fresh = self._clock() < wish.at + WISH_LASTS
                return wish if fresh or wish.done_at is not None else None
        return None

    # --- leaving ------------------------------------------------------------------------

    def leaver(self, token: str) -> Record | None:
        """Look at who would leave by a link; None if it is void."""
        with self._register.look() as book:
            return self._holder(book, token, For.LEAVE)

    def leave(self, token: str, source: str) -> bool:
        """Take a reader off the list; whether the link was good is nobody's business but ours."""
        return self.leave_all([(token, source)])[0]

    def leave_all(self, leavers: Sequence[tuple[str, str]]) -> list[bool]:
        """Take many readers off in one transaction, as a storm of one-click requests brings them."""
        now = self._clock()
        read = [self._tokens.read(token, For.LEAVE) for token, _ in leavers]
        with self._register.change() as book:
            known = book.of_ids([token.id for token in read if token is not None])
            gone: dict[int, tuple[Record, Record]] = {}
            answers = []
            for token, (_, source) in zip(read, leavers, strict=True):
                record = known.get(token.id) if token is not None else None
                good = record is not None and token is not None and record.epoch == token.epoch
                answers.append(good)
                if good and record is not None and record.subscriber.id not in gone:
                    gone[record.subscriber.id] = (record, left(record, now, source=source))
            pairs = [(before, after) for before, after in gone.values() if before != after]
            book.alter(pairs)
            owe_all(book, [after for _, after in pairs], NoticeKind.WITHDRAWAL, now)
        return answers

    # --- choosing -----------------------------------------------------------------------

    def preferences(self, token: str) -> Record | None:
        """Find whose preferences a link opens; None if it is void."""
        with self._register.look() as book:
            return self._holder(book, token, For.PREFERENCES)

    def prefer(self, token: str, choices: Choices) -> Record | None:
        """Keep what a reader chose; None if the link is void. Who had left comes back by it."""
        now = self._clock()
        with self._register.change() as book:
            record = self._holder(book, token, For.PREFERENCES)
            if record is None or _barred(book, record.subscriber.key):
                return None
            before = record
            if record.subscriber.state is not SubscriberState.ACTIVE:
                book.lift([record.subscriber.key])
                record = joined(record, now, source=choices.source, text=choices.text)
            record = follows(record, choices.series)
            record = advertised(
                record,
                now,
                wanted=choices.advertising,
                source=choices.source,
                text=choices.text,
            )
            record = replace(record, subscriber=replace(record.subscriber, locale=choices.locale))
            book.alter([(before, record)])
            if len(record.consents) > len(before.consents):
                owe(book, record, NoticeKind.CONSENT, now)
            return record

    def withdraw(self, token: str, source: str) -> Record | None:
        """Leave from the preferences page."""
        now = self._clock()
        with self._register.change() as book:
            record = self._holder(book, token, For.PREFERENCES)
            return None if record is None else _go(book, record, source, now)

    def move(self, token: str, address: str, source: str) -> Problem | bool:
        """Ask to get the letter elsewhere: a mail goes there; False if the link is void.

        An address that is on the list already gets no mail, and nobody is told.
        """
        there = parse(address)
        now = self._clock()
        with self._register.change() as book:
            record = self._holder(book, token, For.PREFERENCES)
            if record is None:
                return False
            if isinstance(there, Problem):
                return there
            taken = book.of_key(there.key) is not None
            if taken or _asked_enough(book, there.key, now) or _barred(book, there.key):
                return True
            who = record.subscriber
            wish = Wish(
                id=0,
                kind=WishKind.CHANGE,
                address=there.written,
                key=there.key,
                at=now,
                subscriber=who.id,
                locale=who.locale,
                source=source,
            )
            number = book.wish(wish)
            owe_to(book, there, NoticeKind.CHANGE, who.locale, number, now)
            return True

    def _holder(self, book: Book, token: str, purpose: For) -> Record | None:
        read = self._tokens.read(token, purpose)
        record = book.of_id(read.id) if read is not None else None
        return (
            record
            if record is not None and read is not None and record.epoch == read.epoch
            else None
        )


def _sign_up(address: Address, wanted: SignUp, now: datetime) -> Wish:
    return Wish(
        id=0,
        kind=WishKind.SIGN_UP,
        address=address.written,
        key=address.key,
        at=now,
        series=wanted.series,
        advertising=wanted.advertising,
        locale=wanted.locale,
        source=wanted.source,
        text=wanted.text,
    )


def _asked_enough(book: Book, key: str, now: datetime) -> bool:
    recent = book.wishes_since(key, now - A_DAY)
    return len(recent) >= MAILS_A_DAY or any(wish.at > now - PAUSE for wish in recent)


def _barred(book: Book, key: str) -> bool:
    """Say whether an editor shut an address out; every other suppression the owner may lift."""
    held = book.suppressed([key]).get(key)
    return held is not None and held.reason is SuppressionReason.BY_HAND


def _come_in(book: Book, wish: Wish, now: datetime) -> Record | None:
    address = parse(wish.address)
    if isinstance(address, Problem) or _barred(book, wish.key):
        return None
    before = book.of_key(wish.key)
    record = before or newcomer(address, now, locale=wish.locale, source=wish.source)
    after = joined(record, now, source=wish.source, text=wish.text)
    if wish.advertising:
        after = advertised(after, now, wanted=True, source=wish.source, text=wish.text)
    after = follows(after, wish.series)
    after = replace(after, subscriber=replace(after.subscriber, locale=wish.locale))
    book.lift([wish.key, tombstone(wish.key)])
    if before is not None:
        book.alter([(before, after)])
    else:
        (number,) = book.enter([after])
        after = replace(after, subscriber=replace(after.subscriber, id=number))
    owe(book, after, NoticeKind.WELCOME, now)
    return after


def _move(book: Book, wish: Wish, now: datetime) -> Record | None:
    address = parse(wish.address)
    before = book.of_id(wish.subscriber)
    if isinstance(address, Problem) or before is None or book.of_key(wish.key) is not None:
        return None
    owe(book, before, NoticeKind.CHANGED, now)
    after = moved(before, address)
    book.alter([(before, after)])
    return after


def _go(book: Book, record: Record, source: str, now: datetime) -> Record:
    after = left(record, now, source=source)
    if after != record:
        book.alter([(record, after)])
        owe(book, after, NoticeKind.WITHDRAWAL, now)
    return after
