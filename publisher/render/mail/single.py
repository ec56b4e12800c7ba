"""A mail to one person, such as a confirmation or a notice: two parts, base64, deterministic.

The same rules as for a letter to many (``message``), without its list headers; one that offers
a way to leave carries RFC 8058 headers as well.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime

from publisher.model.publication import Sender
from publisher.render.legible import one_line
from publisher.render.mail import headers
from publisher.render.mail.message import ascii_address, ascii_domain, canonical, part


def single(
    sender: Sender,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    *,
    at: datetime,
    name: str,
    leave_url: str = "",
) -> bytes:
    """Wrap a mail to one mailbox in MIME. ``at`` is aware; ``name`` makes its Message-ID.

    Raises ValueError when a header cannot be written.
    """
    domain = ascii_domain(sender.list_domain or sender.address.rpartition("@")[2])
    mark = hashlib.sha256(name.encode()).hexdigest()[:32]
    plain, rich = canonical(text), canonical(html)
    boundary = "=_" + hashlib.sha256(plain + rich).hexdigest()[:40]
    fields = [
        headers.mailbox("From", ascii_address(sender.address), one_line(sender.name)),
        headers.mailbox("To", recipient),
        headers.text("Subject", one_line(subject)),
        headers.field("Date", format_datetime(at)),
        headers.field("Message-ID", f"<{mark}@{domain}>"),
        headers.field("Auto-Submitted", "auto-generated"),
        headers.field("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    if sender.reply_to and sender.reply_to != sender.address:
        fields.insert(1, headers.mailbox("Reply-To", ascii_address(sender.reply_to)))
    if leave_url:
        fields.append(headers.addresses("List-Unsubscribe", leave_url))
        fields.append(headers.field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    opening = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    return b"".join(
        [
            *fields,
            opening.encode("ascii"),
            part(boundary, "text/plain", plain),
            part(boundary, "text/html", rich),
            f"--{boundary}--\r\n".encode("ascii"),
        ]
    )
