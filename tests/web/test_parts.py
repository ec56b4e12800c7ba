"""The parts of the web room that need no server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from datetime import timedelta

import pytest

from publisher.model.problem import OutsideError
from publisher.web.client import Clients
from publisher.web.rate import Rate
from publisher.web.serve import Server
from publisher.web.together import Together
from tests.audience.hand import NOON


def test_a_rate_holds_in_every_window_and_refills_evenly() -> None:
    rate = Rate(3, timedelta(minutes=10))
    assert [rate.allows("a", NOON) for _ in range(4)] == [True, True, True, False]
    assert rate.allows("b", NOON)
    third = timedelta(minutes=10) / 3
    assert not rate.allows("a", NOON + third - timedelta(milliseconds=1))
    assert rate.allows("a", NOON + third)
    assert not rate.allows("a", NOON + third)


def test_a_rate_does_not_suffer_from_a_clock_set_back() -> None:
    rate = Rate(1, timedelta(minutes=10))
    assert rate.allows("a", NOON)
    assert not rate.allows("a", NOON - timedelta(hours=1))
    assert rate.allows("a", NOON + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "network"),
    [
        ((), "203.0.113.9", [], "203.0.113.0/24"),
        ((), "203.0.113.9", ["198.51.100.1"], "203.0.113.0/24"),
        (("203.0.113.9",), "203.0.113.9", ["198.51.100.1"], "198.51.100.0/24"),
        (("203.0.113.0/24",), "203.0.113.9", ["1.1.1.1, 198.51.100.1"], "198.51.100.0/24"),
        (("203.0.113.0/24",), "203.0.113.9", ["198.51.100.1", "203.0.113.8"], "198.51.100.0/24"),
        (("203.0.113.9",), "203.0.113.9", ["198.51.100.1, nonsense"], "unknown"),
        (("203.0.113.9",), "203.0.113.9", [], "203.0.113.0/24"),
        ((), "2001:db8:1:2::3", [], "2001:db8:1::/48"),
        ((), "::ffff:203.0.113.9", [], "203.0.113.0/24"),
        (("unix",), None, ["198.51.100.1"], "198.51.100.0/24"),
        ((), None, ["198.51.100.1"], "unknown"),
        (("::1",), "::1", ["[2001:db8::1]"], "2001:db8::/48"),
    ],
)
def test_a_client_is_told_by_the_last_hop_nobody_of_ours_made(
    proxies: tuple[str, ...], peer: str | None, forwarded: list[str], network: str
) -> None:
    assert Clients(proxies).network(peer, forwarded) == network


def test_what_waits_shares_one_transaction() -> None:
    batches: list[list[int]] = []

    def work(numbers: Sequence[int]) -> list[int]:
        batches.append(list(numbers))
        return [number * 2 for number in numbers]

    async def many() -> list[int]:
        together: Together[int, int] = Together(work)
        return list(await asyncio.gather(*(together.do(n) for n in range(1200))))

    assert asyncio.run(many()) == [n * 2 for n in range(1200)]
    assert [n for batch in batches for n in batch] == list(range(1200))
    assert len(batches) == 3


def test_a_failed_transaction_fails_those_in_it_and_no_others() -> None:
    def work(numbers: Sequence[int]) -> list[int]:
        if 0 in numbers:
            raise OSError("disk full")
        return list(numbers)

    async def run() -> tuple[object, int]:
        together: Together[int, int] = Together(work)
        (failed,) = await asyncio.gather(together.do(0), return_exceptions=True)
        return failed, await together.do(1)

    failed, passed = asyncio.run(run())
    assert isinstance(failed, OSError)
    assert passed == 1


def test_a_port_that_is_taken_says_so() -> None:
    async def nothing(*_: object) -> None: ...

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OutsideError) as caught:
            Server(nothing, "127.0.0.1", taken.getsockname()[1])
    (problem,) = caught.value.problems
    assert problem.code == "web/port"


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """Asyncio turns Nagle's algorithm off only on sockets that name their protocol."""

    async def nothing(*_: object) -> None: ...

    server = Server(nothing, "127.0.0.1", 0)
    assert server._socket.proto == socket.IPPROTO_TCP
    server.stop()
