"""The database opens once laid, goes up by itself, and refuses what it does not know."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from publisher import store
from publisher.model.problem import OutsideError
from publisher.store.database import newest_version, upgrade, version_of
from publisher.store.schema import instant_of, metadata, micros, watches

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def codes(caught: pytest.ExceptionInfo[OutsideError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def test_migrations_lay_exactly_the_tables_of_the_schema(database_url: str) -> None:
    database = store.open(database_url)
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        found = version_of(connection)
    database.close()

    assert differences == []
    assert found == newest_version()


def test_a_database_opened_twice_keeps_what_is_in_it(database_url: str) -> None:
    first = store.open(database_url)
    with first.write() as connection:
        connection.execute(watches.insert().values(series="s", since=NOON))
    first.close()

    again = store.open(database_url)
    with again.read() as connection:
        since = connection.execute(watches.select()).one().since
    again.close()

    assert since == NOON


def test_two_daemons_may_open_an_empty_database_at_once(database_url: str) -> None:
    opened: list[store.Database] = []
    threads = [Thread(target=lambda: opened.append(store.open(database_url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in opened:
        database.close()

    assert len(opened) == 3


def test_a_newer_schema_is_refused(database_url: str) -> None:
    database = store.open(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()

    with pytest.raises(OutsideError) as caught:
        store.open(database_url)
    assert codes(caught) == ["store/newer-schema"]


def test_an_older_schema_waits_while_a_release_is_under_way(database_url: str) -> None:
    database = store.open(database_url)
    row = "'s', 1, 'x', 0, 'open', 'list', 'g'"
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO releases (series, number, slot, instant, state, recipients, guid)"
                f" VALUES ({row})"
            )
        )
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    database.close()

    with pytest.raises(OutsideError) as caught:
        store.open(database_url)
    assert codes(caught) == ["store/upgrade-under-way"]


def test_deliveries_come_through_the_laying_of_their_table_anew(database_url: str) -> None:
    database = store.open(database_url)
    with database.write() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    with database.write() as connection:
        upgrade(connection, "0004")
        connection.execute(
            text(
                "INSERT INTO releases (id, series, number, slot, instant, state, recipients, guid)"
                " VALUES (1, 's', 1, 'x', 0, 'complete', 'list', 'g')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO deliveries (release_id, subscriber_id, state, attempts, code, reply, at)"
                " VALUES (1, 7, 'sent', 2, 250, 'ok', 3), (1, 8, 'refused', 1, 550, 'no', 4)"
            )
        )
        connection.execute(
            text("INSERT INTO alerts (key, at, code, message) VALUES ('paused x', 5, 'paused', '')")
        )
    database.close()

    database = store.open(database_url)
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        kept = connection.execute(
            text(
                "SELECT subscriber_id, state, attempts, code, reply, at FROM deliveries ORDER BY 1"
            )
        ).all()
        told = connection.execute(text("SELECT key, at, code, over_at FROM alerts")).all()
    with (
        pytest.raises(IntegrityError, match="state_word"),
        database.write() as connection,
    ):
        connection.execute(text("UPDATE deliveries SET state = 'lost'"))
    database.close()

    assert differences == []
    assert kept == [(7, "sent", 2, 250, "ok", 3), (8, "refused", 1, 550, "no", 4)]
    assert told == [("paused x", 5, "paused", None)]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "store/unknown-address"),
        ("oracle9://x/y", "store/unknown-address"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "store/unreachable"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(url: str, code: str) -> None:
    with pytest.raises(OutsideError) as caught:
        store.open(url)
    assert codes(caught) == [code]


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_text("no database at all, but long enough to be read as one" * 9)

    with pytest.raises(OutsideError) as caught:
        store.open(f"sqlite:///{tmp_path}/x.sqlite3")
    assert codes(caught) == ["store/unreachable"]


def test_sqlite_commits_to_the_disk(tmp_path: Path) -> None:
    database = store.open(f"sqlite:///{tmp_path}/x.sqlite3")
    with database.read() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    database.close()

    assert pragmas == ["wal", 2, 1, 10_000]


def test_instants_come_back_to_the_microsecond() -> None:
    seoul = datetime(2026, 11, 27, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))

    assert instant_of(micros(seoul)) == seoul
    with pytest.raises(ValueError, match="aware"):
        micros(datetime(2026, 11, 27))
