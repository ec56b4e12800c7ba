"""Index the deliveries that wait, not those being sent: a mail sent then touches one index less."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = sa.text("chunk_id IS NULL AND state IN ('pending', 'deferred', 'uncertain')")


def upgrade() -> None:
    """Replace the index of all unfinished deliveries."""
    op.drop_index("ix_deliveries_work", "deliveries")
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["release_id", "next_at"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
