"""The tables of the ledger and of the list: the same for SQLite and PostgreSQL.

What must never happen twice is a constraint here, not a habit elsewhere: one release per slot
and per episode, one delivery per release and subscriber. Instants are whole microseconds since
1970 UTC, so that both databases compare them alike; states are their words.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from publisher.model.delivery import DeliveryState
from publisher.model.episode import Audience, Kind
from publisher.model.readership import NoticeKind, WishKind
from publisher.model.release import Recipients, ReleaseState
from publisher.model.subscriber import SubscriberState, SuppressionReason

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
#: Microseconds of a day.
_DAY = 86_400_000_000


def micros(instant: datetime) -> int:
    """Count the microseconds from 1970 UTC to an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("the ledger keeps aware instants only")
    return (instant - EPOCH) // MICROSECOND


def instant_of(count: int) -> datetime:
    """Give the aware UTC instant of a count of microseconds."""
    days, rest = divmod(count, _DAY)  # a timedelta of small numbers costs half
    return EPOCH + timedelta(days, 0, rest)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as microseconds since 1970 UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant_of(value)


#: SQLite counts rows only in an INTEGER PRIMARY KEY.
Id = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_word")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# --- the list -----------------------------------------------------------------------

#: ``left_at`` is set whenever a state other than ``active`` is written and cleared when the
#: subscriber comes back: who left after a release was opened is listed there as withheld.
#: ``epoch`` grows to make every token of a subscriber void.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("audience", String(16), nullable=False, server_default=Audience.FREE.value),
    Column("since", Instant, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("members_until", Instant),
    Column("locale", String(16), nullable=False, server_default="ko"),
    Column("source", Text, nullable=False, server_default=""),
    Column("left_at", Instant),
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    _one_of("state", SubscriberState),
    _one_of("audience", Audience),
    sqlite_autoincrement=True,
)

#: The series a subscriber chose; none at all means every series.
subscriber_series = Table(
    "subscriber_series",
    metadata,
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("series", Text, primary_key=True),
    sqlite_with_rowid=False,
)

#: Every act of consent or withdrawal; the last one of a purpose stands.
consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Index(None, "subscriber_id", "purpose", "id"),
    sqlite_autoincrement=True,
)

#: Addresses never to be mailed; they outlive the subscriber.
suppressions = Table(
    "suppressions",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    _one_of("reason", SuppressionReason),
)

# --- the ledger ---------------------------------------------------------------------

#: Since when the ledger watches a series: no slot before that was missed.
watches = Table(
    "watches",
    metadata,
    Column("series", Text, primary_key=True),
    Column("since", Instant, nullable=False),
)

#: Slots settled without a release: held for a person, or skipped.
settled_slots = Table(
    "settled_slots",
    metadata,
    Column("series", Text, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("standing", String(16), nullable=False),
    Column("number", Integer),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    CheckConstraint("standing IN ('held', 'skipped')", name="standing_word"),
)

#: ``cursor`` is the last subscriber already cut into a chunk, ``ceiling`` the last there was
#: when the release was opened. Sums are not kept: they are counted. ``segment`` is whom it is for,
#: as the settings had it then (``store.segments``); empty for everybody.
releases = Table(
    "releases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("series", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("slot", Text, nullable=False),
    Column("instant", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("recipients", String(8), nullable=False),
    Column("guid", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("source", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("prepared_at", Instant),
    Column("opened_at", Instant),
    Column("laid_out_at", Instant),
    Column("completed_at", Instant),
    Column("cursor", BigInteger, nullable=False, server_default=text("0")),
    Column("ceiling", BigInteger, nullable=False, server_default=text("0")),
    Column("segment", Text, nullable=False, server_default=""),
    UniqueConstraint("series", "slot"),
    UniqueConstraint("series", "number"),
    _one_of("state", ReleaseState),
    _one_of("recipients", Recipients),
    sqlite_autoincrement=True,
)

#: What was frozen: the mail's bytes as they leave, every other channel packed in ``rest``.
editions = Table(
    "editions",
    metadata,
    Column("release_id", ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True),
    Column("audience", String(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("digest", Text, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Column("rest", LargeBinary, nullable=False),
    _one_of("audience", Audience),
    _one_of("kind", Kind),
)

#: A run of deliveries in the hands of one process. ``epoch`` grows with every new owner and
#: fences the old one off; ``beat`` grows while the owner lives.
chunks = Table(
    "chunks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("release_id", ForeignKey("releases.id", ondelete="CASCADE"), nullable=False),
    Column("owner", Text, nullable=False),
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    Column("beat", BigInteger, nullable=False, server_default=text("0")),
    Index(None, "release_id"),
    sqlite_autoincrement=True,
)

# Written with OR: SQLite answers a list of more than two words by filling a table of its own with
# them, for every row that changes.
_DELIVERY_STATE = " OR ".join(f"state = '{state.value}'" for state in DeliveryState)
_WAITING = "chunk_id IS NULL AND (state = 'pending' OR state = 'deferred' OR state = 'uncertain')"
#: One release to one subscriber. No foreign key to the list: the ledger outlives a subscriber.
deliveries = Table(
    "deliveries",
    metadata,
    Column("release_id", ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True),
    Column("subscriber_id", BigInteger, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("chunk_id", BigInteger),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("doubts", SmallInteger, nullable=False, server_default=text("0")),
    Column("code", SmallInteger, nullable=False, server_default=text("0")),
    Column("reply", Text, nullable=False, server_default=""),
    Column("at", Instant),
    Column("next_at", Instant),
    CheckConstraint(_DELIVERY_STATE, name="state_word"),
    # Only what waits in nobody's hands is indexed: sending and having sent touch no index but the
    # chunk's, and a million sent rows weigh nothing.
    Index(
        "ix_deliveries_waiting",
        "release_id",
        "next_at",
        sqlite_where=text(_WAITING),
        postgresql_where=text(_WAITING),
    ),
    Index(
        "ix_deliveries_chunk",
        "chunk_id",
        sqlite_where=text("chunk_id IS NOT NULL"),
        postgresql_where=text("chunk_id IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

#: How fast a relay or a recipient domain may be mailed, kept over restarts: the theoretical
#: arrival time of the rate, until when it is left alone, and how often it failed in a row.
limits = Table(
    "limits",
    metadata,
    Column("name", Text, primary_key=True),
    Column("arrival", Instant),
    Column("blocked_until", Instant),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("note", Text, nullable=False, server_default=""),
)

#: Bounces and complaints as they came in.
bounces = Table(
    "bounces",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False, server_default=""),
    Column("key", Text, nullable=False, server_default=""),
    Column("release_id", BigInteger),
    Column("subscriber_id", BigInteger),
    Column("note", Text, nullable=False, server_default=""),
    Index(None, "key"),
    sqlite_autoincrement=True,
)

#: What people were told, each thing once; ``over_at`` is when a trouble had passed.
alerts = Table(
    "alerts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("code", Text, nullable=False),
    Column("over_at", Instant),
)

#: The newest instant the ledger has seen: a clock behind it is wrong.
pulse = Table(
    "pulse",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("at", Instant, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

# --- the front door -----------------------------------------------------------------

#: What somebody asked for and has yet to confirm. ``subscriber_id`` 0 is a sign-up.
wishes = Table(
    "wishes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("subscriber_id", BigInteger, nullable=False, server_default=text("0")),
    Column("series", Text, nullable=False, server_default=""),
    Column("advertising", Boolean, nullable=False),
    Column("locale", String(16), nullable=False, server_default="ko"),
    Column("source", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("done_at", Instant),
    Index(None, "key", "at"),
    _one_of("kind", WishKind),
    sqlite_autoincrement=True,
)

#: Mails to one person about their subscription, owed and sent: the proof that we told them.
notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("locale", String(16), nullable=False),
    Column("about", Instant, nullable=False),
    Column("subscriber_id", BigInteger, nullable=False, server_default=text("0")),
    Column("wish_id", BigInteger, nullable=False, server_default=text("0")),
    Column("due_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("failure", Text, nullable=False, server_default=""),
    Index(None, "key"),
    Index(None, "subscriber_id", "kind", "about"),
    Index(
        "ix_notices_owed",
        "due_at",
        sqlite_where=text("sent_at IS NULL"),
        postgresql_where=text("sent_at IS NULL"),
    ),
    _one_of("kind", NoticeKind),
    sqlite_autoincrement=True,
)

#: What a payment service told us, each event once; the newest of an address stands.
payments = Table(
    "payments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index(None, "key", "at"),
)

#: Members' own feeds, known by the hash of their secret. A revoked one stays, to answer 410.
feed_keys = Table(
    "feed_keys",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("subscriber_id", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index(None, "subscriber_id"),
)
