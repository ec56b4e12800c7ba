"""A real SMTP server for whole runs: aiosmtpd on loopback, which keeps what it accepted."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.acceptance.house import House


@dataclass
class Taken:
    """One accepted mail: its envelope and its bytes."""

    sender: str
    recipient: str
    octets: bytes

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.octets, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def part(self, kind: str) -> str:
        """Give the decoded text of one part, ``plain`` or ``html``."""
        body = self.mail.get_body((kind,))
        assert body is not None
        content = body.get_content()
        assert isinstance(content, str)
        return content


@dataclass
class Relay:
    """The accept log of the server: the only witness of what was delivered."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        with self._news:
            for recipient in envelope.rcpt_tos:
                octets = envelope.original_content
                self.taken.append(Taken(envelope.mail_from, recipient, octets))
            self._news.notify_all()
        return "250 2.0.0 OK"

    def wait_for(self, count: int, seconds: float = 60) -> list[Taken]:
        """Wait until so many mails were accepted, then a moment for one too many."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.taken) >= count, seconds), (
                f"{len(self.taken)} of {count} mails in {seconds} s"
            )
        time.sleep(0.5)
        return self.taken


@contextmanager
def relay() -> Iterator[Relay]:
    """Run the server on a free port while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = Relay(port)
    controller = Controller(log, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield log
    finally:
        controller.stop()


def use(house: House, log: Relay) -> None:
    """Send the house's mail to the relay."""
    config = house.root / "config.toml"
    text = config.read_text(encoding="utf-8")
    table = (
        'transport = "smtp"\n\n[[delivery.relay]]\nhost = "127.0.0.1"\n'
        f'port = {log.port}\nsecurity = "none"\n\n[web]\nport = 0\n'
    )
    config.write_text(text.replace('transport = "outbox"\n', table), encoding="utf-8")
