"""A small SMTP and LMTP server for what comes in: bounces, complaints, the mails of a demo.

It speaks as much of RFC 5321 and RFC 2033 as a relay next door needs, keeps every line and
every message within bounds, and gives whole messages to one function. It is not meant to face
the internet alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from publisher.model.problem import Fault, OutsideError, Place, Severity

#: Longest line a client may send (RFC 5321, 4.5.3.1.6, with room to spare), in octets.
LINE = 4096
#: Largest message taken, in octets.
LARGEST = 20 * 1024 * 1024
MOST_RECIPIENTS = 100
#: Seconds a client may be silent.
SILENCE = 300.0

_PATH = re.compile(rb"(?:FROM|TO):\s*<([^<>\x00-\x20\x7f]*)>", re.IGNORECASE)
PORT_TAKEN = Fault(
    "transport/port-taken",
    Severity.ERROR,
    "{host}:{port} cannot be listened on: {reason}.",
    "Choose another port, or stop the program that holds it.",
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as it came in, with its envelope; dots unstuffed, line ends as sent."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes


#: Takes an arrival; an OSError makes the client keep it and try again (451).
Take = Callable[[Arrival], Awaitable[None]]


@dataclass
class _Envelope:
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)


class Listener:
    """Listens until closed. ``lmtp`` answers once for each recipient (RFC 2033)."""

    def __init__(self, take: Take, *, lmtp: bool = False, name: str = "localhost") -> None:
        self._take = take
        self._lmtp = lmtp
        self._name = name
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Begin to listen; give the port. Raises OutsideError when it cannot be had."""
        try:
            self._server = await asyncio.start_server(self._welcome, host, port, limit=LINE)
        except OSError as failure:
            reason = failure.strerror or str(failure)
            problem = PORT_TAKEN.at(Place("listener"), host=host, port=port, reason=reason)
            raise OutsideError(problem) from failure
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end every conversation."""
        if self._server is not None:
            self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        if talk is not None:
            self._talks.add(talk)
        try:
            await _Talk(self._take, self._lmtp, self._name, reader, writer).run()
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            pass  # the client went away, fell silent or sent a line without end
        finally:
            if talk is not None:
                self._talks.discard(talk)
            with contextlib.suppress(ConnectionError):
                writer.close()


class _Talk:
    """One conversation with one client."""

    def __init__(
        self,
        take: Take,
        lmtp: bool,
        name: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._take, self._lmtp, self._name = take, lmtp, name
        self._reader, self._writer = reader, writer
        self._envelope = _Envelope()

    async def run(self) -> None:
        self._say(220, f"{self._name} {'LMTP' if self._lmtp else 'ESMTP'}")
        while True:
            await self._writer.drain()
            line = await asyncio.wait_for(self._reader.readline(), SILENCE)
            if not line.endswith(b"\n"):
                return
            verb, _, rest = line.strip().partition(b" ")
            if not await self._obey(verb.upper(), rest):
                await self._writer.drain()
                return

    def _say(self, code: int, *lines: str) -> None:
        last = len(lines) - 1
        text = "".join(
            f"{code}{' ' if n == last else '-'}{each}\r\n" for n, each in enumerate(lines)
        )
        self._writer.write(text.encode("ascii", "replace"))

    async def _obey(self, verb: bytes, rest: bytes) -> bool:
        """Answer one command; False ends the conversation."""
        match verb:
            case b"EHLO" | b"LHLO":
                self._say(250, self._name, "PIPELINING", f"SIZE {LARGEST}", "8BITMIME", "SMTPUTF8")
            case b"HELO":
                self._say(250, self._name)
            case b"MAIL":
                self._mail(rest)
            case b"RCPT":
                self._recipient(rest)
            case b"DATA":
                await self._data()
            case b"RSET":
                self._envelope = _Envelope()
                self._say(250, "2.0.0 OK")
            case b"NOOP":
                self._say(250, "2.0.0 OK")
            case b"QUIT":
                self._say(221, "2.0.0 Bye")
                return False
            case _:
                self._say(500, "5.5.2 Not known here")
        return True

    def _mail(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if path is None:
            self._say(501, "5.5.4 MAIL FROM:<address>")
            return
        self._envelope = _Envelope(path[1].decode("utf-8", "replace"))
        self._say(250, "2.1.0 OK")

    def _recipient(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if self._envelope.sender is None:
            self._say(503, "5.5.1 MAIL first")
        elif path is None or not path[1]:
            self._say(501, "5.5.4 RCPT TO:<address>")
        elif len(self._envelope.recipients) >= MOST_RECIPIENTS:
            self._say(452, "4.5.3 Too many recipients")
        else:
            self._envelope.recipients.append(path[1].decode("utf-8", "replace"))
            self._say(250, "2.1.5 OK")

    async def _data(self) -> None:
        if not self._envelope.recipients:
            self._say(503, "5.5.1 RCPT first")
            return
        self._say(354, "End with a dot on a line by itself")
        await self._writer.drain()
        message = await self._message()
        envelope, self._envelope = self._envelope, _Envelope()
        answers = envelope.recipients if self._lmtp else envelope.recipients[:1]
        if message is None:
            for _ in answers:
                self._say(552, "5.3.4 Too large")
            return
        arrival = Arrival(envelope.sender or "", tuple(envelope.recipients), message)
        try:
            await self._take(arrival)
        except OSError:
            for _ in answers:
                self._say(451, "4.3.0 Try again later")
            return
        for _ in answers:
            self._say(250, "2.0.0 OK")

    async def _message(self) -> bytes | None:
        """Read up to the dot; None for a message that is too large, read to its end all the same."""
        lines: list[bytes] = []
        size = 0
        while True:
            line = await asyncio.wait_for(self._reader.readline(), SILENCE)
            if not line.endswith(b"\n"):
                raise ConnectionResetError
            if line in (b".\r\n", b".\n"):
                return b"".join(lines) if size <= LARGEST else None
            size += len(line)
            if size <= LARGEST:
                lines.append(line[1:] if line.startswith(b".") else line)
