"""A ledger whose disk is full makes everybody wait, and nobody is lost or mailed twice."""

from __future__ import annotations

import resource
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from publisher import store
from publisher.delivery import run_due
from publisher.model.delivery import DeliveryState as S
from publisher.model.problem import OutsideError
from publisher.transport.outbox import Outbox
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.delivery.test_crash import LINES, child, finish, prove, watching
from tests.transport.sink import Manners, Sink

COUNT = 300


def test_a_disk_that_fills_up_in_mid_release(tmp_path: Path) -> None:
    """The kernel refuses the sender every write: no mail leaves, and afterwards all go on."""
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    with Sink(Manners(latency=0.002)) as sink, watching(url, COUNT) as house:
        process = child(url, sink, lease=30)
        try:
            sink.wait_for(30)
            limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
            time.sleep(0.3)
            left = len(sink.log.accepted)
            written = house.deliveries.counts(1)[S.SENT]
            time.sleep(1.0)

            assert process.poll() is None
            assert len(sink.log.accepted) == left < COUNT
            assert house.deliveries.counts(1)[S.SENT] == written
            assert left - written <= 2 * LINES
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
            finish(process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.communicate()

        assert prove(house, sink, COUNT, crashes=0) == {S.SENT: COUNT}
        assert sink.log.copies() == dict.fromkeys(readers(COUNT), 1)


def test_a_disk_that_is_full_at_the_slot(tmp_path: Path) -> None:
    """The release cannot be opened: nothing of it is there, and it opens once there is room."""
    database = store.open(f"sqlite:///{tmp_path}/ledger.sqlite3")
    house = House(database, lambda: Outbox(tmp_path / "outbox"))
    house.subscribe(readers(COUNT))
    house.now.at = BEFORE
    run_due(house.office, BEFORE)
    house.now.at = FRIDAY
    full = True

    def fill(connection, _record: object) -> None:  # type: ignore[no-untyped-def]  # the driver's own
        if full:
            connection.execute("PRAGMA max_page_count=1")  # SQLite takes the present size instead

    event.listen(database.engine, "connect", fill)
    database.engine.dispose()
    try:
        with pytest.raises(OutsideError) as caught:
            run_due(house.office, FRIDAY)

        assert "database or disk is full" in str(caught.value)
        assert list(house.releases.listed()) == []
        assert list((tmp_path / "outbox").rglob("*.eml")) == []

        full = False
        database.engine.dispose()
        run_due(house.office, FRIDAY)
        (release,) = house.releases.listed()
        assert house.deliveries.counts(release.id)[S.SENT] == COUNT
        assert len(list((tmp_path / "outbox").rglob("*.eml"))) == COUNT
    finally:
        database.close()
