"""Where mails are handed on to: relays as configured, and the waits that RFC 5321 grants them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """How a connection is kept private. ``starttls`` is required, not tried."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait, RFC 5321 section 4.5.3.2."""

    connect: float = 30.0
    greeting: float = 300.0
    mail: float = 300.0
    recipient: float = 300.0
    data: float = 120.0
    block: float = 180.0
    end: float = 600.0
    quit: float = 5.0


@dataclass(frozen=True, slots=True)
class Relay:
    """One SMTP or LMTP server. ``host`` is a name, or ``unix:/path`` for a socket.

    The password is never shown.
    """

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    lmtp: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    connections: int = 4
    hello: str = "localhost"
    timeouts: Timeouts = Timeouts()

    @property
    def name(self) -> str:
        """Name the relay as people and the ledger do."""
        return self.host if self.socket else f"{self.host}:{self.port}"

    @property
    def socket(self) -> Path | None:
        """The path of a unix socket, if that is what it is."""
        return Path(self.host[5:]) if self.host.startswith("unix:") else None
