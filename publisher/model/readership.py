"""What is kept of readers beside the list itself: their whole record, wishes, and what we told them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from publisher.model.episode import Audience
from publisher.model.subscriber import (
    Consent,
    Purpose,
    Subscriber,
    SubscriberState,
    Suppression,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One subscriber with everything that hangs on it.

    ``epoch`` grows to void every link given out before. ``left_at`` is when the subscriber
    ceased to be active, None while active. ``consents`` are all acts, oldest first.
    """

    subscriber: Subscriber
    epoch: int = 0
    left_at: datetime | None = None
    consents: tuple[Consent, ...] = ()
    suppression: Suppression | None = None

    def consent(self, purpose: Purpose) -> Consent | None:
        """Give the act that stands for a purpose: the last one."""
        acts = [act for act in self.consents if act.purpose is purpose]
        return acts[-1] if acts else None

    def consents_to(self, purpose: Purpose) -> bool:
        """Say whether consent to a purpose stands."""
        act = self.consent(purpose)
        return act is not None and act.given


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the list: who is in it must fit every field that is set.

    ``series`` are slugs of which a reader follows at least one; ``domains`` are A-labels;
    ``since`` and ``before`` bound the day of subscription; ``named`` is part of an address or
    a name. An empty Segment is everybody.
    """

    name: str = ""
    series: tuple[str, ...] = ()
    audience: Audience | None = None
    since: datetime | None = None
    before: datetime | None = None
    domains: tuple[str, ...] = ()
    state: SubscriberState | None = None
    named: str = ""


EVERYBODY = Segment()


class WishKind(StrEnum):
    """What somebody asked for and has yet to confirm from the mailbox it concerns."""

    SIGN_UP = "sign-up"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Wish:
    """A request that only the owner of a mailbox can make true (double opt-in).

    ``address`` and ``key`` are the mailbox that must confirm; ``subscriber`` the id of the one
    who wants to move there, 0 for a sign-up. ``text`` are the words consented to.
    """

    id: int
    kind: WishKind
    address: str
    key: str
    at: datetime
    subscriber: int = 0
    series: tuple[str, ...] = ()
    advertising: bool = False
    locale: str = "ko"
    source: str = ""
    text: str = ""
    done_at: datetime | None = None


class NoticeKind(StrEnum):
    """A mail to one person about their own subscription."""

    CONFIRM = "confirm"
    ALREADY = "already"
    WELCOME = "welcome"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    RECONFIRM = "reconfirm"
    CHANGE = "change"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail about a subscription, from the moment it is owed until it is recorded as sent.

    ``about`` is the instant of what it tells (the act of consent, the wish). ``address`` is an
    ASCII mailbox. ``failure`` is the last reason it could not be sent.
    """

    id: int
    kind: NoticeKind
    address: str
    locale: str
    about: datetime
    subscriber: int = 0
    wish: int = 0
    due_at: datetime | None = None
    sent_at: datetime | None = None
    attempts: int = 0
    failure: str = ""


#: The notices the law asks for: what became of a consent or a withdrawal, and the two-yearly question.
LAWFUL = (NoticeKind.WELCOME, NoticeKind.CONSENT, NoticeKind.WITHDRAWAL, NoticeKind.RECONFIRM)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Mails the law asks for that have not left: how many, of when the oldest is, why it waits."""

    count: int = 0
    since: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What else the house knows of one address, as rows ready for an access request."""

    wishes: tuple[Wish, ...] = ()
    notices: tuple[Notice, ...] = ()
    deliveries: tuple[dict[str, str], ...] = field(default_factory=tuple)
    bounces: tuple[dict[str, str], ...] = field(default_factory=tuple)
    feeds: tuple[dict[str, str], ...] = field(default_factory=tuple)
    payments: tuple[dict[str, str], ...] = field(default_factory=tuple)
