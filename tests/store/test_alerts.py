"""Each thing is told once, by whichever process comes first."""

from datetime import UTC, datetime, timedelta

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


def test_the_newest_of_a_kind_is_found_since_an_instant(database_url: str) -> None:
    database = store.open(database_url)
    told = Alerts(database)
    for hours, key in enumerate(["relay 1 a", "relay 2 b%", "paused x"]):
        told.first(key, NOON + timedelta(hours=hours))

    found = [told.latest("relay ", NOON), told.latest("relay ", NOON + timedelta(hours=2))]
    found.append(told.latest("%", NOON))
    database.close()

    assert found == [(NOON + timedelta(hours=1), "relay 2 b%"), None, None]
