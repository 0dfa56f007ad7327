"""What the newest Flink job of a deployment was submitted with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployments", sa.Column("submitted", JSONB))


def downgrade() -> None:
    op.drop_column("deployments", "submitted")
