"""A small SMTP and LMTP server for what comes back: bounces and complaints, and nothing else.

It takes mail only for addresses that we coined, relays nothing, and answers 250 only when what
came is written down. RFC 5321, RFC 2033; meant to stand behind the site's own mail server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from publisher.transport.report import SIZE_LIMIT

LINE_LIMIT = 4_096
SECONDS = 300.0
MOST = 50
RECIPIENTS = 100

_log = logging.getLogger("publisher.transport")


class Hatch:
    """Listens in a thread of its own, on a port or a unix socket.

    ``wanted`` says whether an address is one of ours; ``take`` deals with a mail to one and raises
    when it could not: the other side will come again.
    """

    def __init__(
        self,
        take: Callable[[bytes, str], object],
        wanted: Callable[[str], bool],
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
        self._open = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, name="hatch", daemon=True)

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
            self._path.unlink(missing_ok=True)
            server = await asyncio.start_unix_server(self._meet, str(self._path), limit=LINE_LIMIT)
        else:
            server = await asyncio.start_server(self._meet, self._host, self.port, limit=LINE_LIMIT)
            self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._done.wait()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._open += 1
        try:
            if self._open > MOST:
                writer.write(b"421 4.7.0 too many connections\r\n")
                await writer.drain()
            else:
                await _Visit(self._name, self._take, self._wanted, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        except (TimeoutError, asyncio.CancelledError):
            with contextlib.suppress(OSError):
                writer.write(b"421 4.4.2 good-bye\r\n")
        finally:
            self._open -= 1
            writer.close()
            if task is not None:
                self._tasks.discard(task)


class _Visit:
    """One connection."""

    def __init__(
        self,
        name: str,
        take: Callable[[bytes, str], object],
        wanted: Callable[[str], bool],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._name, self._take, self._wanted = name, take, wanted
        self._reader, self._writer = reader, writer
        self._lmtp = False
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._say(f"220 {self._name} ESMTP for reports only")
        while True:
            line = await asyncio.wait_for(self._reader.readline(), SECONDS)
            if not line:
                return
            words = line.decode("ascii", "replace").strip()
            verb = words[:4].upper()
            if verb == "QUIT":
                await self._say("221 2.0.0 good-bye")
                return
            await self._obey(verb, words)

    async def _obey(self, verb: str, words: str) -> None:
        match verb:
            case "EHLO" | "LHLO" | "HELO":
                self._lmtp = verb == "LHLO"
                more = "PIPELINING", f"SIZE {SIZE_LIMIT}", "ENHANCEDSTATUSCODES", "8BITMIME"
                lines = [self._name] if verb == "HELO" else [self._name, *more, "SMTPUTF8"]
                marks = ["-"] * (len(lines) - 1) + [" "]
                await self._say(
                    "\r\n".join(f"250{m}{t}" for m, t in zip(marks, lines, strict=True))
                )
            case "MAIL":
                self._sender, self._recipients = _path(words), []
                await self._say("250 2.1.0 ok")
            case "RCPT":
                await self._recipient(_path(words))
            case "DATA":
                await self._data()
            case "RSET":
                self._sender, self._recipients = None, []
                await self._say("250 2.0.0 ok")
            case "NOOP":
                await self._say("250 2.0.0 ok")
            case _:
                await self._say("502 5.5.1 not here")

    async def _recipient(self, address: str) -> None:
        if self._sender is None:
            await self._say("503 5.5.1 MAIL first")
        elif len(self._recipients) >= RECIPIENTS:
            await self._say("452 4.5.3 too many recipients")
        elif not self._wanted(address):
            await self._say("550 5.1.1 no such address here")
        else:
            self._recipients.append(address)
            await self._say("250 2.1.5 ok")

    async def _data(self) -> None:
        if not self._recipients:
            await self._say("503 5.5.1 RCPT first")
            return
        await self._say("354 go ahead")
        mail = await self._mail()
        recipients, self._recipients, self._sender = self._recipients, [], None
        answers = [await self._answer(mail, recipient) for recipient in recipients]
        if not self._lmtp:  # one answer for all: the worst
            answers = [max(answers)]
        for answer in answers:
            await self._say(answer)

    async def _mail(self) -> bytes | None:
        """Read up to the lone dot; None for a mail that is too large, read to its end all the same."""
        lines: list[bytes] = []
        size = 0
        while True:
            line = await asyncio.wait_for(self._reader.readuntil(b"\n"), SECONDS)
            if line in (b".\r\n", b".\n"):
                return b"".join(lines) if size <= SIZE_LIMIT else None
            size += len(line)
            if size <= SIZE_LIMIT:
                lines.append(line[1:] if line.startswith(b".") else line)

    async def _answer(self, mail: bytes | None, recipient: str) -> str:
        if mail is None:
            return "552 5.3.4 too large"
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._take, mail, recipient)
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail must come again
            _log.warning("a report could not be written down: %s", error)
            return "451 4.3.0 come again later"
        return "250 2.0.0 written down"

    async def _say(self, reply: str) -> None:
        self._writer.write(reply.encode("ascii", "replace") + b"\r\n")
        await asyncio.wait_for(self._writer.drain(), SECONDS)


def _path(words: str) -> str:
    return words.partition("<")[2].partition(">")[0][:320]
