"""What every room's tests may ask for: a database of each kind, empty and their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from publisher.cli import language
from tests.databases import fresh_postgres, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server for the session; the test is skipped where there is none."""
    with postgres_server() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ledger.sqlite3"
        return
    with fresh_postgres(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(autouse=True)
def one_test_speaks_for_itself() -> Iterator[None]:
    """A command settles the language of its process; here many run in one."""
    named = os.environ.get("LANGUAGE")
    yield
    language.choose((), {})
    os.environ.pop("LANGUAGE", None)
    if named is not None:
        os.environ["LANGUAGE"] = named
