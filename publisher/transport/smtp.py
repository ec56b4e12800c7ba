"""Relays over SMTP and LMTP: persistent lines, opened as needed, the next relay when one fails.

One thread does all the talking, so that the answers of every line can be written down in one
commit; only greetings run beside it. A relay that fails is left alone for a while that doubles.
"""

from __future__ import annotations

import math
import select
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

from publisher.model.parcel import News, Outcome, Parcel, Trouble
from publisher.transport.greeting import Greeted, GreetingError, greet
from publisher.transport.line import Line
from publisher.transport.relay import Relay

Key = tuple[int, int]
Ticks = Callable[[], float]

#: The first and the longest wait before a relay that failed is tried again, in seconds.
FIRST_BLOCK, LONGEST_BLOCK = 1.0, 300.0
#: So many lines in a row that were of no use, and the relay is left alone.
STRIKES = 3
#: A relay that limits our connections is asked for more only after so many seconds.
CAP_SECONDS = 60.0
#: After so many seconds of greeting the next relay is tried as well.
SLOW_GREETING = 10.0
#: How often, in seconds, it is looked whether a relay has been silent for too long.
LOOK = 0.1
READ, WRITE = select.POLLIN, select.POLLOUT


@dataclass
class _Station:
    """One relay and how it stands. ``cap`` is how many connections it bears, as far as known."""

    relay: Relay
    lines: list[Line] = field(default_factory=list)
    #: The lines that can take a parcel, as an ordered set.
    free: dict[Line, None] = field(default_factory=dict)
    greeting: int = 0
    greeting_since: float = 0.0
    failures: int = 0
    strikes: int = 0
    blocked: float = 0.0
    cap: int = 0
    cap_until: float = 0.0
    trouble: str = ""
    systemic: bool = False

    def places(self, now: float) -> int:
        """Say how many connections more it may have."""
        most = self.relay.connections
        if self.cap and now < self.cap_until:
            most = min(most, self.cap)
        return most - len(self.lines) - self.greeting


class Smtp:
    """A number of relays, in order of preference, as one way out."""

    stuffed = True
    idempotent = False

    def __init__(self, relays: Sequence[Relay], ticks: Ticks) -> None:
        if not relays:
            raise ValueError("at least one relay is needed")
        self._stations = [_Station(relay) for relay in relays]
        self._ticks = ticks
        self._poller = select.poll()
        self._greeted: SimpleQueue[tuple[_Station, Greeted | GreetingError]] = SimpleQueue()
        self._bell_in, self._bell_out = socket.socketpair()
        self._bell_in.setblocking(False)
        self._bell_out.setblocking(False)
        self._bell = self._bell_out.fileno()
        self._poller.register(self._bell, READ)
        self._where: dict[Key, Line] = {}
        #: Lines by the number of their socket, and what is waited for on each.
        self._watched: dict[int, Line] = {}
        self._masks: dict[Line, tuple[int, int]] = {}
        self._homes: dict[Line, _Station] = {}
        self._unwritten: dict[Line, None] = {}
        #: Lines that something happened on.
        self._stirred: dict[Line, None] = {}
        self._look = 0.0
        self._came = False
        self._closed = False

    # --- the port -------------------------------------------------------------------

    def room(self) -> int:
        """Say how many parcels could be announced; open lines when there is demand for more."""
        free = 0
        for station in self._stations:
            free += len(station.free)
        if free == 0:
            self._open_one()
        return free

    def announce(self, parcel: Parcel) -> str:
        for station in self._stations:
            if station.free:
                break
        line = next(iter(station.free))
        del station.free[line]
        self._where[parcel.key] = line
        line.announce(parcel, self._ticks())
        self._unwritten[line] = None
        if not station.free:
            self.room()  # where that was the last, there is demand for one more
        return line.relay

    def go(self, keys: Sequence[Key]) -> None:
        now = self._ticks()
        for key in keys:
            line = self._where[key]
            if not line.closed:
                line.go(now)
                self._unwritten[line] = None
                if line.pipelining:  # and so it can take the next at once
                    self._homes[line].free[line] = None

    def recall(self, keys: Sequence[Key]) -> None:
        for key in keys:
            line = self._where.pop(key, None)
            if line is not None:
                line.recall()
                self._stirred[line] = None
                self._watch(line)

    def poll(self, seconds: float) -> News:
        now = self._ticks()
        end = now + seconds
        while True:
            self._write(now)
            self._expire(now)
            news = self._collect(now)
            if news.ready or news.outcomes or self._came or now > end:
                self._came = False
                return news
            wait = max(0.0, min(end, self._look) - now)
            for number, event in self._poller.poll(math.ceil(wait * 1000)):
                if number == self._bell:
                    self._bell_out.recv(1024)
                else:
                    self._serve(self._watched[number], event, now)
            now = self._ticks()
            if now >= end:
                return self._collect(now)

    def troubles(self) -> Sequence[Trouble]:
        now = self._ticks()
        if any(station.lines or station.greeting for station in self._stations):
            return []
        return [
            Trouble(
                station.relay.name,
                station.trouble,
                max(0.0, station.blocked - now),
                station.systemic,
            )
            for station in self._stations
            if station.blocked > now
        ]

    def close(self) -> None:
        self._closed = True
        for line in self._lines():
            line.farewell()
        for line in list(self._masks):
            self._unwatch(line)
        self._bell_out.close()
        self._bell_in.close()
        self._take_greeted()

    # --- lines ----------------------------------------------------------------------

    def _lines(self) -> list[Line]:
        return [line for station in self._stations for line in station.lines]

    def _open_one(self) -> None:
        """Begin one more connection, to the first relay that can be used."""
        now = self._ticks()
        for station in self._stations:
            if now < station.blocked:
                continue
            if station.greeting:
                if now - station.greeting_since > SLOW_GREETING:
                    continue  # it may come round; meanwhile the next relay is asked
                return
            if station.places(now) > 0:
                station.greeting += 1
                station.greeting_since = now
                Thread(target=self._greet, args=(station,), daemon=True).start()
            return

    def _greet(self, station: _Station) -> None:
        """In a thread of its own: open a connection and hand it over."""
        try:
            self._greeted.put((station, greet(station.relay)))
        except GreetingError as error:
            self._greeted.put((station, error))
        except Exception as error:  # noqa: BLE001 -- a thread that dies unheard would be waited for for ever
            reason = f"{type(error).__name__}: {error}"
            self._greeted.put((station, GreetingError(reason)))
        try:
            self._bell_in.send(b"!")
        except OSError:  # nobody waits any more
            self._take_greeted()

    def _take_greeted(self) -> None:
        while True:
            try:
                station, greeted = self._greeted.get_nowait()
            except Empty:
                return
            station.greeting -= 1
            if isinstance(greeted, GreetingError):
                self._greeting_failed(station, greeted)
            elif self._closed:
                greeted.socket.close()
            else:
                self._connected(station, greeted)

    def _connected(self, station: _Station, greeted: Greeted) -> None:
        relay = station.relay
        now = self._ticks()
        line = Line(relay.name, greeted.socket, greeted.features, relay.timeouts, now)
        station.lines.append(line)
        self._homes[line] = station
        station.free[line] = None
        self._came = True  # who waits for room is told at once
        self._watch(line)

    def _greeting_failed(self, station: _Station, error: GreetingError) -> None:
        now = self._ticks()
        if station.lines and error.code in (0, 421, 450, 451, 452):
            # It serves us, only not on more lines: be content with those for a while.
            station.cap, station.cap_until = len(station.lines), now + CAP_SECONDS
            return
        self._fail(station, str(error), now, systemic=error.systemic)

    def _fail(self, station: _Station, reason: str, now: float, *, systemic: bool = False) -> None:
        wait = min(FIRST_BLOCK * 2**station.failures, LONGEST_BLOCK)
        station.failures = min(station.failures + 1, 20)
        station.blocked = now + wait
        station.trouble, station.systemic = reason, systemic

    def _ended(self, station: _Station, line: Line, now: float) -> None:
        """A line is closed: was it of use? One that never delivered counts against its relay."""
        station.lines.remove(line)
        station.free.pop(line, None)
        del self._homes[line]
        self._unwatch(line)
        if line.delivered:
            station.failures, station.strikes, station.systemic = 0, 0, False
        elif line.fault not in ("", "done", "taken back"):
            station.strikes += 1
            if station.strikes >= STRIKES:
                station.strikes = 0
                self._fail(station, line.fault, now)

    # --- the loop -------------------------------------------------------------------

    def _serve(self, line: Line, event: int, now: float) -> None:
        if event != WRITE:  # something came, or the connection is at its end
            line.readable(now)
        if line.writing and not line.closed:
            line.writable(now)
        self._stirred[line] = None
        if event != READ or line.closed or line.writing:
            self._watch(line)

    def _write(self, now: float) -> None:
        """Write what was announced and let go since the last look: often both in one piece."""
        for line in self._unwritten:
            line.writable(now)
            if line.closed or line.writing:
                self._stirred[line] = None
                self._watch(line)
        self._unwritten.clear()

    def _expire(self, now: float) -> None:
        """Hang up, every now and then, on relays that have been silent for too long."""
        if now < self._look:
            return
        self._look = now + LOOK
        for line in self._lines():
            if line.expired(now):
                self._stirred[line] = None

    def _collect(self, now: float) -> News:
        """Gather what the lines have heard, and clear away those that ended."""
        ready: list[Key] = []
        outcomes: list[Outcome] = []
        for line in self._stirred:
            station = self._homes.get(line)
            if station is None:
                continue  # it ended before
            if line.ready:
                if not line.closed:
                    ready += line.ready
                line.ready.clear()
            if line.news:
                for outcome in line.news:
                    self._where.pop(outcome.key, None)
                outcomes += line.news
                line.news.clear()
            if line.closed:
                self._ended(station, line, now)
            elif line.free:
                station.free[line] = None
        self._stirred.clear()
        if not self._greeted.empty():
            self._take_greeted()  # only now: a new line may have the number of one just ended
        return News(tuple(ready), tuple(outcomes))

    def _watch(self, line: Line) -> None:
        """Listen on a line, and wait to write where octets wait."""
        if line.closed:
            self._unwatch(line)
            return
        mask = READ | WRITE if line.writing else READ
        number, known = self._masks.get(line, (-1, 0))
        if known == mask:
            return
        if not known:
            number = line.socket.fileno()
            self._watched[number] = line
        self._poller.register(number, mask)
        self._masks[line] = number, mask

    def _unwatch(self, line: Line) -> None:
        """Its socket is closed: the number that it had may be another's soon."""
        number, known = self._masks.pop(line, (-1, 0))
        if known:
            self._poller.unregister(number)
            del self._watched[number]
