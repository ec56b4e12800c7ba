"""A publisher of its own to be killed: ``python -m tests.delivery.child DATABASE PORT [NAME=VALUE …]``.

It runs until its release is over, as a daemon does. ``crash=WHERE`` makes it vanish, as kill -9
would, at one exact place: ``open`` (inserted, not committed), ``opened`` (committed, nothing sent),
``sending`` (a departure is committed, no byte has left), ``answered`` (a 250 was read, not written).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from publisher import store
from publisher.delivery import run_due
from publisher.delivery.ports import Policy
from publisher.model.ledger import Proposal, Settled, Settlement
from publisher.model.parcel import News
from publisher.model.problem import OutsideError
from publisher.model.release import Release, ReleaseState
from publisher.store.deliveries import Deliveries
from publisher.store.releases import Releases
from publisher.transport.relay import Relay, Security, Timeouts
from publisher.transport.smtp import Smtp
from tests.delivery.house import FRIDAY, House


def vanish() -> None:
    """End as kill -9 ends it: no handler, no buffer, no good-bye."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Fuse:
    """Counts down to the crash."""

    where: str
    left: int

    def burn(self, where: str) -> None:
        if where == self.where:
            self.left -= 1
            if self.left <= 0:
                vanish()


class FusedSmtp(Smtp):
    """A transport that vanishes at its places."""

    fuse = Fuse("", 0)

    def go(self, keys: Sequence[tuple[int, int]]) -> None:
        if keys:
            self.fuse.burn("sending")
        super().go(keys)
        if keys:
            self.fuse.burn("left")

    def poll(self, seconds: float) -> News:
        news = super().poll(seconds)
        if news.outcomes:
            self.fuse.burn("answered")
        return news


class FusedDeliveries(Deliveries):
    """A ledger that vanishes at its places."""

    fuse = Fuse("", 0)

    def settle(self, settlement: Settlement, now: datetime) -> Settled:
        if settlement.starts:
            self.fuse.burn("starting")
        return super().settle(settlement, now)


class FusedReleases(Releases):
    """A ledger that vanishes when a release is inserted and not yet committed."""

    fuse = Fuse("", 0)

    def open(self, proposal: Proposal, now: datetime) -> tuple[Release, bool]:
        if self.fuse.where == "open":
            event.listen(self._database.engine, "commit", lambda _: self.fuse.burn("open"))
        return super().open(proposal, now)


def main(arguments: Sequence[str]) -> int:
    """Run until the release is over."""
    url, port = arguments[0], int(arguments[1])
    options = dict(word.split("=", 1) for word in arguments[2:])
    fuse = Fuse(options.get("crash", ""), int(options.get("after", "1")))
    FusedSmtp.fuse = FusedDeliveries.fuse = FusedReleases.fuse = fuse
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    relay = Relay(
        "127.0.0.1",
        port,
        Security.NONE,
        connections=int(options.get("connections", "4")),
        timeouts=Timeouts(5, 5, 5, 5, 5, 5, 5, 1),
    )
    house = House(store.open(url), lambda: FusedSmtp([relay], time.monotonic))
    house.deliveries = FusedDeliveries(house.database)
    house.releases = FusedReleases(house.database)
    house.owner = f"child {os.getpid()} {os.urandom(4).hex()}"
    house.policy = Policy(
        chunk=int(options.get("chunk", "50")),
        lease=float(options.get("lease", "0.6")),
        drain=float(options.get("drain", "10")),
        resend_uncertain=options.get("uncertain") == "resend",
        backoff=timedelta(seconds=float(options.get("backoff", "0.2"))),
        backoff_limit=timedelta(seconds=1),
    )
    began = time.monotonic()
    offset = timedelta(seconds=float(options.get("clock", "0")))

    def clock() -> datetime:
        return FRIDAY + offset + timedelta(seconds=time.monotonic() - began)

    house.now = clock  # type: ignore[assignment]  # a clock that runs
    print("ready", datetime.now(UTC).isoformat(), flush=True)
    if fuse.where == "opened":
        from publisher.delivery import decide

        decide(house.office, clock())
        vanish()
    while not stopped.is_set():
        try:
            run_due(house.office, clock(), stopped.is_set)
            over = all(
                release.state in (ReleaseState.COMPLETE, ReleaseState.CANCELLED)
                for release in house.releases.listed()
            )
        except OutsideError as error:
            print(error, file=sys.stderr, flush=True)
            over = False
        if over:
            return 0
        time.sleep(0.02)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
