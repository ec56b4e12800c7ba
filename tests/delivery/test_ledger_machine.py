"""Whatever is done to the ledger in whatever order, every change it makes is a legal one.

Owners claim, send, hear, vanish, come back late with stale answers; readers leave and move; an
editor pauses, resumes, cancels, resolves. A trigger in the database itself writes down each change
of a state, and after every step those are held against the table of legal ones.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)
from sqlalchemy import func, insert, select, text, update

from publisher import store
from publisher.delivery import decide, run_due
from publisher.model.delivery import DELIVERY_CHANGES, TERMINAL, UNFINISHED
from publisher.model.delivery import DeliveryState as S
from publisher.model.ledger import Addressee, Chunk, Result, Settlement
from publisher.model.release import RELEASE_CHANGES, Release
from publisher.model.release import ReleaseState as R
from publisher.store.schema import chunks, deliveries, subscribers, suppressions
from publisher.transport.outbox import Outbox
from tests.delivery.house import BEFORE, FRIDAY, House, readers

READERS = 8
OWNERS = ("one", "two", "three")
HEARD = [state for state in S if state is not S.SENDING]
NOTE = "INSERT INTO diary (what, who, before, after) VALUES"
DIARY = (
    "CREATE TABLE diary (number INTEGER PRIMARY KEY, what TEXT, who INTEGER, before TEXT, after TEXT)",
    (
        "CREATE TRIGGER moved AFTER UPDATE OF state ON deliveries WHEN old.state <> new.state BEGIN"
        f" {NOTE} ('delivery', new.subscriber_id, old.state, new.state); END"
    ),
    (
        "CREATE TRIGGER decided AFTER UPDATE OF state ON releases WHEN old.state <> new.state BEGIN"
        f" {NOTE} ('release', new.id, old.state, new.state); END"
    ),
    (
        "CREATE TRIGGER lost AFTER DELETE ON deliveries BEGIN"
        f" {NOTE} ('gone', old.subscriber_id, old.state, ''); END"
    ),
)


@cache
def opened() -> bytes:
    """A ledger in which a release to a few readers was opened, and the diary begun."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        house = House(store.open(f"sqlite:///{path}/l.sqlite3"), lambda: Outbox(path / "outbox"))
        house.subscribe(readers(READERS))
        house.now.at = BEFORE
        run_due(house.office, BEFORE)
        decide(house.office, FRIDAY)
        with house.database.write() as connection:
            for statement in DIARY:
                connection.exec_driver_sql(statement)
        house.database.close()
        return (path / "l.sqlite3").read_bytes()


class LedgerMachine(RuleBasedStateMachine):
    """One release to a few readers, in chunks of three, and everybody who may touch it."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")  # the disk's own speed is not what is looked at
        self.folder = TemporaryDirectory(dir=memory if memory.is_dir() else None)
        path = Path(self.folder.name)
        (path / "l.sqlite3").write_bytes(opened())
        database = store.open(f"sqlite:///{path}/l.sqlite3")
        self.house = House(database, lambda: Outbox(path / "outbox"))
        self.ledger = self.house.deliveries
        self.read = 0
        self.hands: list[Chunk] = []
        self.air: list[Addressee] = []
        self.left: set[int] = set()

    def teardown(self) -> None:
        self.house.database.close()
        self.folder.cleanup()

    @property
    def release(self) -> Release:
        (release,) = self.house.releases.listed()
        return release

    # --- owners ---------------------------------------------------------------------

    @rule(owner=st.sampled_from(OWNERS))
    def claim(self, owner: str) -> None:
        chunk = self.ledger.claim(self.release.id, owner, 3, self.house.now())
        if chunk is not None:
            self.hands.append(chunk)

    @rule(pick=st.integers(0, 99), most=st.integers(1, 3))
    def start(self, pick: int, most: int) -> None:
        """Let go of what a chunk holds, whether or not it is still its owner's."""
        if not self.hands:
            self.claim(OWNERS[pick % len(OWNERS)])
        if not self.hands:
            return
        chunk = self.hands[pick % len(self.hands)]
        starts = tuple(one for one in self.ledger.load(chunk, 0, most) if one.address)
        settled = self.ledger.settle(Settlement(starts=starts, chunks=(chunk,)), self.house.now())
        gone = [one for one in starts if (one.release, one.subscriber) in settled.started]
        assert not gone or chunk.id not in settled.lost
        assert not gone or self.release.state is R.OPEN
        assert not self.left & {one.subscriber for one in gone}
        self.air += gone

    @rule(
        pick=st.integers(0, 99),
        states=st.lists(st.sampled_from(HEARD), min_size=1, max_size=2),
        later=st.booleans(),
    )
    def hear(self, pick: int, states: list[S], later: bool) -> None:
        """An answer comes: once, contradicting itself, again, or long after the chunk was lost."""
        if not self.air:
            self.start(pick, 3)
        if not self.air:
            return
        one, now = self.air[pick % len(self.air)], self.house.now()
        due = now + timedelta(minutes=5) if later else None
        results = tuple(
            Result(one.release, one.chunk, one.subscriber, state, next_at=due) for state in states
        )
        self.ledger.settle(Settlement(results=results), now)

    @rule(pick=st.integers(0, 99))
    def give_up(self, pick: int) -> None:
        if self.hands:
            chunk = self.hands.pop(pick % len(self.hands))
            if not self.ledger.finish(chunk):
                self.ledger.hand_back(chunk)

    @rule(owner=st.sampled_from(OWNERS), again=st.booleans())
    def inherit(self, owner: str, again: bool) -> None:
        now = self.house.now()
        for claim in self.ledger.claims():
            chunk = self.ledger.take_over(claim, owner, now, now if again else None)
            if chunk is not None:
                self.hands.append(chunk)

    @rule()
    def send_again(self) -> None:
        self.ledger.resend(self.release.id, self.house.now())

    @rule()
    def complete(self) -> None:
        done = self.ledger.complete(self.release.id, self.house.now())
        assert not done or self.release.state is R.COMPLETE

    @rule(minutes=st.integers(1, 30))
    def wait(self, minutes: int) -> None:
        self.house.now.at += timedelta(minutes=minutes)

    # --- people ---------------------------------------------------------------------

    @rule(state=st.sampled_from([R.PAUSED, R.OPEN, R.OPEN]))
    def steer(self, state: R) -> None:
        before = self.release.state
        changed = self.house.releases.change(self.release.id, state, "by hand", self.house.now())
        assert changed is ((before, state) in RELEASE_CHANGES)

    @rule()
    def cancel(self) -> None:
        if len(self.air) < READERS // 2:
            return
        self.steer(R.CANCELLED)
        if self.release.state is R.CANCELLED:
            self.ledger.withhold_rest(self.release.id, "by hand", self.house.now())

    @rule(resend=st.booleans())
    def resolve(self, resend: bool) -> None:
        self.ledger.resolve(self.release.id, S.PENDING if resend else S.SENT, self.house.now())

    @rule(who=st.integers(1, READERS), how=st.sampled_from(["left", "moved", "suppressed"]))
    def change_list(self, who: int, how: str) -> None:
        mine = subscribers.c.id == who
        self.house.now.at += timedelta(seconds=1)
        with self.house.database.write() as connection:
            if how == "moved":
                connection.execute(update(subscribers).where(mine).values(address="new@x.example"))
                return
            if how == "left":
                gone = {"state": "left", "left_at": self.house.now()}
                connection.execute(update(subscribers).where(mine).values(gone))
            else:
                row = {"key": readers(who)[-1], "reason": "by-hand", "at": self.house.now()}
                connection.execute(insert(suppressions).prefix_with("OR IGNORE").values(row))
        self.left.add(who)

    # --- what is always so ----------------------------------------------------------

    @invariant()
    def every_change_was_legal(self) -> None:
        with self.house.database.read() as connection:
            diary = connection.execute(
                text("SELECT * FROM diary WHERE number > :n ORDER BY number"), {"n": self.read}
            ).all()
        for entry in diary:
            self.read = entry.number
            if entry.what == "delivery":
                assert (S(entry.before), S(entry.after)) in DELIVERY_CHANGES, entry
            else:
                assert entry.what == "release", entry
                assert (R(entry.before), R(entry.after)) in RELEASE_CHANGES, entry

    @invariant()
    def the_sums_agree(self) -> None:
        counts = self.ledger.counts(self.release.id)
        assert sum(counts.values()) == len(self.ledger.who(self.release.id)) <= READERS
        state = self.release.state
        if state is R.COMPLETE:
            assert sum(counts.values()) == READERS
            assert not any(counts[one] for one in UNFINISHED - {S.PENDING})
        if state is R.CANCELLED:
            assert sum(counts.values()) == READERS

    @invariant()
    def work_is_in_hands_that_exist(self) -> None:
        with self.house.database.read() as connection:
            orphans = connection.execute(
                select(func.count())
                .select_from(deliveries)
                .where(
                    deliveries.c.chunk_id.is_not(None),
                    deliveries.c.chunk_id.not_in(select(chunks.c.id)),
                )
            ).scalar_one()
            done = connection.execute(
                select(func.count())
                .select_from(deliveries)
                .where(
                    deliveries.c.chunk_id.is_not(None),
                    deliveries.c.state.in_([one.value for one in TERMINAL]),
                )
            ).scalar_one()
        assert (orphans, done) == (0, 0)


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(
    max_examples=25,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a run of forty steps takes minutes to shorten; it is short enough
    suppress_health_check=list(HealthCheck),
)
