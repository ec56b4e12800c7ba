"""An SMTP server that misbehaves on purpose; what it accepted is the only thing tests believe.

It runs in a thread of its own. ``Manners`` say how it answers; chance is seeded.
"""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Self


class Hangup(Exception):  # noqa: N818 - a word, not an error
    """Close the connection now."""


class Silence(Exception):  # noqa: N818 - a word, not an error
    """Never answer again."""


@dataclass
class Manners:
    """How the sink behaves. A hook gives a reply, or nothing for the usual one; it may raise
    Hangup or Silence."""

    greeting: str = "220 sink ESMTP"
    features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SIZE 10000000", "ENHANCEDSTATUSCODES")
    on_connect: Callable[[int], str | None] = lambda _: None
    on_mail: Callable[[str, int], str | None] = lambda _, __: None
    on_recipient: Callable[[str], str | None] = lambda _: None
    on_data: Callable[[str], str | None] = lambda _: None
    on_end: Callable[[str], str | None] = lambda _: None
    #: Hang up after so many octets of a mail to these addresses.
    cut_data: Callable[[str], int | None] = lambda _: None
    #: Octets that the system may take in for a line before the sink reads them; 0: as it likes.
    window: int = 0
    #: Called when a mail was stored and before it is answered.
    stored: Callable[[str], None] = lambda _: None
    split: bool = False
    merge: bool = False
    latency: float = 0.0
    lmtp: bool = False
    login: str = "235 2.7.0 welcome"
    keep: int = 50


@dataclass(frozen=True)
class Accepted:
    """One mail that the sink took and said so, or would have."""

    sender: str
    recipient: str
    at: float
    session: int


@dataclass
class Log:
    """What was accepted, in order; the first few whole."""

    accepted: list[Accepted] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    sessions: int = 0
    open: int = 0
    most_open: int = 0
    commands: Counter[str] = field(default_factory=Counter)
    #: The verbs of the first few hundred lines, and whether each came encrypted.
    verbs: list[tuple[str, bool]] = field(default_factory=list)
    #: What came with AUTH.
    logins: list[str] = field(default_factory=list)

    def copies(self) -> Counter[str]:
        """Count the accepted mails by recipient."""
        return Counter(one.recipient for one in self.accepted)


class Sink:
    """The server; use it as a context manager."""

    def __init__(
        self,
        manners: Manners | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        path: Path | None = None,
        port: int = 0,
    ) -> None:
        self.manners = manners or Manners()
        self.log = Log()
        self.port = port
        self.path = path
        self._tls = tls
        self._starttls = starttls
        self._loop = asyncio.new_event_loop()
        self._started = Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, daemon=True)
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the sink did not start")
        if self.error is not None:
            raise self.error
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)

    def wait_for(self, count: int, seconds: float = 30) -> None:
        """Wait until so many mails were accepted."""
        end = time.monotonic() + seconds
        while len(self.log.accepted) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.log.accepted)} of {count} mails came")
            time.sleep(0.002)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self.error = error
            self._started.set()
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._done = asyncio.Event()
        limit = 2**25
        if self.path is not None:
            server = await asyncio.start_unix_server(self._session, str(self.path), limit=limit)
        else:
            server = await asyncio.start_server(
                self._session, "127.0.0.1", self.port, ssl=self._tls, limit=limit, backlog=200
            )
            self.port = server.sockets[0].getsockname()[1]
            if self.manners.window:
                # Lines that come in have it from the socket they came in by.
                server.sockets[0].setsockopt(
                    socket.SOL_SOCKET, socket.SO_RCVBUF, self.manners.window
                )
        self._started.set()
        await self._done.wait()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._writers.add(writer)
        log = self.log
        log.sessions += 1
        log.open += 1
        log.most_open = max(log.most_open, log.open)
        try:
            await _Session(self, reader, writer, log.sessions).run()
        except (Hangup, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, OSError):
            pass
        except asyncio.CancelledError:  # the sink is closing
            pass
        finally:
            log.open -= 1
            writer.transport.abort()
            self._writers.discard(writer)
            if task is not None:
                self._tasks.discard(task)

    @property
    def tls(self) -> ssl.SSLContext | None:
        return self._tls

    @property
    def starttls(self) -> ssl.SSLContext | None:
        return self._starttls


class _Session:
    """One connection."""

    def __init__(
        self,
        sink: Sink,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        number: int,
    ) -> None:
        self.sink = sink
        self.reader = reader
        self.writer = writer
        self.number = number
        self.sender = ""
        self.recipients: list[str] = []
        self.mails = 0
        self.secure = sink.tls is not None
        self._pending = b""

    @property
    def manners(self) -> Manners:
        return self.sink.manners

    async def say(self, reply: str) -> None:
        octets = reply.encode("utf-8", "surrogateescape") + b"\r\n"
        if self.manners.latency:
            await asyncio.sleep(self.manners.latency)
        if self.manners.merge and self.reader._buffer:  # type: ignore[attr-defined]  # more to come
            self._pending += octets
            return
        octets, self._pending = self._pending + octets, b""
        if self.manners.split:
            for octet in octets:
                self.writer.write(bytes([octet]))
                await self.writer.drain()
                await asyncio.sleep(0)
            return
        self.writer.write(octets)
        await self.writer.drain()

    async def run(self) -> None:
        try:
            await self._run()
        except Silence:
            await asyncio.Event().wait()

    async def _run(self) -> None:
        await self.say(self.manners.on_connect(self.number) or self.manners.greeting)
        while True:
            line = await self.reader.readline()
            if not line:
                return
            words = line.decode("utf-8", "surrogateescape").strip()
            verb = words.split(" ")[0].upper()
            self.sink.log.commands[verb] += 1
            if len(self.sink.log.verbs) < 500:
                self.sink.log.verbs.append((verb, self.secure))
            if verb == "QUIT":
                await self.say("221 bye")
                return
            await self.obey(verb, words)

    async def obey(self, verb: str, words: str) -> None:
        manners = self.manners
        match verb:
            case "EHLO" | "LHLO" | "HELO" if (verb == "LHLO") is manners.lmtp:
                features = [f for f in manners.features if not (self.secure and f == "STARTTLS")]
                lines = ["sink", *features] if verb != "HELO" else ["sink"]
                await self.say(
                    "\r\n".join(
                        f"250{'-' if n < len(lines) - 1 else ' '}{text}"
                        for n, text in enumerate(lines)
                    )
                )
            case "STARTTLS":
                await self.start_tls()
            case "AUTH":
                self.sink.log.logins.append(words)
                await self.say(manners.login)
            case "MAIL":
                self.sender, self.recipients = _path(words), []
                await self.say(manners.on_mail(self.sender, self.mails) or "250 2.1.0 Ok")
            case "RCPT":
                await self.recipient(_path(words))
            case "DATA":
                await self.data()
            case "RSET":
                self.sender, self.recipients = "", []
                await self.say("250 2.0.0 Ok")
            case _:
                await self.say("500 5.5.2 what?")

    async def start_tls(self) -> None:
        if self.sink.starttls is None:
            await self.say("454 4.7.0 not now")
            return
        await self.say("220 go ahead")
        await self.writer.start_tls(self.sink.starttls)
        self.secure = True

    async def recipient(self, address: str) -> None:
        reply = self.manners.on_recipient(address) or "250 2.1.5 Ok"
        if reply.startswith("2"):
            self.recipients.append(address)
        await self.say(reply)

    async def data(self) -> None:
        address = self.recipients[-1] if self.recipients else ""
        reply = self.manners.on_data(address)
        if reply is None:
            refusal = "503" if self.manners.lmtp else "554"
            reply = "354 go" if self.recipients else f"{refusal} 5.5.1 no valid recipients"
        await self.say(reply)
        if not reply.startswith("354"):
            return
        mail = await self.mail(address)
        if not self.recipients:
            await self.say("554 5.5.1 no valid recipients")
            return
        if self.manners.lmtp:
            await self.answer_each(mail)
            return
        answer = self.manners.on_end(address)
        if mail == b"":
            answer = "554 5.6.0 an empty mail"
        if answer is None or answer.startswith("2"):
            self.accept(mail, self.recipients)
            self.manners.stored(address)
        self.sender, self.recipients = "", []
        await self.say(answer or "250 2.0.0 stored")

    async def answer_each(self, mail: bytes) -> None:
        """Answer once for every recipient taken, in their order (RFC 2033, section 4.2)."""
        recipients, self.recipients = self.recipients, []
        for address in recipients:
            answer = self.manners.on_end(address) or "250 2.0.0 stored"
            if answer.startswith("2"):
                self.accept(mail, [address])
            await self.say(answer)

    async def mail(self, address: str) -> bytes:
        cut = self.manners.cut_data(address)
        if cut is not None:
            await self.reader.readexactly(cut)
            raise Hangup
        first = await self.reader.readline()
        if first == b".\r\n":
            return b""
        rest = await self.reader.readuntil(b"\r\n.\r\n")
        return first + rest[:-3]

    def accept(self, mail: bytes, recipients: list[str]) -> None:
        self.mails += 1
        log = self.sink.log
        if len(log.mails) < self.manners.keep:
            log.mails.append(mail)
        for recipient in recipients:
            log.accepted.append(Accepted(self.sender, recipient, time.monotonic(), self.number))


def _path(words: str) -> str:
    return words.partition("<")[2].partition(">")[0]


def sometimes(share: float, reply: str, seed: int = 7) -> Callable[[str], str | None]:
    """Give a reply to a share of all addresses, always the same ones."""

    def answer(address: str) -> str | None:
        return reply if random.Random(f"{seed}{address}").random() < share else None

    return answer
