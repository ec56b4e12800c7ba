"""One connection to a relay: envelopes pipelined behind the mail before, one mail in the air.

While the end of one mail awaits its answer, the envelope of the next has gone ahead (RFC 2920), so
a mail costs one round trip. A parcel is ready when its recipient is taken and the server waits for
the mail; its first byte leaves only when ``go`` says that the ledger knows.
"""

from __future__ import annotations

import contextlib
import ssl
from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from socket import socket

from publisher.model.parcel import Answer, Outcome, Parcel
from publisher.transport.answers import judged
from publisher.transport.relay import Timeouts
from publisher.transport.replies import Replies, Reply, ReplyError

#: Replies are short; a mail never comes this way.
READ = 8_192
#: More pieces than this are joined before they are written: a system's limit is 1,024 at once.
PIECES = 250


class Step(Enum):
    """What the next reply answers."""

    RESET = auto()
    MAIL = auto()
    RECIPIENT = auto()
    DATA = auto()
    END = auto()
    #: The lone dot after a refused recipient whose DATA was answered all the same.
    NOTHING = auto()


# Read for every reply: so once.
_MAIL, _RECIPIENT, _DATA, _END = Step.MAIL, Step.RECIPIENT, Step.DATA, Step.END
_NOTHING = Step.NOTHING
_ACCEPTED = Answer.ACCEPTED
#: The steps before a mail, in order.
ENVELOPE: tuple[Step, ...] = (_MAIL, _RECIPIENT, _DATA)


class Line:
    """The state of one connection. The socket does not block."""

    def __init__(
        self,
        relay: str,
        connection: socket,
        features: frozenset[str],
        timeouts: Timeouts,
        now: float,
    ) -> None:
        self.relay = relay
        self.socket = connection
        self.pipelining = "pipelining" in features
        self._dsn = "dsn" in features
        self._tls = isinstance(connection, ssl.SSLSocket)
        self._timeouts = timeouts
        self._waits = {
            Step.END: timeouts.end,
            Step.DATA: timeouts.data,
            Step.RECIPIENT: timeouts.recipient,
        }
        self._replies = Replies()
        self._out: list[bytes | memoryview] = []
        self._asked: deque[Step] = deque()
        self._todo: deque[tuple[Step, bytes]] = deque()
        #: The parcel announced. Of it: an outcome as soon as one is known before the mail; whether
        #: its recipient was taken, the server waits for the mail, it was called back.
        self._next: Parcel | None = None
        self._outcome: Outcome | None = None
        self._taken = self._ready = self._recalled = False
        self._air: Parcel | None = None
        self._unsent = 0
        self._air_end = 0
        self._stale = False
        self.closed = False
        self.fault = ""
        self.delivered = 0
        self.news: list[Outcome] = []
        self.ready: list[tuple[int, int]] = []
        #: The tick of the last octet that came or went.
        self._since = now

    # --- what the transport asks ------------------------------------------------------

    @property
    def free(self) -> bool:
        """Whether a parcel can be announced now."""
        if self.closed or self._next is not None:
            return False
        return self.pipelining or (self._air is None and not self._asked)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._next is None and self._air is None and not self._asked

    @property
    def writing(self) -> bool:
        """Whether octets wait for the socket."""
        return bool(self._out)

    def deadline(self) -> float:
        """The tick at which waiting has been long enough."""
        return self._since + self._wait() if self._asked or self._out else float("inf")

    def announce(self, parcel: Parcel, now: float) -> None:
        """Send an envelope ahead: all at once, or step by step without PIPELINING."""
        self._next, self._outcome = parcel, None
        self._taken = self._ready = self._recalled = False
        _, sender, recipient, name, _ = parcel
        if self._dsn:
            commands = (
                f"MAIL FROM:<{sender}> RET=HDRS ENVID={name}\r\n"
                f"RCPT TO:<{recipient}> NOTIFY=FAILURE\r\nDATA\r\n"
            )
        else:
            commands = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"
        steps = ENVELOPE
        if self._stale:
            steps, commands = (Step.RESET, *steps), f"RSET\r\n{commands}"
            self._stale = False
        octets = commands.encode("ascii")
        if self.pipelining:
            self._asked.extend(steps)
            self._out.append(octets)
            self._unsent += len(octets)
            self._since = now
        else:
            self._todo.extend(zip(steps, octets.splitlines(keepends=True), strict=True))
            self._ask(now)

    def go(self, now: float) -> None:
        """Let the announced parcel's mail leave."""
        parcel = self._next
        if parcel is None or not self._ready:
            raise ValueError("no parcel is ready on this line")
        self._next, self._air = None, parcel
        pieces = parcel.pieces()
        if self._tls or not 0 < len(pieces) < PIECES or len(pieces[-1]) < 2:
            pieces = [b"".join(pieces)]
        end = b".\r\n" if pieces[-1].endswith(b"\r\n") else b"\r\n.\r\n"
        if self._tls:
            pieces, end = [pieces[0] + end], b""
        self._asked.append(_END)
        self._out += pieces
        if end:
            self._out.append(end)
        self._unsent += sum(map(len, pieces)) + len(end)
        self._air_end = self._unsent
        self._since = now

    def recall(self) -> None:
        """Take the announced parcel back.

        A server that already waits for the mail can only be hung up on. One that does not is let
        answer first: the mail before may still be in the air, and its answer comes before.
        """
        if self._next is not None:
            self._recalled = True
            if self._ready:
                self.hang_up("taken back")

    def hang_up(self, fault: str) -> None:
        """End the connection. What was in the air is lost, what was announced returns."""
        if self.closed:
            return
        self.closed = True
        self.fault = fault
        with contextlib.suppress(OSError):
            self.socket.close()
        if self._air is not None:
            # The server can have taken the mail only if it was given the final dot.
            answer = Answer.LOST if self._air_end <= 0 else Answer.RETURNED
            self.news.append(Outcome(self._air.key, answer, reply=fault))
            self._air = None
        if self._next is not None:
            if self._outcome is None and not self._recalled:
                self.news.append(Outcome(self._next.key, Answer.RETURNED, reply=fault))
            self._next = None
        self._out.clear()

    # --- the wire ---------------------------------------------------------------------

    def readable(self, now: float) -> None:
        """Read what has come and answer to it."""
        self._read(now)
        if self._tls:  # what TLS has decrypted already would never wake anybody up
            while not self.closed and self._pending():
                self._read(now)

    def _read(self, now: float) -> None:
        try:
            octets = self.socket.recv(READ)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
            return
        except OSError as error:
            self.hang_up(error.strerror or "the connection broke")
            return
        if not octets:
            self.hang_up("it hung up")
            return
        try:
            replies = self._replies.feed(octets)
        except ReplyError as error:
            self.hang_up(f"it does not speak SMTP: {error}")
            return
        self._hear(replies, now)
        if not self.closed:
            self._since = now

    def writable(self, now: float) -> None:
        """Write what waits, as much as the socket takes."""
        out = self._out
        while out:
            try:
                if len(out) == 1 or self._tls:
                    sent = self.socket.send(out[0])
                else:  # a mail and the envelope behind it in one go
                    sent = self.socket.sendmsg(out if len(out) < 2 * PIECES else out[: 2 * PIECES])
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError, BlockingIOError):
                return
            except OSError as error:
                self._last_words(now)
                self.hang_up(error.strerror or "the connection broke")
                return
            self._unsent -= sent
            self._air_end -= sent
            self._since = now
            if not self._unsent:
                out.clear()
            elif sent:
                self._forget(sent)

    def _forget(self, sent: int) -> None:
        """Leave out of what waits for the socket as many octets as it took."""
        whole = 0
        while sent >= len(self._out[whole]):
            sent -= len(self._out[whole])
            whole += 1
        del self._out[:whole]
        self._out[0] = memoryview(self._out[0])[sent:]

    def expired(self, now: float) -> bool:
        """Hang up if the relay has been silent for longer than it may; True if anything changed.

        We may have been away ourselves, waiting for the ledger: what came meanwhile is heard first.
        """
        if now < self.deadline():
            return False
        self.readable(now)
        if not self.closed and now >= self.deadline():
            self.hang_up("it does not answer")
        return True

    def farewell(self) -> None:
        """Say QUIT on an idle line and hang up, whether or not it answers."""
        if not self.closed and self.idle:
            with contextlib.suppress(OSError, ValueError):
                self.socket.send(b"QUIT\r\n")
        self.hang_up("done")

    def _send(self, octets: bytes, now: float) -> None:
        self._out.append(octets)
        self._unsent += len(octets)
        self._since = now

    def _pending(self) -> int:
        return self.socket.pending() if isinstance(self.socket, ssl.SSLSocket) else 0

    def _last_words(self, now: float) -> None:
        """A server that hangs up on us may have said why."""
        with contextlib.suppress(OSError, ReplyError, ValueError):
            self._hear(self._replies.feed(self.socket.recv(READ)), now)

    def _ask(self, now: float) -> None:
        """Without PIPELINING: send one step once all is answered."""
        if self._todo and not self._asked:
            step, command = self._todo.popleft()
            self._asked.append(step)
            self._send(command, now)

    def _wait(self) -> float:
        """Give the seconds that the reply now awaited may take."""
        if self._out:
            return self._timeouts.block
        if not self._asked:
            return self._timeouts.mail
        return self._waits.get(self._asked[0], self._timeouts.mail)

    # --- replies ----------------------------------------------------------------------

    def _hear(self, replies: Sequence[Reply], now: float) -> None:
        """Take replies as what they answer: in a good hour, END and then the next envelope's three."""
        asked = self._asked
        for reply in replies:
            if not asked:
                # Unasked: a server about to hang up says 421; anything else is out of step.
                self.hang_up(reply.said)
                return
            step = asked.popleft()
            code = reply.code
            if step is _END:
                self._ended(reply)
            elif step is _DATA:
                if code == 354:
                    self._mail_wanted(now)
                else:
                    self._enveloped(step, reply)
            elif step is _NOTHING or 200 <= code < 300:
                if step is _RECIPIENT:
                    self._taken = True
            else:
                self._enveloped(step, reply)
            if code == 421 and not self.closed:
                self.hang_up(reply.said)
            if self._todo and not self.closed:
                self._ask(now)
            if self.closed:
                return

    def _ended(self, reply: Reply) -> None:
        parcel, self._air = self._air, None
        if parcel is None:
            return
        outcome = judged(parcel.key, reply)
        if self._air_end > 0:  # answered before the end: nothing more of the mail is wanted
            if outcome.answer is _ACCEPTED:
                outcome = Outcome(parcel.key, Answer.LOST, reply.code, reply.said)
            self.hang_up(reply.said)
        elif outcome.answer is _ACCEPTED:
            self.delivered += 1
        self.news.append(outcome)

    def _enveloped(self, step: Step, reply: Reply) -> None:
        """One step of the envelope was not taken."""
        parcel = self._next
        if step is Step.RESET or parcel is None:
            return
        if reply.code < 400:
            self.hang_up(f"it is out of step: {reply.said}")
            return
        if self._outcome is None:
            self._outcome = self._refused(step, parcel, reply)
            if not self._recalled:
                self.news.append(self._outcome)
        if self._outcome.answer is Answer.RETURNED:
            self.hang_up(reply.said)
        elif step is _DATA or not self.pipelining:
            self._next = None
            self._stale = True  # MAIL stands, and no mail came: RSET before the next
            self._todo.clear()

    def _refused(self, step: Step, parcel: Parcel, reply: Reply) -> Outcome:
        """A refused sender is our own fault; a recipient put off by 421 only lost this line."""
        if reply.code == 421 or (step is Step.MAIL and reply.code < 500):
            return Outcome(parcel.key, Answer.RETURNED, reply.code, reply.said)
        if step is Step.MAIL:
            return Outcome(parcel.key, Answer.SENDER, reply.code, reply.said)
        return judged(parcel.key, reply, accepted=False)

    def _mail_wanted(self, now: float) -> None:
        """The server waits for a mail: ready, if its recipient was taken and nobody called it back."""
        parcel = self._next
        if parcel is None:
            return
        if self._outcome is None and not self._recalled:
            self._ready = True
            self.ready.append(parcel.key)
            return
        if self._taken:  # only hanging up is sure not to store an empty mail
            self.hang_up("taken back" if self._recalled else "it is out of step")
            return
        self._next = None
        # Every recipient refused, and still 354: the lone dot of RFC 2920 section 3.1.
        self._asked.append(_NOTHING)
        self._send(b".\r\n", now)
