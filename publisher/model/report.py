"""What comes back about a mail: a bounce, a complaint, a wish to leave, or a word on its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReportKind(StrEnum):
    """What a report is."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    LEAVE = "leave"
    NOTICE = "notice"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as far as it could be read.

    ``marks`` are all postmarks found, the surest first; ``status`` is the enhanced status
    (RFC 3463) of the recipient it is about, ``action`` the server's own opinion of it.
    """

    kind: ReportKind
    marks: tuple[str, ...] = ()
    status: str = ""
    action: str = ""
    diagnostic: str = ""


class Weight(StrEnum):
    """What a report means for the reader it is about."""

    #: The address does not exist: it is never mailed again.
    HARD = "hard"
    #: The mailbox is full or odd today: counted, and too many in a row are hard.
    COUNTED = "counted"
    #: A passing trouble.
    SOFT = "soft"
    #: Our own fault: a person must act, and no reader is touched.
    SENDER = "sender"
    #: The reader does not want it.
    COMPLAINT = "complaint"
    #: The reader asked to leave, by mail.
    LEAVE = "leave"
    #: Nothing follows from it.
    NONE = "none"


#: Statuses of class 5.1 that speak of the sender's address, not the recipient's.
_SENDERS_ADDRESS = frozenset({"5.1.7", "5.1.8"})


def weigh(report: Report) -> Weight:
    """Say what a report means, by its status and never by its action.

    A greylisting that ran out of time says ``failed`` and 4.7.1: that is no dead address.
    """
    if report.kind is ReportKind.COMPLAINT:
        return Weight.COMPLAINT
    if report.kind is ReportKind.LEAVE:
        return Weight.LEAVE
    if report.kind is not ReportKind.BOUNCE:
        return Weight.NONE
    status = report.status
    if status.startswith("5.7.") or status in _SENDERS_ADDRESS:
        return Weight.SENDER
    if status.startswith("5.1."):
        return Weight.HARD
    if status.startswith("5."):
        return Weight.COUNTED
    return Weight.SOFT
