"""An episode rendered for one audience and frozen: the bytes that leave, and their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publisher.model.episode import Audience, Kind


class Placeholder(StrEnum):
    """What stands in a frozen mail where each subscriber's own bytes go.

    All but ADDRESS are replaced by exactly as many octets, so base64 parts keep their lines;
    all are URL-safe, so no inliner or encoder changes them. ADDRESS stands in headers only.
    """

    ADDRESS = "placeholder-address@placeholder.invalid"
    #: Names the delivery in Message-ID and envelope: base32, lower case, 26 characters.
    MAIL = "q7placeholdermailq7placeho"
    #: Leave token, base64url, 48 characters.
    LEAVE = "Q7_PLACEHOLDER-LEAVE_Q7_PLACEHOLDER-LEAVE_Q7_PLA"
    #: Preferences token, base64url, 48 characters.
    PREFERENCES = "Q7_PLACEHOLDER-PREFS_Q7_PLACEHOLDER-PREFS_Q7_PLA"
    #: The date of consent, ``YYYY-MM-DD``.
    SINCE = "q7pl-ac-eh"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One episode as a feed shows it: plain semantic HTML, absolute addresses, aware dates."""

    guid: str
    url: str
    title: str
    summary: str
    html: str
    author: str
    categories: tuple[str, ...]
    published: datetime
    updated: datetime
    image_url: str = ""
    image_type: str = ""
    image_width: int = 0
    image_height: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """What a link to the page shows elsewhere: social networks, messengers, search."""

    title: str
    description: str
    image_url: str = ""
    image_alt: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One episode for one audience, frozen.

    ``message`` is the complete MIME message with CRLF line ends and placeholders, ready to be
    cut for each subscriber; ``html`` and ``text`` are its decoded parts. ``page`` is the whole
    web page. ``digest`` is ``sha256:<hex>`` over every channel.
    """

    series: str
    number: int
    audience: Audience
    kind: Kind
    subject: str
    preheader: str
    html: str
    text: str
    message: bytes
    page: str
    item: FeedItem
    card: Card
    digest: str


def digest_of(*parts: str | bytes) -> str:
    """Name bytes by what they are: ``sha256:<hex>`` over the parts and their lengths."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return f"sha256:{whole.hexdigest()}"
