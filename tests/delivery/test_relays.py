"""Relays that take little, take it slowly, or cannot be used; and how fast they are mailed."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import ClassVar

import pytest

from publisher import store
from publisher.delivery import run_due
from publisher.delivery.ports import Rate
from publisher.model.delivery import DeliveryState as S
from publisher.model.release import ReleaseState
from publisher.transport.relay import Timeouts
from publisher.transport.smtp import Smtp
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.delivery.relays import prove, relay, send
from tests.transport.sink import Manners, Silence, Sink


def test_a_relay_that_takes_few_connections_gets_few(office: Callable[..., House]) -> None:
    box: list[Sink] = []

    def connect(_: int) -> str | None:
        return "421 4.7.0 too many connections" if box[0].log.open > 2 else None

    with Sink(Manners(on_connect=connect)) as sink:
        box.append(sink)
        house = office(sink)

        assert prove(house, sink, send(house), 60) == {S.SENT: 60}


@pytest.mark.parametrize(
    "greeting",
    ["554 5.3.2 go away", "hello there", "220-never\r\n221 mind", "\x00\x01\x02", "421 busy"],
)
def test_a_relay_that_cannot_be_used_keeps_everybody_waiting(
    office: Callable[..., House], greeting: str
) -> None:
    with Sink(Manners(greeting=greeting)) as sink:
        house = office(sink, 10)
        ran = run_due(house.office, FRIDAY)
        (release,) = house.releases.listed()

        assert sum(house.deliveries.counts(release.id).values()) == 10
        assert house.deliveries.counts(release.id)[S.PENDING] == 10
        assert "delivery/no-relay" in house.bell.codes
        if release.state is ReleaseState.OPEN:
            assert ran.wake is not None
            assert ran.wake > FRIDAY


class Noting(Smtp):
    """A transport that notes when each mail was let go."""

    went: ClassVar[dict[tuple[int, int], float]] = {}

    def go(self, keys: Sequence[tuple[int, int]]) -> None:
        self.went.update(dict.fromkeys(keys, time.monotonic()))
        super().go(keys)


def test_one_mail_a_second_for_a_domain_is_never_exceeded(office: Callable[..., House]) -> None:
    """Every gap is kept where mails leave; what a busy machine makes of it on the way is its own."""
    with Sink() as sink:
        house = office(sink, 30)
        house.transport = lambda: Noting([relay(sink)], time.monotonic)
        Noting.went.clear()
        house.subscribe(readers(8, "slow.example"))
        house.with_policy(domains={"slow.example": Rate(connections=2, per_second=10)})
        release = send(house)

        assert prove(house, sink, release, 38) == {S.SENT: 38}
        times = [one.at for one in sink.log.accepted if one.recipient.endswith("@slow.example")]
        left = [at for (_, reader), at in sorted(Noting.went.items()) if reader > 30]
        gaps = [later - sooner for sooner, later in itertools.pairwise(sorted(left))]
        assert len(gaps) == 7
        assert min(gaps) >= 0.1
        assert times[-1] - times[0] > 0.6
        others = [one.at for one in sink.log.accepted if one.recipient.endswith("@naver.example")]
        assert max(others) < times[-1]


def test_a_relay_has_its_rate_as_well(office: Callable[..., House]) -> None:
    with Sink() as sink:
        house = office(sink, 6)
        house.with_policy(relays={f"127.0.0.1:{sink.port}": Rate(per_second=20)})

        assert prove(house, sink, send(house), 6) == {S.SENT: 6}
        times = [one.at for one in sink.log.accepted]
        assert times[-1] - times[0] > 5 * 0.04


def test_the_next_relay_steps_in(database: store.Database) -> None:
    with Sink(Manners(greeting="421 down for repairs")) as first, Sink() as second:
        house = House(
            database, lambda: Smtp([relay(first), relay(second)], time.monotonic)
        ).with_policy(chunk=25)
        house.subscribe(readers(30))
        house.now.at = BEFORE
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY

        assert prove(house, second, send(house), 30) == {S.SENT: 30}
        assert first.log.accepted == []


def test_a_relay_that_answers_slowly_gets_them_all_in_its_time(
    office: Callable[..., House],
) -> None:
    with Sink(Manners(latency=0.1)) as sink:
        house = office(sink, 12)

        assert prove(house, sink, send(house), 12) == {S.SENT: 12}
        assert sink.log.copies() == dict.fromkeys(readers(12), 1)


def test_a_relay_that_answers_too_slowly_is_left_for_the_next(database: store.Database) -> None:
    """What hangs in its envelope stage has cost nobody anything: the other relay takes it."""
    quick = Timeouts(10, 10, 0.3, 0.3, 0.3, 0.3, 0.3, 1)

    def mute(_: str, __: int) -> str | None:
        raise Silence

    with Sink(Manners(on_mail=mute)) as first, Sink() as second:
        relays = [relay(first, 2, quick), relay(second, 2)]
        house = House(database, lambda: Smtp(relays, time.monotonic)).with_policy(chunk=25)
        house.subscribe(readers(30))
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY

        assert prove(house, second, send(house, times=4), 30) == {S.SENT: 30}
        assert second.log.copies() == dict.fromkeys(readers(30), 1)
