"""Open the front door: wishes, notices, payments, members' feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ZERO = sa.text("0")


def upgrade() -> None:
    """Lay what the public endpoints need beside the list."""
    op.create_table(
        "wishes",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("series", sa.Text(), server_default="", nullable=False),
        sa.Column("advertising", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(16), server_default="ko", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.CheckConstraint("kind IN ('sign-up', 'change')", name=op.f("ck_wishes_kind_word")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wishes_key_at"), "wishes", ["key", "at"])
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("wish_id", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default=ZERO, nullable=False),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.CheckConstraint(
            "kind IN ('confirm', 'already', 'welcome', 'consent', 'withdrawal', 'reconfirm',"
            " 'change', 'changed')",
            name=op.f("ck_notices_kind_word"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notices_key"), "notices", ["key"])
    op.create_index(
        op.f("ix_notices_subscriber_id_kind_about"), "notices", ["subscriber_id", "kind", "about"]
    )
    op.create_index(
        "ix_notices_owed",
        "notices",
        ["due_at"],
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index(op.f("ix_payments_key_at"), "payments", ["key", "at"])
    op.create_table(
        "feed_keys",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_feed_keys")),
    )
    op.create_index(op.f("ix_feed_keys_subscriber_id"), "feed_keys", ["subscriber_id"])
