"""The list in SQL where many hands write at once."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from publisher import store
from publisher.audience.subscribers import Added, Subscribers
from publisher.store.subscribers import Register

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_many_threads_add_one_address_once(database_url: str) -> None:
    """Two lists, as of two processes, and eight hands on them: no constraint ever breaks."""
    databases = [store.open(database_url) for _ in range(2)]
    lists = [Subscribers(Register(database), lambda: NOON) for database in databases]

    def add(turn: int) -> bool:
        added = lists[turn % 2].add("Kim@Naver.com", notify=False)
        assert isinstance(added, Added)
        return added.new

    with ThreadPoolExecutor(8) as hands:
        new = list(hands.map(add, range(32)))

    assert sum(new) == 1
    assert lists[0].count() == 1
    for database in databases:
        database.close()


def test_a_change_that_fails_leaves_nothing_behind(database_url: str) -> None:
    database = store.open(database_url)
    register = Register(database)
    subscribers = Subscribers(register, lambda: NOON)
    subscribers.add("a@b.kr")

    class TornError(Exception):
        pass

    def torn() -> None:
        with register.change() as book:
            record = book.of_key("a@b.kr")
            assert record is not None
            book.forget(record)
            raise TornError

    with contextlib.suppress(TornError):
        torn()

    assert subscribers.count() == 1
    with register.look() as book:
        assert len(book.owed(NOON)) == 1
    database.close()
