"""Whatever dies, nobody is missed, and copies exist only of what was in the air.

Real processes are killed with SIGKILL at seeded moments; the sink's log is the oracle.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from publisher import store
from publisher.delivery import run_due, steering
from publisher.model.delivery import TERMINAL, UNFINISHED
from publisher.model.delivery import DeliveryState as S
from publisher.model.release import ReleaseState
from publisher.transport.outbox import Outbox
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.transport.sink import Manners, Sink

ROOT = Path(__file__).parents[2]
LINES = 4
#: So many sudden ends, in the long run.
KILLS = 2_000


@contextmanager
def watching(url: str, count: int) -> Iterator[House]:
    """A house that watches since before the slot, with so many readers; it sends nothing itself."""
    database = store.open(url)
    house = House(database, lambda: Outbox(Path(os.devnull)))
    house.subscribe(readers(count))
    house.now.at = BEFORE
    run_due(house.office, BEFORE)
    try:
        yield house
    finally:
        database.close()


def child(url: str, sink: Sink, **options: object) -> subprocess.Popen[bytes]:
    """Start a publisher; it is ready when this returns."""
    words = [f"{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.delivery.child", url, str(sink.port), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"ready"), process.communicate()[1].decode()
    return process


def finish(process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait for the end of a publisher, which must be a good one."""
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0, errors.decode()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def terminal(house: House) -> dict[int, S]:
    """Give the deliveries that can never change again."""
    return {
        row.subscriber: row.state
        for release in house.releases.listed()
        for row in house.deliveries.who(release.id, limit=100_000)
        if row.state in TERMINAL
    }


def prove(house: House, sink: Sink, count: int, crashes: int) -> dict[S, int]:
    """Check the invariants after everything; give the counts."""
    (release,) = house.releases.listed()
    assert release.state is ReleaseState.COMPLETE
    counts = house.deliveries.counts(release.id)
    assert sum(counts.values()) == count
    assert not any(counts[state] for state in UNFINISHED)
    copies = sink.log.copies()
    rows = house.deliveries.who(release.id, limit=100_000)
    for row in rows:
        got = copies[row.address]
        assert got <= 1 + row.doubts, row
        if row.state is S.SENT:
            assert got >= 1, row
    doubts = sum(row.doubts for row in rows)
    assert doubts <= crashes * LINES
    assert sum(copies.values()) - len(copies) <= doubts
    return {state: count for state, count in counts.items() if count}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "policy"),
    [
        ("open", "hold"),
        ("opened", "hold"),
        ("starting", "resend"),
        ("sending", "resend"),
        ("left", "hold"),
        ("left", "resend"),
        ("answered", "resend"),
    ],
)
def test_a_crash_at_an_exact_place(database_url: str, where: str, policy: str) -> None:
    """Before a byte left nothing is in doubt for long; after it, at most a mail a line."""
    with Sink() as sink, watching(database_url, 60) as house:
        after = 1 if where == "open" else 3
        first = child(database_url, sink, crash=where, after=after, uncertain=policy)
        first.wait(30)
        first.communicate()
        assert first.returncode == -signal.SIGKILL
        known = terminal(house)
        assert (house.releases.listed() == []) is (where == "open")

        finish(child(database_url, sink, uncertain=policy))

        counts = prove(house, sink, 60, crashes=1)
        assert known.items() <= terminal(house).items()
        if policy == "resend":
            assert counts == {S.SENT: 60}
            assert len(sink.log.copies()) == 60
        if where in ("open", "opened"):
            assert counts == {S.SENT: 60}


@dataclass(frozen=True)
class Outcome:
    """What one release came to whose publisher was killed again and again."""

    kills: int
    missed: int
    copies: int
    doubts: int


def soak(url: str, kills: int, count: int, seed: int) -> Outcome:
    """Kill a publisher again and again, at moments spread over its whole life."""
    chance = random.Random(seed)
    with Sink(Manners(latency=0.001)) as sink, watching(url, count) as house:
        crashes = 0
        known: dict[int, S] = {}
        for _ in range(kills):
            process = child(url, sink, uncertain="resend", lease=0.4)
            time.sleep(chance.random() * 0.5)
            died = process.poll() is None
            kill(process)
            crashes += died
            now = terminal(house)
            assert known.items() <= now.items(), "a terminal state changed"
            known = now
            if len(known) == count:
                break
        finish(child(url, sink, uncertain="resend", lease=0.4))
        counts = prove(house, sink, count, crashes)
        assert counts == {S.SENT: count}
        copies = sink.log.copies()
        assert set(copies) == set(readers(count))
        (release,) = house.releases.listed()
        doubts = sum(row.doubts for row in house.deliveries.who(release.id, limit=100_000))
    return Outcome(crashes, count - len(copies), sum(copies.values()) - len(copies), doubts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_killed_again_and_again_at_random(database_url: str, seed: int) -> None:
    assert soak(database_url, 12, 900, seed).kills >= 1


@pytest.mark.soak
def test_killed_two_thousand_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Release after release is killed to pieces until 2,000 kills have met a living sender.

    ``PUBLISHER_SOAK`` sets another number.
    """
    wanted = int(os.environ.get("PUBLISHER_SOAK", KILLS))
    done: list[Outcome] = []
    while (kills := sum(one.kills for one in done)) < wanted:
        url = f"sqlite:///{tmp_path}/{len(done)}.sqlite3"
        done.append(soak(url, min(200, wanted - kills), 10_000, len(done) + 1))
        with capsys.disabled():
            print(
                f"\n{len(done)} releases to 10,000 readers, {sum(o.kills for o in done)} kills:"
                f" {sum(o.missed for o in done)} missed, {sum(o.copies for o in done)} copies"
                f" where {sum(o.doubts for o in done)} were in doubt"
                f" (bound {sum(o.kills for o in done) * LINES})"
            )


@pytest.mark.slow
def test_sigterm_drains(database_url: str) -> None:
    """Told to end in mid-release: every answer is awaited and written, nothing is in doubt."""
    with Sink(Manners(latency=0.002)) as sink, watching(database_url, 400) as house:
        process = child(database_url, sink, lease=10)
        sink.wait_for(50)
        process.send_signal(signal.SIGTERM)
        finish(process, 20)
        (release,) = house.releases.listed()
        counts = house.deliveries.counts(release.id)

        assert counts[S.SENT] == len(sink.log.accepted) < 400
        assert counts[S.SENDING] == counts[S.UNCERTAIN] == 0
        assert [claim for claim in house.deliveries.claims() if claim.owner] == []
        finish(child(database_url, sink))
        assert prove(house, sink, 400, crashes=0) == {S.SENT: 400}
        assert sink.log.copies() == dict.fromkeys(readers(400), 1)


@pytest.mark.slow
def test_stopped_past_the_lease_and_woken_again(database_url: str) -> None:
    """A process frozen for longer than its lease wakes to find its work done, and leaves it so."""
    with Sink(Manners(latency=0.002)) as sink, watching(database_url, 400) as house:
        frozen = child(database_url, sink, lease=0.5)
        sink.wait_for(40)
        freeze(frozen, database_url)
        try:
            finish(child(database_url, sink, lease=0.5, uncertain="resend"))
        finally:
            frozen.send_signal(signal.SIGCONT)
        finish(frozen)

        assert prove(house, sink, 400, crashes=1)[S.SENT] >= 400 - LINES


def freeze(process: subprocess.Popen[bytes], url: str) -> None:
    """Stop a process between two of its commits.

    One that SQLite's only write lock is caught with keeps everybody waiting until it wakes:
    that is SQLite's promise, and not what is looked at here.
    """
    for _ in range(1000):
        process.send_signal(signal.SIGSTOP)
        if not url.startswith("sqlite:///"):
            return
        try:
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0.2)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.rollback()
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            time.sleep(0.005)
        else:
            return
    raise AssertionError("the process never let go of the lock")


@pytest.mark.slow
@pytest.mark.parametrize("count", [3])
def test_daemons_started_together_release_once(database_url: str, count: int) -> None:
    with Sink() as sink, watching(database_url, 300) as house:
        processes = [child(database_url, sink, chunk=20, lease=10) for _ in range(count)]
        for process in processes:
            finish(process)

        assert prove(house, sink, 300, crashes=0) == {S.SENT: 300}
        assert sink.log.copies() == dict.fromkeys(readers(300), 1)
        assert len(house.releases.listed()) == 1


@pytest.mark.slow
def test_paused_resumed_paused_and_cancelled_under_the_load_of_two(database_url: str) -> None:
    """A person's word takes hold of both senders within what is in the air, each time."""
    with Sink(Manners(latency=0.004)) as sink, watching(database_url, 600) as house:
        ledger = steering.Ledger(house.releases, house.deliveries)
        senders = [child(database_url, sink, chunk=20, lease=10) for _ in range(2)]
        try:
            for word, waited in (
                (steering.pause, 60),
                (steering.resume, 60),
                (steering.pause, 160),
            ):
                sink.wait_for(waited)
                (release,) = house.releases.listed()
                word(ledger, release, FRIDAY)
                if word is steering.pause:
                    time.sleep(0.5)
                    stood = len(sink.log.accepted)
                    time.sleep(0.7)
                    assert len(sink.log.accepted) == stood < 600
            (release,) = house.releases.listed()
            steering.cancel(ledger, release, FRIDAY)
            for sender in senders:
                finish(sender)
        finally:
            for sender in senders:
                if sender.poll() is None:
                    kill(sender)

        counts = house.deliveries.counts(release.id)
        assert counts[S.SENT] == len(sink.log.accepted) == len(sink.log.copies())
        assert counts[S.SENT] + counts[S.WITHHELD] == sum(counts.values()) == 600


@pytest.mark.slow
@pytest.mark.parametrize("clock", [-3600, 5400])
def test_a_second_daemon_with_a_wrong_clock_takes_nothing(database_url: str, clock: int) -> None:
    """Its clock is an hour behind, or ninety minutes ahead; leases are not told by clocks."""
    with Sink(Manners(latency=0.002)) as sink, watching(database_url, 300) as house:
        right = child(database_url, sink, chunk=20, lease=10)
        sink.wait_for(20)
        wrong = child(database_url, sink, chunk=20, lease=10, clock=clock)
        finish(right)
        wrong.send_signal(signal.SIGTERM)
        wrong.communicate(timeout=30)

        assert prove(house, sink, 300, crashes=0) == {S.SENT: 300}
        assert sink.log.copies() == dict.fromkeys(readers(300), 1)


@contextmanager
def locked(path: Path) -> Iterator[Callable[[], None]]:
    """Hold SQLite's write lock, as a backup or a stuck shell would."""
    import sqlite3

    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection.rollback
    finally:
        connection.close()


@pytest.mark.slow
def test_a_database_locked_for_longer_than_its_patience(tmp_path: Path) -> None:
    """For eleven seconds nothing can be written: nothing new leaves, no answer is dropped."""
    path = tmp_path / "ledger.sqlite3"
    url = f"sqlite:///{path}"
    with Sink(Manners(latency=0.002)) as sink, watching(url, 300) as house:
        process = child(url, sink, lease=30)
        sink.wait_for(30)
        with locked(path):
            time.sleep(0.5)
            before = len(sink.log.accepted)
            time.sleep(10.5)
            assert len(sink.log.accepted) == before
        finish(process)

        assert prove(house, sink, 300, crashes=0) == {S.SENT: 300}
        assert sink.log.copies() == dict.fromkeys(readers(300), 1)
