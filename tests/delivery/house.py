"""A small house for the post office: a real ledger, a list, and a press that sets type by itself."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from functools import partial

from sqlalchemy import insert

from publisher import store
from publisher.delivery import Office
from publisher.delivery.ports import Alert, Policy, Prepared, Serial, Transport
from publisher.delivery.postmark import Postmark
from publisher.model.body import Body
from publisher.model.edition import Card, Edition, FeedItem, Placeholder
from publisher.model.episode import Audience, Episode, Kind, Series, Status
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.release import Release
from publisher.model.slot import Cadence, Slot
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.store.deliveries import Deliveries
from publisher.store.releases import Releases
from publisher.store.schema import consents, subscribers

SEOUL = "Asia/Seoul"
#: A Friday at five in Seoul.
FRIDAY = datetime(2026, 11, 27, 8, tzinfo=UTC)
SLOT = Slot(datetime(2026, 11, 27, 17), SEOUL)
BEFORE = FRIDAY - timedelta(days=2)
CADENCE = Cadence(weekday=4, at=datetime(2026, 1, 1, 17).time(), timezone=SEOUL)
SERIES = Series("slow", "느린 연재", "episodes/slow/series.toml", cadence=CADENCE)
BROKEN = Fault("tests/broken", Severity.ERROR, "It is broken.", "Mend it.")
UNWRITABLE = Fault("tests/unwritable", Severity.ERROR, "The site is full.", "Make room.")


def episode(number: int, status: Status = Status.READY, series: str = "slow") -> Episode:
    path = f"episodes/{series}/{number:02d}-x.md"
    return Episode(series, number, "x", path, f"제목 {number}", status, Body(), "", f"v{number}")


def letter(text: str = "본문입니다. " * 40) -> bytes:
    """A mail with every placeholder, as the press would freeze it."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = "letter@slow.example"
    mail["To"] = Placeholder.ADDRESS.value
    mail["Subject"] = "slow"
    mail["Message-ID"] = f"<slow.{Placeholder.MAIL.value}@slow.example>"
    mail["List-Unsubscribe-X"] = f"<https://slow.example/u/{Placeholder.LEAVE.value}>"
    mail.set_content(f"{text}\n{Placeholder.LEAVE.value}\n{Placeholder.SINCE.value}", cte="base64")
    html = (
        f"<p>{text}</p><a href='/u/{Placeholder.LEAVE.value}'>x</a>{Placeholder.PREFERENCES.value}"
    )
    mail.add_alternative(html, subtype="html", cte="base64")
    mail.set_boundary("=-slow-boundary")
    return mail.as_bytes()


def edition(
    series: str, number: int, audience: Audience, kind: Kind = Kind.LETTER, text: str = ""
) -> Edition:
    message = letter(text) if text else letter()
    item = FeedItem("g", "u", "t", "s", "h", "a", ("x",), FRIDAY, FRIDAY)
    digest = f"sha256:{hashlib.sha256(message).hexdigest()}"
    card = Card("t", "d")
    return Edition(
        series, number, audience, kind, "s", "p", "h", "t", message, "page", item, card, digest
    )


@dataclass
class Press:
    """Sets every episode in the same type; what is broken has a problem instead."""

    shelf: list[Serial] = field(default_factory=lambda: [Serial(SERIES, (episode(1), episode(2)))])
    broken: set[int] = field(default_factory=set)
    site_fault: list[Problem] = field(default_factory=list)
    laid_out: list[str] = field(default_factory=list)
    kind: Kind = Kind.LETTER
    audiences: tuple[Audience, ...] = (Audience.FREE, Audience.MEMBERS)
    text: str = ""

    def serials(self) -> Sequence[Serial]:
        return self.shelf

    def prepare(self, series: str, number: int, slot: Slot) -> Prepared:
        if number in self.broken:
            return Prepared(problems=(BROKEN.at(Place("x.md", 3, 1)),))
        return Prepared(
            editions=tuple(
                edition(series, number, audience, self.kind, self.text)
                for audience in self.audiences
            ),
            guid=f"tag:slow.example,{slot.local:%Y-%m-%d}:{series}/{number}",
            title=f"제목 {number}",
            source=f"v{number}",
        )

    def lay_out(self, releases: Sequence[Release]) -> Sequence[Problem]:
        if not self.site_fault:
            self.laid_out += [release.name for release in releases]
        return self.site_fault


class Tokens:
    """Tokens of the right length; the subscriber's number is in them."""

    def leave(self, subscriber: int, epoch: int) -> str:
        return f"leave-{subscriber:012d}-{epoch:04d}".ljust(48, "x")

    def preferences(self, subscriber: int, epoch: int) -> str:
        return f"prefs-{subscriber:012d}-{epoch:04d}".ljust(48, "x")


@dataclass
class Bell:
    """Remembers what was rung, each thing once."""

    rung: dict[str, Alert] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)

    def ring(self, alert: Alert, now: datetime) -> None:
        self.rung.setdefault(alert.key, alert)

    def over(self, kind: str, now: datetime) -> None:
        self.passed.append(kind)

    @property
    def codes(self) -> list[str]:
        return [alert.problem.code for alert in self.rung.values()]


@dataclass
class Now:
    """A clock that stands until it is set."""

    at: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.at


@dataclass
class House:
    """An office with everything at hand for looking into it."""

    database: store.Database
    transport: Callable[[], Transport]
    press: Press = field(default_factory=Press)
    bell: Bell = field(default_factory=Bell)
    now: Now = field(default_factory=Now)
    policy: Policy = field(default_factory=partial(Policy, lease=1.0, drain=5.0))
    owner: str = "me"

    def __post_init__(self) -> None:
        self.releases = Releases(self.database)
        self.deliveries = Deliveries(self.database)

    @property
    def office(self) -> Office:
        return Office(
            press=self.press,
            releases=self.releases,
            deliveries=self.deliveries,
            transport=self.transport,
            personal=Tokens(),
            postmark=Postmark(b"tests"),
            bell=self.bell,
            owner=self.owner,
            clock=self.now,
            ticks=time.monotonic,
            sleep=time.sleep,
            bounce_domain="bounce.slow.example",
            policy=self.policy,
        )

    def with_policy(self, **changes: object) -> House:
        """Change the rules of the house."""
        self.policy = replace(self.policy, **changes)  # type: ignore[arg-type]  # fields of Policy
        return self

    def subscribe(
        self,
        addresses: Iterable[str],
        *,
        members: Iterable[str] = (),
        since: datetime = BEFORE,
        purposes: Sequence[Purpose] = (Purpose.LETTER,),
    ) -> None:
        """Put addresses on the list, with consent."""
        paying = set(members)
        rows = [
            {
                "address": address,
                "key": address.lower(),
                "state": SubscriberState.ACTIVE.value,
                "audience": (Audience.MEMBERS if address in paying else Audience.FREE).value,
                "since": since,
            }
            for address in addresses
        ]
        if not rows:
            return
        with self.database.write() as connection:
            result = connection.execute(insert(subscribers).returning(subscribers.c.id), rows)
            acts = [
                {
                    "subscriber_id": number,
                    "purpose": purpose.value,
                    "given": True,
                    "at": since,
                }
                for number in result.scalars().all()
                for purpose in purposes
            ]
            if acts:
                connection.execute(insert(consents), acts)


def readers(count: int, domain: str = "naver.example") -> list[str]:
    return [f"reader{number:06d}@{domain}" for number in range(1, count + 1)]
