"""The database behind ledger and list: opened, brought up to date, and written to in one way.

SQLite runs with a write-ahead log, ``synchronous=FULL`` (a commit is on the disk, not on its way
there) and a busy timeout; PostgreSQL as it comes. A schema newer than this program is refused;
an older one is brought up to date unless a release is under way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from publisher.model.problem import Fault, OutsideError, Place, Severity

VERSIONS = Path(__file__).parent / "migrations" / "versions"
#: How long SQLite waits for another process before it says ``database is locked``.
BUSY_MILLISECONDS = 10_000
#: How long a process that was frozen in the middle of a change may keep its locks on PostgreSQL.
FROZEN_MILLISECONDS = 15_000
#: The advisory lock under which PostgreSQL is migrated: one process at a time.
MIGRATION_LOCK = 7_301_942_117
#: SQLite's one writer says so at the beginning, and so waits there and nowhere else.
BEGIN_WRITING = "BEGIN IMMEDIATE"
_LEDGER = ("synchronous=FULL", "foreign_keys=ON")
#: How often a database that somebody else is changing over is asked again.
_TRIES = 200
#: What the toolkit raises when a database is locked, full, or gone.
AWAY = (OperationalError, InterfaceError, InternalError)

UNKNOWN_ADDRESS = Fault(
    "store/unknown-address",
    Severity.ERROR,
    "The database address cannot be used: {reason}.",
    "Write it as sqlite:///data/publisher.sqlite3 or postgresql+psycopg://user@host/name in [database].",
)
UNREACHABLE = Fault(
    "store/unreachable",
    Severity.ERROR,
    "The database does not answer: {reason}.",
    "See that it runs, that its disk is not full and that the address in [database] is right; nothing is lost meanwhile.",
)
NEWER = Fault(
    "store/newer-schema",
    Severity.ERROR,
    "The database is at version {found}, and this program knows versions up to {known}.",
    "Use the newer program that brought the database there.",
)
OLDER = Fault(
    "store/older-schema",
    Severity.ERROR,
    "The database is at version {found}; this program needs {known}, and was only to look.",
    "Bring it up to date with a command that may write: publisher subscribers list",
)
UNDER_WAY = Fault(
    "store/upgrade-under-way",
    Severity.ERROR,
    "The database is at version {found} and must go to {known}, but a release is under way.",
    "Let the release finish, or pause it, with the program that opened it; then start this one.",
)


class Database:
    """One open database. ``read()`` and ``write()`` are the ways in, ``stroke()`` the short one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._pen: Any = None  # the driver's connection, as the pool lends it
        self._writing = Lock()

    @property
    def postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Look at one consistent state of the database. Raises OutsideError when it is away."""
        with _reaching(), self.engine.connect() as connection, connection.begin():
            if self.postgres:
                # A reader keeps nobody waiting, and may be slow: a list written into a pipe.
                connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Change the database in one transaction, or not at all. Raises OutsideError when it is away."""
        with (
            _reaching(),
            self.engine.connect().execution_options(publisher_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def stroke(self) -> Iterator[Any]:
        """Change the database as ``write()`` does, with the driver's own cursor.

        For what is written once a mail: it costs a tenth. Its connection is kept for the next
        stroke, unasked whether it still stands: one that does not is found out by the stroke, and
        the next has a new one. Raises OutsideError when the database is away.
        """
        driver: Any = self.engine.dialect.loaded_dbapi
        with self._writing:
            try:
                if self._pen is None:
                    with _reaching():
                        self._pen = self.engine.raw_connection()
                cursor = self._pen.cursor()
                if not self.postgres:
                    cursor.execute(BEGIN_WRITING)
                yield cursor
                self._pen.commit()
            except (driver.OperationalError, driver.InterfaceError, driver.InternalError) as error:
                self._lay_down(error)
                raise OutsideError(UNREACHABLE.at(Place(""), reason=_first_line(error))) from error
            except BaseException:
                self._lay_down()
                raise

    def _lay_down(self, error: Any = None) -> None:
        """Give the kept connection back, which rolls back what was not committed."""
        pen, self._pen = self._pen, None
        if pen is None:
            return
        if error is not None and self.engine.dialect.is_disconnect(error, pen, None):
            pen.invalidate(error)
        pen.close()

    def close(self) -> None:
        with self._writing:
            self._lay_down()
        self.engine.dispose()


@contextmanager
def _reaching() -> Iterator[None]:
    """Say in the house's words that the database is locked, full, or gone."""
    try:
        yield
    except AWAY as error:
        raise OutsideError(UNREACHABLE.at(Place(""), reason=_first_line(error))) from error


def open(url: str) -> Database:  # noqa: A001 - `store.open(url)` is how the house says it
    """Open the database at an SQLAlchemy address and bring its tables up to date.

    Raises OutsideError when it cannot be reached, or its schema cannot be used.
    """
    database = Database(_engine(url))
    try:
        _settle_schema(database)
    except SQLAlchemyError as error:
        database.close()
        raise OutsideError(UNREACHABLE.at(Place(""), reason=_first_line(error))) from None
    except OutsideError:
        database.close()
        raise
    return database


def look(url: str) -> Database:
    """Open a database that is there, to read and for nothing else: it is never brought up to date.

    Raises OutsideError when it cannot be reached, or is of another version.
    """
    database = Database(_engine(url, looking=True))
    known = newest_version()
    try:
        with database.read() as connection:
            found = version_of(connection)
    except SQLAlchemyError as error:
        database.close()
        raise OutsideError(UNREACHABLE.at(Place(""), reason=_first_line(error))) from None
    except OutsideError:
        database.close()
        raise
    if found != known:
        database.close()
        raise OutsideError(
            (NEWER if found > known else OLDER).at(Place(""), found=found, known=known)
        )
    return database


def newest_version() -> str:
    """Name the version this program knows: the number of its last migration."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py"))


def version_of(connection: Connection) -> str:
    """Read the version a database is at; empty for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def _engine(url: str, *, looking: bool = False) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, looking)
        options = f"-c idle_in_transaction_session_timeout={FROZEN_MILLISECONDS}"
        if looking:
            options += " -c default_transaction_read_only=on"
        return create_engine(address, pool_pre_ping=True, connect_args={"options": options})
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise OutsideError(UNKNOWN_ADDRESS.at(Place(""), reason=_first_line(error))) from None


def _sqlite(address: URL, looking: bool) -> Engine:
    if address.database and address.database != ":memory:" and not looking:
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError(UNREACHABLE.at(Place(""), reason=error.strerror)) from None
    engine = create_engine(
        address, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    )

    def prepare(connection: Any, _record: object) -> None:  # the driver's own connection
        connection.isolation_level = None  # transactions are begun below, not by the driver
        if not looking:
            _write_ahead(connection, engine.dialect.loaded_dbapi)
        for pragma in ("query_only=ON",) if looking else _LEDGER:
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("publisher_writes")
        connection.exec_driver_sql(BEGIN_WRITING if writes else "BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _write_ahead(connection: Any, driver: Any) -> None:
    """Have a log written ahead, also where another process changes the same new file over.

    SQLite says ``locked`` at once then, whatever the timeout (its documentation of the busy
    handler: waiting might be a deadlock). Asking for the writer's place waits for the other.
    """
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except driver.OperationalError as error:
            if "locked" not in str(error):
                raise
            connection.execute(BEGIN_WRITING)
            connection.execute("COMMIT")
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


def _settle_schema(database: Database) -> None:
    """Compare versions; go up under a lock when that is safe."""
    known = newest_version()
    with database.read() as connection:
        found = version_of(connection)
    if found == known:
        return
    with database.write() as connection:
        if database.postgres:
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": MIGRATION_LOCK})
        found = version_of(connection)
        if found == known:
            return
        if found > known:
            raise OutsideError(NEWER.at(Place(""), found=found, known=known))
        if (
            found
            and connection.execute(text("SELECT 1 FROM releases WHERE state = 'open'")).first()
        ):
            raise OutsideError(UNDER_WAY.at(Place(""), found=found, known=known))
        upgrade(connection)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the missing migrations inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _first_line(error: BaseException) -> str:
    inner = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return (str(inner).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
