"""Two senders on one ledger, each with its own view of it that grows old between two looks.

What the other does comes exactly between two steps of ours: nothing here waits for a race to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from publisher import store
from publisher.delivery import Dispatch
from publisher.delivery.dispatch import Rest
from publisher.delivery.due import decide
from publisher.delivery.verdict import plain
from publisher.model.delivery import DeliveryState as S
from publisher.model.ledger import Chunk, Claim, Settlement
from publisher.model.parcel import News, Trouble
from publisher.model.release import Release, ReleaseState
from publisher.store.deliveries import Deliveries
from publisher.transport.outbox import Outbox
from tests.delivery.house import BEFORE, FRIDAY, House, readers

READERS = 12
LEASE = 30.0


class Barred(Outbox):
    """A way out that is shut: nothing can be announced, and somebody has to see to it."""

    def room(self) -> int:
        return 0

    def poll(self, seconds: float) -> News:
        return News()

    def troubles(self) -> list[Trouble]:
        return [Trouble("relay.example", "shut for the night", 60.0)]


@dataclass
class Meanwhile:
    """What the other one does, once, when its moment comes; and how long ours has waited."""

    claim: list[Callable[[], object]] = field(default_factory=list)
    complete: list[Callable[[], object]] = field(default_factory=list)
    take_over: list[Callable[[], object]] = field(default_factory=list)
    sleep: list[Callable[[], object]] = field(default_factory=list)
    waited: float = 0.0

    def at(self, moment: list[Callable[[], object]]) -> None:
        if moment:
            moment.pop(0)()

    def ticks(self) -> float:
        return self.waited

    def sleeping(self, seconds: float) -> None:
        self.waited += max(seconds, 0.001)
        self.at(self.sleep)


class Interrupted(Deliveries):
    """A ledger whose asker is overtaken just before it asks."""

    meanwhile: Meanwhile

    def claim(self, release: int, owner: str, size: int, now: datetime) -> Chunk | None:
        self.meanwhile.at(self.meanwhile.claim)
        return super().claim(release, owner, size, now)

    def complete(self, release: int, now: datetime) -> bool:
        self.meanwhile.at(self.meanwhile.complete)
        return super().complete(release, now)

    def take_over(
        self, claim: Claim, owner: str, now: datetime, again: datetime | None
    ) -> Chunk | None:
        self.meanwhile.at(self.meanwhile.take_over)
        return super().take_over(claim, owner, now, again)


@dataclass
class Pair:
    """An open release, and two houses that may send it."""

    ours: House
    other: House
    meanwhile: Meanwhile
    outbox: Path

    @property
    def release(self) -> Release:
        (release,) = self.ours.releases.listed()
        return release

    def take(self) -> None:
        """The other claims all there is, and goes no further yet."""
        self.chunk = self.other.deliveries.claim(self.release.id, self.other.owner, READERS, FRIDAY)
        assert self.chunk is not None

    def go_on(self) -> Rest:
        """The other sends what it holds to its end."""
        return Dispatch(self.other.office).run()

    def run(self) -> Rest:
        """Send, in our house, until nothing is left to do."""
        office = replace(
            self.ours.office, ticks=self.meanwhile.ticks, sleep=self.meanwhile.sleeping
        )
        return Dispatch(office).run()

    def prove(self, sent: int = READERS) -> None:
        """Everybody has one mail, or is accounted for, and nobody holds anything."""
        counts = self.ours.deliveries.counts(self.release.id)
        assert {state: count for state, count in counts.items() if count} == {
            state: count
            for state, count in ((S.SENT, sent), (S.UNCERTAIN, READERS - sent))
            if count
        }
        assert len(list(self.outbox.rglob("*.eml"))) == sent
        assert self.ours.deliveries.claims() == []


@pytest.fixture
def pair(database_url: str, tmp_path: Path) -> Iterator[Pair]:
    outbox = tmp_path / "outbox"
    databases = [store.open(database_url) for _ in range(2)]
    ours, other = (
        House(database, lambda: Outbox(outbox), owner=name).with_policy(chunk=READERS, lease=LEASE)
        for database, name in zip(databases, ("ours", "other"), strict=True)
    )
    ours.subscribe(readers(READERS))
    ours.now.at = BEFORE
    decide(ours.office, BEFORE)
    ours.now.at = FRIDAY
    decide(ours.office, FRIDAY)
    meanwhile = Meanwhile()
    overtaken = Interrupted(databases[0])
    overtaken.meanwhile = meanwhile
    ours.deliveries = overtaken
    yield Pair(ours, other, meanwhile, outbox)
    for database in databases:
        database.close()


def test_what_the_other_took_since_our_look_is_awaited_until_it_is_sent(pair: Pair) -> None:
    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.sleep.append(pair.go_on)

    rest = pair.run()

    pair.prove()
    assert pair.release.state is ReleaseState.COMPLETE
    assert (rest.sent, rest.wake, rest.stopped) == (0, None, False)


def test_what_the_other_took_since_our_look_is_ours_when_it_dies(pair: Pair) -> None:
    """It had two mails in the air: they are in doubt; the ten that waited are missed by nobody."""

    def take_and_die() -> None:
        pair.take()
        chunk = pair.chunk
        assert chunk is not None
        two = tuple(pair.other.deliveries.load(chunk, 0, 2))
        pair.other.deliveries.settle(Settlement(starts=two, chunks=(chunk,)), FRIDAY)

    pair.ours.transport = lambda: Spoken(pair.outbox)
    pair.meanwhile.claim.append(take_and_die)

    rest = pair.run()

    pair.prove(sent=READERS - 2)
    assert rest.sent == READERS - 2
    assert LEASE <= pair.meanwhile.waited < 2 * LEASE


class Spoken(Outbox):
    """Files, where a mail handed over twice would be two."""

    idempotent = False


def test_what_the_other_cannot_send_and_lets_go_is_sent_by_us(pair: Pair) -> None:
    """Its relay is shut, ours is open: it gives its chunk back while we wait for it."""
    pair.other.transport = lambda: Barred(pair.outbox)
    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.sleep.append(pair.go_on)

    rest = pair.run()

    pair.prove()
    assert rest.sent == READERS
    assert pair.other.bell.codes == ["delivery/no-relay"]


def test_what_the_other_lets_go_just_before_we_leave_is_sent_by_us(pair: Pair) -> None:
    """It held everything when we asked, and nothing when we look again: nobody would send it."""
    pair.other.transport = lambda: Barred(pair.outbox)
    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.complete.append(pair.go_on)

    rest = pair.run()

    pair.prove()
    assert rest.sent == READERS
    assert pair.release.state is ReleaseState.COMPLETE


def test_what_the_other_put_back_in_nobodys_hands_is_sent_by_us(pair: Pair) -> None:
    """Its mails did not leave and are pending in no chunk: there is nothing to take over, only to claim."""

    def give_up() -> None:
        chunk = pair.chunk
        assert chunk is not None
        held = pair.other.deliveries.load(chunk, 0, READERS)
        ledger = pair.other.deliveries
        ledger.settle(Settlement(starts=tuple(held), chunks=(chunk,)), FRIDAY)
        back = tuple(plain(one, S.PENDING) for one in held)
        ledger.settle(Settlement(results=back, chunks=(chunk,)), FRIDAY)
        assert ledger.finish(chunk)

    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.complete.append(give_up)

    rest = pair.run()

    pair.prove()
    assert rest.sent == READERS


def test_what_the_other_finished_before_we_look_again_is_nothing_to_wait_for(pair: Pair) -> None:
    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.complete.append(pair.go_on)

    rest = pair.run()

    pair.prove()
    assert (rest.sent, pair.meanwhile.waited) == (0, 0.0)


def test_a_third_that_takes_what_the_other_let_go_is_awaited(pair: Pair) -> None:
    """Seen in nobody's hands, and in somebody's when we reach for it."""
    third = replace(pair.other, owner="third")
    pair.other.transport = lambda: Barred(pair.outbox)

    def reach() -> None:
        (claim,) = third.deliveries.claims()
        assert third.deliveries.take_over(claim, third.owner, FRIDAY, FRIDAY) is not None

    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.complete.append(pair.go_on)
    pair.meanwhile.take_over.append(reach)
    pair.meanwhile.sleep.append(lambda: Dispatch(third.office).run())

    rest = pair.run()

    pair.prove()
    assert rest.sent == 0


def test_two_that_both_find_relays_shut_leave_with_everybody_waiting(pair: Pair) -> None:
    pair.other.transport = pair.ours.transport = lambda: Barred(pair.outbox)
    pair.meanwhile.claim.append(pair.take)
    pair.meanwhile.sleep.append(pair.go_on)

    rest = pair.run()

    counts = pair.ours.deliveries.counts(pair.release.id)
    assert counts[S.PENDING] == sum(counts.values()) == READERS
    assert rest.wake is not None
    assert [claim.owner for claim in pair.ours.deliveries.claims()] == [""]
