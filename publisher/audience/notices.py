"""The mails we owe people about their subscription: set, handed over, recorded.

Korean law asks for two of them: the outcome of a consent or a withdrawal within 14 days
(정보통신망법 시행령 제62조의2), sent here at once, and a confirmation of consent every two years
(제62조의3). The record of what was sent is the proof, kept with the subscriber and erased with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from publisher.audience.address import masked
from publisher.audience.door import WISH_LASTS
from publisher.audience.owed import owe_all
from publisher.audience.ports import (
    Book,
    Clock,
    Courier,
    CourierError,
    Letter,
    Pages,
    Register,
    Shelf,
)
from publisher.audience.tokens import Purpose as For
from publisher.audience.tokens import Tokens
from publisher.model.readership import Backlog, Notice, NoticeKind, Record
from publisher.model.subscriber import Purpose, SubscriberState

#: Within this time the law wants the outcome of consent or withdrawal told.
OUTCOME_WITHIN = timedelta(days=14)
#: Consent is confirmed every two years; we ask a month before they are over.
CONFIRM_AFTER = timedelta(days=2 * 365 - 30)
#: A wish nobody confirmed is forgotten.
FORGET_WISHES = timedelta(days=30)
#: A mail that waits longer than this will not go by itself; most of the law's time is left.
LATE_AFTER = timedelta(days=1)
_LEASE = timedelta(minutes=10)
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=5), timedelta(hours=12)
_GIVE_UP = 40


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the post did."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    asked: int = 0


def late(register: Register, now: datetime) -> Backlog:
    """Say which mails the law asks for wait so long that a person has to look."""
    with register.look() as book:
        return book.backlog(now - LATE_AFTER)


class Notices:
    """Sends what is owed. Several processes may do so at once; each mail is taken up by one."""

    def __init__(
        self,
        register: Register,
        courier: Courier,
        pages: Pages,
        tokens: Tokens,
        shelf: Shelf,
        clock: Clock,
        base: str,
        zone: tzinfo,
    ) -> None:
        self._register = register
        self._courier = courier
        self._pages = pages
        self._tokens = tokens
        self._shelf = shelf
        self._clock = clock
        self._base = base.rstrip("/")
        self._zone = zone

    def send_due(self, limit: int = 100) -> Round:
        """Send what is due now, the oldest first; a failure waits longer each time."""
        now = self._clock()
        with self._register.change() as book:
            owed = book.owed(now, limit)
            book.lease([notice.id for notice in owed], now + _LEASE)
        sent = failed = dropped = 0
        for notice in owed:
            with self._register.look() as book:
                letter = self._letter(book, notice)
            if letter is None:
                with self._register.change() as book:
                    book.drop_notice(notice.id)
                dropped += 1
                continue
            try:
                self._courier.send(letter)
            except CourierError as error:
                self._put_off(notice, str(error))
                failed += 1
                continue
            with self._register.change() as book:
                book.told(notice.id, self._clock())
            sent += 1
        return Round(sent, failed, dropped)

    def tend(self) -> Round:
        """Do the round of a day: ask for confirmations that fall due, forget old wishes, send."""
        now = self._clock()
        asked = 0
        with self._register.change() as book:
            book.drop_wishes(now - FORGET_WISHES)
            while records := book.unconfirmed(now - CONFIRM_AFTER):
                asked += len(records)
                owe_all(book, records, NoticeKind.RECONFIRM, now)
        done = self.send_due()
        return Round(done.sent, done.failed, done.dropped, asked)

    def _put_off(self, notice: Notice, why: str) -> None:
        wait = min(_FIRST_RETRY * 2 ** min(notice.attempts, 12), _LAST_RETRY)
        with self._register.change() as book:
            if notice.attempts >= _GIVE_UP:
                book.drop_notice(notice.id)
            else:
                book.untold(notice.id, why, self._clock() + wait)

    # --- setting a letter ------------------------------------------------------------------

    def _letter(self, book: Book, notice: Notice) -> Letter | None:
        """Set a mail from its templates; None if there is nothing to tell any more."""
        values = _WORDS[notice.kind](self, book, notice)
        if values is None:
            return None
        language = notice.locale if notice.locale in {"ko", "en"} else "ko"
        day = written_day(notice.about, self._zone, language)
        shared = {"language": language, "day": day, "base": self._base, **values}
        text = self._pages.render(f"mail/{notice.kind}.{language}.txt.j2", **shared)
        subject, _, body = text.strip().partition("\n")
        html = self._pages.render(
            "mail/letter.html.j2",
            subject=subject.strip(),
            paragraphs=paragraphs(body),
            language=language,
        )
        return Letter(
            address=notice.address,
            subject=subject.strip(),
            text=body.strip() + "\n",
            html=html,
            locale=language,
            name=f"notice-{notice.id}",
            leave_url=str(values.get("leave_url", "")),
        )

    def _wished(self, book: Book, notice: Notice) -> dict[str, object] | None:
        """Words for who must confirm: the link, and how long it opens."""
        wish = book.wish_of(notice.wish)
        if wish is None or wish.done_at is not None or self._clock() >= wish.at + WISH_LASTS:
            return None
        purpose = For.CONFIRM if notice.kind is NoticeKind.CONFIRM else For.CHANGE
        token = self._tokens.make(purpose, wish.id)
        return {
            "confirm_url": f"{self._base}/subscribe/{token}",
            "days": WISH_LASTS.days,
            "series": self._titles(wish.series, notice),
        }

    def _reader(self, book: Book, notice: Notice) -> dict[str, object] | None:
        """Words for a subscriber: their links, and what they consented to and when."""
        record = book.of_id(notice.subscriber)
        if record is None:
            return None
        active = record.subscriber.state is SubscriberState.ACTIVE
        if not active and notice.kind is not NoticeKind.WITHDRAWAL:
            return None
        letter, ads = record.consent(Purpose.LETTER), record.consent(Purpose.ADVERTISING)
        values: dict[str, object] = {
            **self._links(record),
            "series": self._titles(record.subscriber.series, notice),
            "consent_day": self._day(letter.at if letter else record.subscriber.since, notice),
            "advertising_day": self._day(ads.at, notice) if ads and ads.given else "",
            "newest": self._shelf.newest(record.subscriber.series)
            if notice.kind is NoticeKind.WELCOME
            else None,
        }
        if not active:
            del values["leave_url"]
        return values

    def _moved(self, book: Book, notice: Notice) -> dict[str, object] | None:
        """Words for the mailbox somebody moved away from: no link into the new one."""
        record = book.of_id(notice.subscriber)
        return None if record is None else {"there": masked(record.subscriber.address)}

    def _links(self, record: Record) -> dict[str, object]:
        number, epoch = record.subscriber.id, record.epoch
        leave = self._tokens.make(For.LEAVE, number, epoch)
        preferences = self._tokens.make(For.PREFERENCES, number, epoch)
        return {
            "leave_url": f"{self._base}/u/{leave}",
            "preferences_url": f"{self._base}/p/{preferences}",
            "subscribe_url": f"{self._base}/subscribe",
        }

    def _titles(self, series: tuple[str, ...], notice: Notice) -> list[str]:
        titles = {offer.slug: offer.title for offer in self._shelf.offers()}
        marks = ("“", "”") if notice.locale == "en" else ("《", "》")
        return [titles.get(slug, slug).join(marks) for slug in series]

    def _day(self, instant: datetime, notice: Notice) -> str:
        return written_day(instant, self._zone, notice.locale)


_WORDS: dict[NoticeKind, Callable[[Notices, Book, Notice], dict[str, object] | None]] = {
    NoticeKind.CONFIRM: Notices._wished,
    NoticeKind.CHANGE: Notices._wished,
    NoticeKind.CHANGED: Notices._moved,
    NoticeKind.ALREADY: Notices._reader,
    NoticeKind.WELCOME: Notices._reader,
    NoticeKind.CONSENT: Notices._reader,
    NoticeKind.WITHDRAWAL: Notices._reader,
    NoticeKind.RECONFIRM: Notices._reader,
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a mail; one that ends in an address of its own becomes a link that says ``text``."""

    text: str
    url: str = ""


def paragraphs(body: str) -> list[Paragraph]:
    """Cut a mail's text into paragraphs, so that its HTML says the same by construction."""
    found = []
    for block in body.strip().split("\n\n"):
        lines = [line.strip() for line in block.strip().splitlines()]
        if not lines:
            continue
        if len(lines) > 1 and lines[-1].startswith(("https://", "http://")):
            found.append(Paragraph(" ".join(lines[:-1]).rstrip(":"), lines[-1]))
        else:
            found.append(Paragraph("\n".join(lines)))
    return found


def written_day(instant: datetime, zone: tzinfo, language: str) -> str:
    """Write the day of an instant in the publication's zone as readers do."""
    day = instant.astimezone(zone)
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"
