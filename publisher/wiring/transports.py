"""The way out that the settings name: an outbox of files, or SMTP relays."""

from __future__ import annotations

from publisher.delivery.ports import Transport
from publisher.transport.outbox import Outbox
from publisher.wiring.newsroom import Newsroom


def transport_of(newsroom: Newsroom) -> Transport:
    """Open the transport of a publication."""
    table = newsroom.config.delivery
    return Outbox(newsroom.path(table.outbox))
