"""A PostgreSQL that crashes in the middle of a release makes everybody wait, and nobody is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from publisher import store
from publisher.delivery import run_due
from publisher.model.delivery import DeliveryState as S
from publisher.model.problem import OutsideError
from publisher.transport.outbox import Outbox
from tests.databases import PrivateServer, binaries, fresh_postgres, private_server
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.delivery.test_crash import LINES, child, finish, kill, prove, watching
from tests.transport.sink import Manners, Sink

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
COUNT = 300


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateServer]:
    """A server of these tests alone, to be crashed."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL of our own to crash: `apt-get install postgresql`")
    with private_server(folder) as server:
        yield server


@pytest.fixture
def url(server: PrivateServer) -> Iterator[str]:
    with fresh_postgres(server.address) as url:
        yield url


@pytest.mark.parametrize("how", ["immediate", "fast"])
def test_a_server_stopped_and_started_in_mid_run(server: PrivateServer, url: str, how: str) -> None:
    """While it is away nothing new leaves and no answer is dropped; then all go on by themselves."""
    with Sink(Manners(latency=0.002)) as sink, watching(url, COUNT) as house:
        process = child(url, sink, lease=30)
        try:
            sink.wait_for(30)
            server.stop(how)
            time.sleep(0.3)
            left = len(sink.log.accepted)
            time.sleep(1.5)
            away = len(sink.log.accepted)
            alive = process.poll() is None
            server.start()
            finish(process)
        finally:
            if process.poll() is None:
                kill(process)
            server.start()

        assert alive
        assert left == away < COUNT
        assert prove(house, sink, COUNT, crashes=0) == {S.SENT: COUNT}
        assert sink.log.copies() == dict.fromkeys(readers(COUNT), 1)


def test_a_publisher_killed_while_its_server_is_away(server: PrivateServer, url: str) -> None:
    """What it knew dies with it: in doubt is what the ledger says was leaving, and no more."""
    with Sink(Manners(latency=0.002)) as sink, watching(url, COUNT) as house:
        process = child(url, sink, lease=0.6)
        sink.wait_for(30)
        server.stop("immediate")
        time.sleep(0.3)
        kill(process)
        server.start()
        finish(child(url, sink, lease=0.6, uncertain="resend"))

        assert prove(house, sink, COUNT, crashes=1) == {S.SENT: COUNT}
        assert sum(sink.log.copies().values()) - COUNT <= LINES


def test_a_server_that_is_away_at_the_slot(
    server: PrivateServer, url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The look fails with a clear word; the next one opens the release, once."""
    outbox = tmp_path_factory.mktemp("outbox")
    database = store.open(url)
    house = House(database, lambda: Outbox(outbox))
    house.subscribe(readers(5))
    run_due(house.office, BEFORE)
    house.now.at = FRIDAY
    server.stop("immediate")
    try:
        with pytest.raises(OutsideError) as caught:
            run_due(house.office, FRIDAY)
    finally:
        server.start()
    assert [problem.code for problem in caught.value.problems] == ["store/unreachable"]

    run_due(house.office, FRIDAY)

    (release,) = house.releases.listed()
    assert house.deliveries.counts(release.id)[S.SENT] == 5
    assert len(list(outbox.rglob("*.eml"))) == 5
    database.close()
