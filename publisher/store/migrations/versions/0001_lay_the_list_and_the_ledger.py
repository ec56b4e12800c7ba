"""Lay the list and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay every table of the first edition."""
    op.create_table(
        "alerts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alerts")),
    )
    op.create_table(
        "bounces",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=True),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
        sa.UniqueConstraint("digest", name=op.f("uq_bounces_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bounces_key"), "bounces", ["key"], unique=False)
    op.create_table(
        "limits",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=True),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_limits")),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pulse_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
    )
    op.create_table(
        "releases",
        sa.Column("id", ID, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("instant", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("recipients", sa.String(length=8), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("laid_out_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("cursor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "recipients IN ('list', 'none')", name=op.f("ck_releases_recipients_word")
        ),
        sa.CheckConstraint(
            "state IN ('prepared', 'open', 'paused', 'complete', 'cancelled')",
            name=op.f("ck_releases_state_word"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_releases_series_number")),
        sa.UniqueConstraint("series", "slot", name=op.f("uq_releases_series_slot")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settled_slots",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('held', 'skipped')", name=op.f("ck_settled_slots_standing_word")
        ),
        sa.PrimaryKeyConstraint("series", "slot", name=op.f("pk_settled_slots")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=16), server_default="free", nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("members_until", sa.BigInteger(), nullable=True),
        sa.Column("locale", sa.String(length=16), server_default="ko", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "audience IN ('free', 'members')", name=op.f("ck_subscribers_audience_word")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'active', 'left', 'bounced', 'erased')",
            name=op.f("ck_subscribers_state_word"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("key", name=op.f("uq_subscribers_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "suppressions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "reason IN ('bounced', 'complained', 'left', 'erased', 'by-hand')",
            name=op.f("ck_suppressions_reason_word"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "watches",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_watches")),
    )
    op.create_table(
        "chunks",
        sa.Column("id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("beat", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_chunks_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_chunks_release_id"), "chunks", ["release_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_consents_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_consents_subscriber_id_purpose_id"),
        "consents",
        ["subscriber_id", "purpose", "id"],
        unique=False,
    )
    op.create_table(
        "deliveries",
        sa.Column("release_id", ID, nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("chunk_id", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("doubts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("code", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'deferred', 'refused', 'uncertain', 'withheld')",
            name=op.f("ck_deliveries_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
            name=op.f("fk_deliveries_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "subscriber_id", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_deliveries_chunk",
        "deliveries",
        ["chunk_id"],
        unique=False,
        sqlite_where=sa.text("chunk_id IS NOT NULL"),
        postgresql_where=sa.text("chunk_id IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_work",
        "deliveries",
        ["release_id", "state", "next_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending', 'deferred', 'uncertain')"),
        postgresql_where=sa.text("state IN ('pending', 'sending', 'deferred', 'uncertain')"),
    )
    op.create_table(
        "editions",
        sa.Column("release_id", ID, nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("rest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('free', 'members')", name=op.f("ck_editions_audience_word")
        ),
        sa.CheckConstraint("kind IN ('letter', 'ad')", name=op.f("ck_editions_kind_word")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_editions_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", "audience", name=op.f("pk_editions")),
    )
    op.create_table(
        "subscriber_series",
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriber_series_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "series", name=op.f("pk_subscriber_series")),
        sqlite_with_rowid=False,
    )
