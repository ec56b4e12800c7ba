"""Remember for which part of the list a release was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write beside a release whom it is for; empty for everybody, as all were until now."""
    op.add_column("releases", sa.Column("segment", sa.Text(), server_default="", nullable=False))
