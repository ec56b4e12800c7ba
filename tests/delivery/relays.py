"""Sending over real sockets, and the invariants that hold after whatever a relay did.

Every recipient is in exactly one state, nothing is pending at completion, and the sink's own log
holds no copy that the ledger does not admit.
"""

from __future__ import annotations

from publisher.delivery import run_due
from publisher.model.delivery import UNFINISHED, Delivery
from publisher.model.delivery import DeliveryState as S
from publisher.model.release import Release, ReleaseState
from publisher.transport.relay import Relay, Security, Timeouts
from tests.delivery.house import House
from tests.transport.sink import Sink

#: Far more than a busy machine needs; where silence is the fault, less.
QUICK = Timeouts(10, 10, 10, 10, 10, 10, 10, 1)
IMPATIENT = Timeouts(10, 10, 10, 10, 10, 10, 1, 1)


def relay(sink: Sink, connections: int = 4, timeouts: Timeouts = QUICK) -> Relay:
    return Relay("127.0.0.1", sink.port, Security.NONE, connections=connections, timeouts=timeouts)


def send(house: House, *, times: int = 1) -> Release:
    """Run until the release is complete, time passing between the runs as backoff wants."""
    for _ in range(times):
        run_due(house.office, house.now.at)
        (release,) = house.releases.listed()
        if release.state is not ReleaseState.OPEN:
            break
        house.now.at += house.policy.backoff_limit
    return release


def prove(house: House, sink: Sink, release: Release, recipients: int) -> dict[S, int]:
    """Check the invariants; give the counts."""
    counts = house.deliveries.counts(release.id)
    assert sum(counts.values()) == recipients
    if release.state is ReleaseState.COMPLETE:
        assert not any(counts[state] for state in UNFINISHED)
    rows = {row.address: row for row in who(house, release)}
    copies = sink.log.copies()
    for address, row in rows.items():
        assert copies[address] <= 1 + row.doubts, address
        if row.state is S.SENT:
            assert copies[address] >= 1, address
        if row.state in (S.REFUSED, S.WITHHELD):
            assert copies[address] == 0, address
        assert row.attempts <= house.policy.max_attempts
    assert set(copies) <= set(rows)
    return {state: count for state, count in counts.items() if count}


def who(house: House, release: Release) -> list[Delivery]:
    return list(house.deliveries.who(release.id, limit=100_000))
