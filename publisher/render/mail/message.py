"""The letter as a MIME message: complete octets with placeholders, ready to be cut and sent.

Two parts that say the same, text first, both base64 so that no line is ever too long and no
relay re-wraps what was signed. Everything is derived from the edition: same edition, same
octets (RFC 5322, 2045, 2046, 2369, 2919, 3834, 8058).
"""

from __future__ import annotations

import binascii
import hashlib
import re
from email.utils import format_datetime
from functools import lru_cache

import idna

from publisher.model.edition import Placeholder
from publisher.model.episode import Audience
from publisher.model.publication import Sender
from publisher.model.setting import Setting
from publisher.render.address import absolute
from publisher.render.legible import one_line
from publisher.render.mail import headers
from publisher.render.mail.letter import Letter

#: Longest local part of an address that asks to leave: ``leave+MAIL@bounce_domain``.
LEAVE_BY_MAIL = "leave"


def message(letter: Letter, setting: Setting, audience: Audience) -> bytes:
    """Wrap a letter in MIME: headers, text part, HTML part; CRLF, ASCII, at most 998 a line.

    Raises ValueError when a header cannot be written, such as a sender's address that is not
    one: configuration is checked long before, so that is a defect and not an editor's fault.
    """
    return head(letter.subject, setting, audience) + _parts(letter.text, letter.html)


@lru_cache(maxsize=2)
def _parts(words: str, markup: str) -> bytes:
    """Write both parts; the readers of an episode often get the same."""
    text, html = canonical(words), canonical(markup)
    boundary = "=_" + hashlib.sha256(text + html).hexdigest()[:40]
    return b"".join(
        [
            b"MIME-Version: 1.0\r\n",
            f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode(),
            part(boundary, "text/plain", text),
            part(boundary, "text/html", html),
            f"--{boundary}--\r\n".encode(),
        ]
    )


def head(subject: str, setting: Setting, audience: Audience) -> bytes:
    """Write every header that is the same for all readers of an edition, and their placeholders."""
    sender, series = setting.publication.sender, setting.series
    domain = ascii_domain(sender.list_domain or sender.address.rpartition("@")[2])
    bounce = ascii_domain(sender.bounce_domain or domain)
    url = setting.publication.url
    leave = f"{LEAVE_BY_MAIL}+{Placeholder.MAIL}@{bounce}"
    return b"".join(
        [
            headers.mailbox("From", ascii_address(sender.address), one_line(sender.name)),
            headers.field("To", Placeholder.ADDRESS),
            *_reply_to(sender),
            headers.text("Subject", subject),
            headers.field("Date", format_datetime(setting.slot.zoned)),
            headers.field("Message-ID", f"<{Placeholder.MAIL}@{domain}>"),
            headers.identified("List-Id", f"{label(series.slug)}.{domain}", one_line(series.title)),
            headers.addresses(
                "List-Unsubscribe",
                f"{url}/u/{Placeholder.LEAVE}",
                f"mailto:{leave}?subject=unsubscribe",
            ),
            headers.field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            headers.addresses("List-Help", _help(setting)),
            headers.addresses("List-Archive", absolute(setting.publication, f"/{series.slug}/")),
            headers.field("Feedback-ID", _feedback(setting, audience, domain)),
            headers.field("Auto-Submitted", "auto-generated"),
            headers.field("X-Auto-Response-Suppress", "OOF, AutoReply"),
            headers.field("Precedence", "bulk"),
        ]
    )


def _reply_to(sender: Sender) -> list[bytes]:
    if not sender.reply_to or sender.reply_to == sender.address:
        return []
    return [headers.mailbox("Reply-To", ascii_address(sender.reply_to))]


def _help(setting: Setting) -> str:
    contact = setting.publication.law.contact or setting.publication.sender.reply_to
    if contact:
        return f"mailto:{ascii_address(contact)}?subject=help"
    return f"{setting.publication.url}/"


def _feedback(setting: Setting, audience: Audience, domain: str) -> str:
    """Name episode, audience, series and sender for a receiver's complaint statistics.

    The last part is the sender's and never changes: 5 to 15 letters and digits.
    """
    sender = re.sub(r"[^a-z0-9]", "", domain.lower())[:15].ljust(5, "0")
    series = label(setting.series.slug)
    return f"e{setting.episode.number}:{audience}:{series}:{sender}"


def label(slug: str) -> str:
    """Write a series' name as one ASCII label, the same for ever; Hangul names become a digest."""
    if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", slug):
        return slug
    return "s-" + hashlib.sha256(slug.encode()).hexdigest()[:16]


def ascii_domain(domain: str) -> str:
    """Write a domain in A-labels (RFC 5891). Raises ValueError for what is not a domain."""
    if domain.isascii():
        return domain
    return idna.encode(domain, uts46=True).decode("ascii")


def ascii_address(address: str) -> str:
    """Write an address with its domain in A-labels."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def canonical(text: str) -> bytes:
    """Give text its canonical line ends before it is encoded (RFC 2046, 4.1.1)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return plain.replace("\n", "\r\n").encode("utf-8")


def part(boundary: str, kind: str, content: bytes) -> bytes:
    """Write one part of a multipart, base64 with CRLF."""
    opening = (
        f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
    )
    body = binascii.b2a_base64(content, newline=False)
    lines = [body[at : at + 76] for at in range(0, len(body), 76)]
    return b"\r\n".join([opening.encode("ascii"), *lines, b""])
