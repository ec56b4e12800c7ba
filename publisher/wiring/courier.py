"""Single mails to single people: confirmations, notices, trials, alerts to the editors.

They take the same way out as the releases, and are no deliveries: the ledger knows nothing of them.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from publisher.audience.address import Address, parse
from publisher.audience.ports import CourierError, Letter
from publisher.delivery.ports import Transport
from publisher.model.edition import Edition, Placeholder
from publisher.model.parcel import Answer, Outcome, Parcel
from publisher.model.problem import Fault, OutsideError, Place, Problem, Severity
from publisher.render.mail.single import single
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.transports import transport_of

log = logging.getLogger("publisher")
#: Seconds a single mail may take before it counts as not handed over.
PATIENCE = 60.0
#: Seconds a person waits at the desk for a trial, and for a relay that cannot be reached at all.
TRIAL_PATIENCE = 20.0
TRIAL_HASTE = 4.0
TRIAL = "[시험]"

NOT_SENT = Fault(
    "wiring/trial-not-sent",
    Severity.ERROR,
    "The mail to {address} was not accepted: {reason}.",
    "Look at the relay in [[delivery.relay]], and try again.",
)


@dataclass(frozen=True)
class RelayCourier:
    """Carries single letters through the transport of the settings."""

    newsroom: Newsroom

    def send(self, letter: Letter) -> None:
        """Hand over one letter or raise CourierError."""
        try:
            message = single(
                self.newsroom.publication.sender,
                letter.address,
                letter.subject,
                letter.text,
                letter.html,
                at=local_now(self.newsroom),
                name=letter.name,
                leave_url=letter.leave_url,
            )
            outcome = hand_over(self.newsroom, letter.address, message, letter.name)
        except (ValueError, OSError, OutsideError) as failure:
            raise CourierError(str(failure)) from failure
        if outcome.answer is not Answer.ACCEPTED:
            raise CourierError(outcome.reply or str(outcome.answer))


def local_now(newsroom: Newsroom) -> datetime:
    """Give the present in the zone of the publication, for the Date field."""
    zone = ZoneInfo(newsroom.publication.timezone)
    return newsroom.clock().astimezone(zone).replace(microsecond=0)


def hand_over(
    newsroom: Newsroom,
    recipient: str,
    message: bytes,
    name: str,
    *,
    patience: float = PATIENCE,
    haste: float = PATIENCE,
) -> Outcome:
    """Send one complete message to one ASCII mailbox and wait for the answer.

    It takes ``patience`` seconds at most, and ``haste`` seconds while no relay can be reached.
    """
    transport = transport_of(newsroom)
    try:
        return _carried(transport, newsroom, (recipient, message, name), patience, haste)
    finally:
        transport.close()


def _carried(
    transport: Transport,
    newsroom: Newsroom,
    letter: tuple[str, bytes, str],
    patience: float,
    haste: float,
) -> Outcome:
    recipient, message, name = letter
    key = (0, 0)
    mark = hashlib.sha256(name.encode()).hexdigest()[:26]
    body = message
    if transport.stuffed:
        body = message.replace(b"\r\n.", b"\r\n..")
    sender = f"bounces@{newsroom.publication.sender.bounce_domain}"
    parcel = Parcel(key, sender, recipient, mark, lambda: [body])
    began = time.monotonic()
    announced = False
    while (waited := time.monotonic() - began) < patience:
        if not announced and waited > haste and any(transport.troubles()):
            break
        if not announced and transport.room() > 0:
            transport.announce(parcel)
            announced = True
        news = transport.poll(0.2)
        if key in news.ready:
            transport.go([key])
        for outcome in news.outcomes:
            if outcome.key == key and outcome.answer is not Answer.RETURNED:
                return outcome
            announced = False
        systemic = next((t for t in transport.troubles() if t.systemic), None)
        if systemic is not None:
            return Outcome(key, Answer.SENDER, reply=systemic.reason)
    troubles = "; ".join(trouble.reason for trouble in transport.troubles())
    return Outcome(key, Answer.RETURNED, reply=troubles or "no answer in time")


def send_trial(newsroom: Newsroom, edition: Edition, address: str) -> tuple[Problem, ...]:
    """Mail exactly what the desk shows to one address, marked as a trial; recorded nowhere."""
    parsed = parse(address)
    if not isinstance(parsed, Address):
        return (parsed,)
    at = local_now(newsroom)
    day = f"{at:%Y-%m-%d}"
    html, text = (part.replace(Placeholder.SINCE, day) for part in (edition.html, edition.text))
    message = single(
        newsroom.publication.sender,
        parsed.mailbox,
        f"{TRIAL} {edition.subject}",
        text,
        html,
        at=at,
        name=f"trial {edition.digest} {at.isoformat()} {parsed.key}",
    )
    try:
        outcome = hand_over(
            newsroom,
            parsed.mailbox,
            message,
            f"trial {at.isoformat()}",
            patience=TRIAL_PATIENCE,
            haste=TRIAL_HASTE,
        )
    except (OSError, OutsideError) as failure:
        outcome = Outcome((0, 0), Answer.RETURNED, reply=str(failure))
    if outcome.answer is Answer.ACCEPTED:
        return ()
    return (NOT_SENT.at(Place("trial"), address=parsed.key, reason=outcome.reply),)


def post_to_editors(newsroom: Newsroom) -> Callable[[str, str], None] | None:
    """Give the way to mail the editors named under ``[alerts]``; None where there are none.

    The mail goes in a thread of its own: an alarm must not wait for the relay it speaks of.
    """
    editors = [one for one in map(parse, newsroom.config.alerts.mail) if isinstance(one, Address)]
    if not editors:
        return None

    def carry(subject: str, text: str) -> None:
        courier = RelayCourier(newsroom)
        for editor in editors:
            name = f"alert {editor.key} {newsroom.clock().isoformat()}"
            body = f"<pre>{escape(text)}</pre>"
            try:
                courier.send(Letter(editor.mailbox, subject, text, body, "ko", name))
            except CourierError as failure:
                log.warning("the editors could not be mailed: %s", failure)

    def post(subject: str, text: str) -> None:
        threading.Thread(target=carry, args=(subject, text), daemon=True).start()

    return post
