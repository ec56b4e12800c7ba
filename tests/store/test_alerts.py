"""Each thing is told once, by whichever process comes first."""

from datetime import UTC, datetime, timedelta

from publisher import store
from publisher.store.alerts import Alerts, Told

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
    for hours, key in enumerate(["relay 1 a", "relay 2 b%", "relays 3 c", "paused x"]):
        told.first(key, NOON + timedelta(hours=hours))

    found = [told.latest("relay", NOON), told.latest("relay", NOON + timedelta(hours=2))]
    found.append(told.latest("%", NOON))
    database.close()

    assert found == [Told(NOON + timedelta(hours=1), "relay 2 b%"), None, None]


def test_what_has_passed_stands_again_when_it_is_back_and_is_not_told_again(
    database_url: str,
) -> None:
    database = store.open(database_url)
    told = Alerts(database)
    later, back = NOON + timedelta(hours=1), NOON + timedelta(hours=2)

    told.first("relay 1 a", NOON)
    told.first("paused x", NOON)
    told.over("relay", later)
    passed, other = told.latest("relay", NOON), told.latest("paused", NOON)
    news = told.first("relay 1 a", back)
    stands = told.latest("relay", NOON)
    database.close()

    assert passed == Told(NOON, "relay 1 a", later)
    assert other == Told(NOON, "paused x")
    assert (news, stands) == (False, Told(back, "relay 1 a"))
