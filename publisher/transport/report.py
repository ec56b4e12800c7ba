"""Reading delivery status notifications (RFC 3464, RFC 6533), complaints (RFC 5965) and leave-takings.

Whoever leaves by mail (List-Unsubscribe, RFC 2369) writes to ``leave+MARK``: the address says it all.

Everything here comes from strangers: sizes are bounded, nothing is trusted but a postmark that opens,
and a report that cannot be read is just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32

from publisher.model.report import Report, ReportKind

#: More than any honest report needs.
SIZE_LIMIT = 1_000_000
PART_LIMIT = 50
_MARK = re.compile(r"(?<![a-z0-9])b\+([a-z2-7]{26})(?=@)|[.<]([a-z2-7]{26})(?=@)", re.IGNORECASE)
_LEAVE = re.compile(r"(?<![a-z0-9])leave\+([a-z2-7]{26})(?=@)", re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/global-headers", "message/rfc822", "message/global")


def read(raw: bytes, recipient: str = "") -> Report:
    """Read one report; ``recipient`` is the envelope's, where it is known. Never raises."""
    marks = list(_marks(recipient))
    if len(raw) > SIZE_LIMIT:
        raw = raw[:SIZE_LIMIT]
    try:
        mail = BytesParser(policy=compat32).parsebytes(raw)
        found = _read(mail, marks)
        # Where the envelope is not known, the header says to whom it was written.
        leaving = list(_leaving([recipient] if recipient else _recipients(mail)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Report(ReportKind.UNKNOWN, tuple(dict.fromkeys(marks)))
    if leaving and found.kind is ReportKind.UNKNOWN:
        return Report(ReportKind.LEAVE, tuple(dict.fromkeys(leaving)))
    return found


def _read(mail: Message, marks: list[str]) -> Report:
    for value in _recipients(mail):
        marks += _marks(value)
    kind, status, action, diagnostic = ReportKind.UNKNOWN, "", "", ""
    for part in _parts(mail):
        content = part.get_content_type()
        if content in _DELIVERY:
            kind, status, action, diagnostic = _delivery(part, marks)
        elif content == "message/feedback-report":
            kind = _feedback(part, marks)
        elif content in _HEADERS:
            marks += _original(part)
    return Report(kind, tuple(dict.fromkeys(marks)), status, action, diagnostic[:300])


def _recipients(mail: Message) -> Iterator[str]:
    for name in ("To", "Delivered-To", "X-Original-To"):
        for value in mail.get_all(name, []):
            yield str(value)


def _leaving(recipients: Iterable[str]) -> Iterator[str]:
    for value in recipients:
        yield from (found.lower() for found in _LEAVE.findall(value[:2000]))


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= PART_LIMIT:
            return
        yield part


def _delivery(part: Message, marks: list[str]) -> tuple[ReportKind, str, str, str]:
    """Read the blocks of a status part; the recipient's that failed decides.

    The standard library parses one of the two content types and leaves the other as text: both are
    taken as text here.
    """
    best = (ReportKind.NOTICE, "", "", "")
    for block in _blocks(part):
        marks += _marks(str(block.get("X-Postfix-Sender", "")))
        marks += [
            m.lower()
            for m in re.findall(r"\A[A-Za-z2-7]{26}\Z", _said(block, "Original-Envelope-Id"))
        ]
        action = _said(block, "Action").lower()
        if not action:
            continue
        diagnostic = _said(block, "Diagnostic-Code")
        found = _STATUS.search(_said(block, "Status")) or _STATUS.search(diagnostic)
        status = found.group(1) if found else ""
        if action == "failed":
            return ReportKind.BOUNCE, status, action, diagnostic
        best = (ReportKind.NOTICE, status, action, diagnostic)
    return best


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        text = "\n\n".join(str(one) for one in payload)
    else:
        octets = part.get_payload(decode=True)
        text = octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
    text = text.replace("\r\n", "\n")
    return [
        HeaderParser(policy=compat32).parsestr(block.strip("\n"))
        for block in re.split(r"\n[ \t]*\n", text)[:PART_LIMIT]
        if block.strip()
    ]


def _feedback(part: Message, marks: list[str]) -> ReportKind:
    """A complaint says who sent the mail; its reader is often blacked out."""
    kind = ReportKind.NOTICE
    for block in _blocks(part):
        marks += _marks(_said(block, "Original-Mail-From"))
        # RFC 5965 knows others, such as not-spam: they are no complaint.
        if _said(block, "Feedback-Type").lower() in ("abuse", "fraud", "opt-out", "opt-out-list"):
            kind = ReportKind.COMPLAINT
    return kind


def _original(part: Message) -> list[str]:
    """Find postmarks in the headers of the mail that the report is about."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        text = "\n".join(f"{name}: {value}" for name, value in payload[0].items())
    else:
        octets = part.get_payload(decode=True)
        text = octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    lines = re.findall(r"(?im)^(?:return-path|message-id):(.*(?:\n[ \t].*)*)", head)
    return [mark for line in lines for mark in _marks(line)]


def _marks(text: str) -> Iterator[str]:
    for found in _MARK.finditer(text[:2000]):
        yield (found.group(1) or found.group(2)).lower()


def _said(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())
