"""Check the state of a delivery word by word, and write down when a trouble was over.

SQLite answers ``IN`` with more than two words by a table of its own, filled for every row that
changes: three of them in each change of a delivery, two changes a mail.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATES = ("pending", "sending", "sent", "deferred", "refused", "uncertain", "withheld")
CHECK = " OR ".join(f"state = '{state}'" for state in STATES)
WAITING = sa.text(
    "chunk_id IS NULL AND (state = 'pending' OR state = 'deferred' OR state = 'uncertain')"
)
CHUNK = sa.text("chunk_id IS NOT NULL")


def upgrade() -> None:
    """Write the clauses anew; SQLite can change a check only by laying its table again."""
    op.drop_index("ix_deliveries_waiting", "deliveries")
    if op.get_bind().dialect.name == "sqlite":
        _lay_again()
    else:
        op.drop_constraint(op.f("ck_deliveries_state_word"), "deliveries")
        op.create_check_constraint(op.f("ck_deliveries_state_word"), "deliveries", CHECK)
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["release_id", "next_at"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.drop_column("alerts", "message")
    op.add_column("alerts", sa.Column("over_at", sa.BigInteger(), nullable=True))


def _lay_again() -> None:
    op.drop_index("ix_deliveries_chunk", "deliveries")
    op.rename_table("deliveries", "deliveries_before")
    op.create_table(
        "deliveries",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("chunk_id", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("doubts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("code", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(CHECK, name=op.f("ck_deliveries_state_word")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
            name=op.f("fk_deliveries_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "subscriber_id", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )
    # Both have the same columns in the same order.
    op.execute("INSERT INTO deliveries SELECT * FROM deliveries_before")
    op.drop_table("deliveries_before")
    op.create_index(
        "ix_deliveries_chunk", "deliveries", ["chunk_id"], unique=False, sqlite_where=CHUNK
    )
