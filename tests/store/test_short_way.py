"""The short way in: the driver's own cursor, the same promises; and an index found when it matters."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, event, func, select, update

from publisher import store
from publisher.model.delivery import DeliveryState
from publisher.model.episode import Audience
from publisher.model.ledger import Addressee, Result, Settlement
from publisher.model.problem import OutsideError
from publisher.store.deliveries import Deliveries
from publisher.store.driven import Driven
from publisher.store.schema import limits

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENDS = set(DeliveryState) - {DeliveryState.SENDING}
COLUMNS = ("note", "failures", "name")
NEW = limits.insert().values({name: bindparam(name) for name in COLUMNS})
CHANGE = (
    update(limits)
    .where(limits.c.name == bindparam("which"))
    .values(failures=bindparam("count"), note=bindparam("which"))
)


@pytest.fixture
def database(database_url: str) -> Iterator[store.Database]:
    opened = store.open(database_url)
    yield opened
    opened.close()


def rows(database: store.Database) -> list[tuple[str, int, str]]:
    with database.read() as connection:
        found = connection.execute(
            select(limits.c.name, limits.c.failures, limits.c.note).order_by(limits.c.name)
        )
        return [(row.name, row.failures, row.note) for row in found]


def _break_off(database: store.Database) -> None:
    new = Driven(NEW, database.engine.dialect, *COLUMNS)
    with database.stroke() as cursor:
        new.run(cursor, [("x", 3, "3.example")])
        raise ZeroDivisionError


def test_what_a_stroke_writes_is_there_for_everybody(database: store.Database) -> None:
    new = Driven(NEW, database.engine.dialect, *COLUMNS)

    with database.stroke() as cursor:
        assert new.run(cursor, [("x", 1, "a.example"), ("y", 2, "b.example")]) == 2

    assert rows(database) == [("a.example", 1, "x"), ("b.example", 2, "y")]


def test_strokes_share_a_connection_and_a_broken_one_is_given_back(
    database: store.Database,
) -> None:
    new = Driven(NEW, database.engine.dialect, *COLUMNS)
    lent: list[str] = []
    event.listen(database.engine, "checkout", lambda *_: lent.append("out"))
    event.listen(database.engine, "checkin", lambda *_: lent.append("in"))

    for number in range(3):
        with database.stroke() as cursor:
            new.run(cursor, [("x", number, f"{number}.example")])
    shared = list(lent)
    with pytest.raises(ZeroDivisionError):
        _break_off(database)
    given_back = list(lent)
    with database.stroke() as cursor:
        new.run(cursor, [("x", 4, "4.example")])
    database.close()

    assert shared == ["out"]
    assert given_back == ["out", "in"]
    assert lent == ["out", "in", "out", "in"]
    assert [name for name, *_ in rows(database)] == [f"{n}.example" for n in (0, 1, 2, 4)]


def test_a_stroke_that_breaks_off_leaves_nothing(database: store.Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _break_off(database)

    assert rows(database) == []


def test_a_parameter_may_stand_twice_and_come_in_any_order(database: store.Database) -> None:
    dialect = database.engine.dialect
    with database.stroke() as cursor:
        Driven(NEW, dialect, *COLUMNS).run(cursor, [("", 0, "a.example"), ("", 0, "b.example")])

    with database.stroke() as cursor:
        change = Driven(CHANGE, dialect, "which", "count")
        assert change.run(cursor, [("a.example", 7)]) == 1
        assert change.run(cursor, [("a.example", 8), ("nobody", 9)]) == 1

    assert rows(database) == [("a.example", 8, "a.example"), ("b.example", 0, "")]


def test_a_statement_is_asked_with_exactly_its_parameters(database: store.Database) -> None:
    with pytest.raises(ValueError, match=r"the parameters are \['count', 'which'\]"):
        Driven(CHANGE, database.engine.dialect, "which")


def test_a_database_that_refuses_a_stroke_is_named_and_comes_back(
    database: store.Database,
) -> None:
    with pytest.raises(OutsideError) as caught, database.stroke() as cursor:
        _cut_off(database, cursor)

    assert [problem.code for problem in caught.value.problems] == ["store/unreachable"]
    with database.stroke() as cursor:
        counted = Driven(select(func.count()).select_from(limits), database.engine.dialect)
        assert counted.first(cursor) == [0]


def _cut_off(database: store.Database, cursor: Any) -> None:
    """Let the server hang up on PostgreSQL; SQLite has none, so its disk is full."""
    if database.postgres:
        cursor.execute("SELECT pg_backend_pid()")
        with database.read() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({cursor.fetchone()[0]})")
        cursor.execute("SELECT 1")
    else:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        cursor.execute("INSERT INTO limits (name, note) VALUES ('x', hex(zeroblob(100000)))")


@pytest.mark.parametrize("ask", ["claim", "resend", "next_at", "complete"])
def test_what_waits_is_found_by_its_index(
    tmp_path_factory: pytest.TempPathFactory, ask: str
) -> None:
    database = store.open(f"sqlite:///{tmp_path_factory.mktemp('plan')}/x.sqlite3")
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "deliveries" in statement:
            found = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in found)

    _open_release(database)
    event.listen(database.engine, "before_cursor_execute", explain)
    ledger = Deliveries(database)
    calls: dict[str, Callable[[], object]] = {
        "claim": lambda: ledger.claim(1, "me", 10, NOON),
        "resend": lambda: ledger.resend(1, NOON),
        "next_at": lambda: ledger.next_at(1),
        "complete": lambda: ledger.complete(1, NOON),
    }
    calls[ask]()
    database.close()

    assert [
        plan
        for plan in plans
        if plan.startswith(("SCAN deliveries", "SEARCH deliveries USING PRIMARY"))
    ] == []
    assert any("ix_deliveries_waiting" in plan for plan in plans), plans


def test_a_mail_changes_its_delivery_without_a_table_made_for_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """SQLite fills a table of its own for each long list of words in a check or an index."""
    path = tmp_path_factory.mktemp("plan") / "x.sqlite3"
    database = store.open(f"sqlite:///{path}")
    _open_release(database)
    statements: list[str] = []
    with database.read() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.set_trace_callback(statements.append)
        addressee = Addressee(1, 1, 1, "a@x.example", Audience.FREE, NOON, 0, 0)
        results = tuple(Result(1, 1, 1, state) for state in DeliveryState if state in ENDS)
    Deliveries(database).settle(Settlement(results, (addressee,)), NOON)
    raw.set_trace_callback(None)
    changes = [one for one in statements if one.startswith("UPDATE deliveries")]
    with database.read() as connection:
        steps = [
            row.opcode
            for change in changes
            for row in connection.exec_driver_sql(f"EXPLAIN {change}")
        ]
    database.close()

    assert len(changes) == len(ENDS) + 1
    assert "OpenWrite" in steps
    assert "OpenEphemeral" not in steps


def _open_release(database: store.Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO releases (series, number, slot, instant, state, recipients, guid)"
            " VALUES ('s', 1, '2026-11-27T17:00[Asia/Seoul]', 1, 'open', 'list', 'g')"
        )
