"""The way out that the settings name: an outbox of files, or SMTP relays."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from publisher.delivery.ports import Transport
from publisher.model.problem import Fault, MisuseError, Place, Severity
from publisher.transport.outbox import Outbox
from publisher.transport.relay import Relay, Security
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.secret import password

if TYPE_CHECKING:
    from publisher.config import RelayTable

NO_RELAY = Fault(
    "wiring/no-relay",
    Severity.ERROR,
    "The transport is smtp, but no relay is named.",
    "Add a table [[delivery.relay]] with host, port and security to config.toml.",
)


def transport_of(newsroom: Newsroom) -> Transport:
    """Open the transport of a publication. Raises MisuseError when no relay is named."""
    table = newsroom.config.delivery
    if table.transport == "outbox":
        return Outbox(newsroom.path(table.outbox))
    if not table.relay:
        raise MisuseError(NO_RELAY.at(Place("config.toml")))
    from publisher.transport.smtp import Smtp

    return Smtp([relay_of(newsroom, relay) for relay in table.relay], time.monotonic)


def relay_of(newsroom: Newsroom, table: RelayTable) -> Relay:
    """Read one relay from the settings, its password from where they say it is."""
    file = newsroom.path(table.password_file) if table.password_file else None
    return Relay(
        host=table.host,
        port=table.port,
        security=Security(table.security),
        lmtp=table.protocol == "lmtp",
        user=table.user,
        password=password(newsroom.environment, table.password_env, file),
        ca_file=str(newsroom.path(table.ca_file)) if table.ca_file else "",
        connections=table.connections,
        hello=_hello(),
    )


def _hello() -> str:
    """Give the name this machine greets with: its own, if that is a full one (RFC 5321, 4.1.1.1)."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "localhost.localdomain"
