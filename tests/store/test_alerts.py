"""Each thing is told once, by whichever process comes first."""

from datetime import UTC, datetime

from publisher import store
from publisher.store.alerts import Alerts

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_key_is_new_once(database_url: str) -> None:
    one, other = store.open(database_url), store.open(database_url)

    found = [Alerts(one).first("a b", NOON), Alerts(other).first("a b", NOON)]
    found.append(Alerts(other).first("a c", NOON))
    one.close()
    other.close()

    assert found == [True, False, True]
