"""A small SMTP and LMTP server for what comes in: bounces, complaints, the mails of a demo.

It takes mail for wanted addresses only, relays nothing, and answers 250 only when what came is
written down. Every line and every mail is kept within bounds. RFC 5321, RFC 2033; meant to stand
behind the site's own mail server.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import re
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from publisher.transport.report import SIZE_LIMIT

#: Longest command (RFC 5321, 4.5.3.1.4, with room to spare), in octets; a line of a mail that is
#: longer is taken in pieces.
LINE_LIMIT = 4_096
#: Seconds a client may be silent.
SECONDS = 300.0
#: Seconds until a client must have read our last words.
FAREWELL = 1.0
#: Turns of the loop between letting a client in and beginning to talk, with one to spare.
STEPS = 5
#: Most connections at once, and most recipients of one mail.
MOST = 50
RECIPIENTS = 100

#: Deals with one mail to one recipient; raises when it could not: the other side comes again.
Take = Callable[[bytes, str], object]
#: Says whether an address is one of ours.
Wanted = Callable[[str], bool]

_PATH = re.compile(rb"(?:FROM|TO):\s*<([^<>\x00-\x20\x7f]{0,320})>", re.IGNORECASE)
_log = logging.getLogger("publisher.transport")


def anybody(_address: str) -> bool:
    """Take mail for every address."""
    return True


class Listener:
    """Listens in a thread of its own, on a port or a unix socket."""

    def __init__(
        self,
        take: Take,
        wanted: Wanted = anybody,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        path: Path | None = None,
        name: str = "localhost",
    ) -> None:
        self._take = take
        self._wanted = wanted
        self._host, self.port, self._path = host, port, path
        self._name = name
        self._loop = asyncio.new_event_loop()
        self._started = Event()
        self._error: OSError | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen. Raises OSError when the place is taken."""
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Hang up on everybody and end."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._error = error
        finally:
            self._started.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._done = asyncio.Event()
        if self._path is not None:
            _make_way(self._path)
            server = await asyncio.start_unix_server(self._meet, str(self._path), limit=LINE_LIMIT)
        else:
            server = await asyncio.start_server(self._meet, self._host, self.port, limit=LINE_LIMIT)
            self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._done.wait()
        for place in server.sockets:  # let nobody else in, and whoever just came sit down
            self._loop.remove_reader(place.fileno())
        for _ in range(STEPS):
            await asyncio.sleep(0)
        server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        if talk is not None:
            self._talks.add(talk)
        try:
            if len(self._talks) > MOST:
                writer.write(b"421 4.7.0 too many connections\r\n")
                await writer.drain()
            else:
                await _Talk(self._name, self._take, self._wanted, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the client went away, or sent a command without end
        except (TimeoutError, asyncio.CancelledError):
            with contextlib.suppress(OSError):
                writer.write(b"421 4.4.2 good-bye\r\n")
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), FAREWELL)
            if talk is not None:
                self._talks.discard(talk)


def _make_way(path: Path) -> None:
    """Remove the socket that a process left behind when it died.

    Raises OSError when somebody listens there still, or when it is no socket.
    """
    if not path.exists():
        return
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(1)
        try:
            knock.connect(str(path))
        except ConnectionRefusedError:
            if not path.is_socket():
                raise OSError(errno.EEXIST, "something else is there") from None
            path.unlink(missing_ok=True)
            return
    raise OSError(errno.EADDRINUSE, "another program listens there")


class _Talk:
    """One conversation with one client."""

    def __init__(
        self,
        name: str,
        take: Take,
        wanted: Wanted,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._name, self._take, self._wanted = name, take, wanted
        self._reader, self._writer = reader, writer
        self._lmtp = False
        self._begun = False
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._say(f"220 {self._name} ESMTP for reports only")
        while True:
            line = await asyncio.wait_for(self._reader.readline(), SECONDS)
            if not line.endswith(b"\n"):
                return
            verb, _, rest = line.strip().partition(b" ")
            if verb.upper() == b"QUIT":
                await self._say("221 2.0.0 good-bye")
                return
            await self._obey(verb.upper(), rest)

    async def _obey(self, verb: bytes, rest: bytes) -> None:
        match verb:
            case b"EHLO" | b"LHLO" | b"HELO":
                await self._greet(verb)
            case b"MAIL":
                await self._mail(rest)
            case b"RCPT":
                await self._recipient(rest)
            case b"DATA":
                await self._data()
            case b"RSET":
                self._begun, self._recipients = False, []
                await self._say("250 2.0.0 ok")
            case b"NOOP":
                await self._say("250 2.0.0 ok")
            case _:
                await self._say("502 5.5.1 not here")

    async def _greet(self, verb: bytes) -> None:
        """LHLO asks for LMTP: one answer for each recipient (RFC 2033, section 4.2)."""
        self._lmtp = verb == b"LHLO"
        if verb == b"HELO":
            await self._say(f"250 {self._name}")
            return
        can = ("PIPELINING", f"SIZE {SIZE_LIMIT}", "ENHANCEDSTATUSCODES", "8BITMIME")
        first = "".join(f"250-{line}\r\n" for line in (self._name, *can))
        await self._say(f"{first}250 SMTPUTF8")

    async def _mail(self, rest: bytes) -> None:
        if _PATH.match(rest) is None:
            await self._say("501 5.5.4 MAIL FROM:<address>")
            return
        self._begun, self._recipients = True, []
        await self._say("250 2.1.0 ok")

    async def _recipient(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        address = path[1].decode("utf-8", "replace") if path else ""
        if not self._begun:
            await self._say("503 5.5.1 MAIL first")
        elif len(self._recipients) >= RECIPIENTS:
            await self._say("452 4.5.3 too many recipients")
        elif not address or not self._wanted(address):
            await self._say("550 5.1.1 no such address here")
        else:
            self._recipients.append(address)
            await self._say("250 2.1.5 ok")

    async def _data(self) -> None:
        if not self._recipients:
            await self._say("503 5.5.1 RCPT first")
            return
        await self._say("354 go ahead")
        mail = await self._content()
        recipients, self._recipients, self._begun = self._recipients, [], False
        answers = [await self._answer(mail, recipient) for recipient in recipients]
        if not self._lmtp:  # one answer for all: the worst
            answers = [max(answers)]
        for answer in answers:
            await self._say(answer)

    async def _content(self) -> bytes | None:
        """Read up to the lone dot; None for a mail that is too large, read to its end all the same.

        Only CR LF dot CR LF ends a mail: a looser end lets a stranger smuggle a second one in.
        """
        pieces: list[bytes] = []
        size = 0
        fresh = True
        while True:
            piece = await asyncio.wait_for(self._piece(), SECONDS)
            if fresh and piece == b".\r\n":
                return b"".join(pieces) if size <= SIZE_LIMIT else None
            size += len(piece)
            if size <= SIZE_LIMIT:
                pieces.append(piece[1:] if fresh and piece.startswith(b".") else piece)
            fresh = piece.endswith(b"\r\n")

    async def _piece(self) -> bytes:
        """Read a line, or as much of it as is held in memory."""
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as long:
            return await self._reader.readexactly(long.consumed)

    async def _answer(self, mail: bytes | None, recipient: str) -> str:
        if mail is None:
            return "552 5.3.4 too large"
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._take, mail, recipient)
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail must come again
            _log.warning("a mail that came in could not be written down: %s", error)
            return "451 4.3.0 come again later"
        return "250 2.0.0 written down"

    async def _say(self, reply: str) -> None:
        self._writer.write(reply.encode("ascii", "replace") + b"\r\n")
        await asyncio.wait_for(self._writer.drain(), SECONDS)
