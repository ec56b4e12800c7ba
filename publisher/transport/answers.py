"""What a reply says of one mail: taken, refused, put off, or that the sender is at fault."""

from __future__ import annotations

from publisher.model.parcel import Answer, Outcome
from publisher.transport.replies import Reply

#: Statuses that say the sender is at fault, whoever the recipient: authentication (RFC 7372,
#: RFC 8601 and the large receivers' own).
SENDERS_FAULT = frozenset(
    {
        *(f"5.7.{n}" for n in (20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)),
        *("5.7.509", "5.7.515", "5.7.708", "5.7.750", "5.7.8", "5.7.9"),
    }
)


def judged(key: tuple[int, int], reply: Reply, *, accepted: bool = True) -> Outcome:
    """Read an answer about one parcel. ``accepted``: whether a good one means the mail is taken."""
    if accepted and 200 <= reply.code < 300:
        answer = Answer.ACCEPTED
    elif reply.status in SENDERS_FAULT or reply.code in (530, 535):
        answer = Answer.SENDER
    elif 400 <= reply.code < 500:
        answer = Answer.PUT_OFF
    elif reply.code >= 500:
        answer = Answer.REFUSED
    else:
        answer = Answer.LOST
    return Outcome(key, answer, reply.code, reply.said)
