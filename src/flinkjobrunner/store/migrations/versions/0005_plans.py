"""Plans are found by their digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "jobs_plan_digest_idx",
        "jobs",
        [sa.text("(result #>> '{plan,digest}')")],
        postgresql_where=sa.text("target = 'plan'"),
    )


def downgrade() -> None:
    op.drop_index("jobs_plan_digest_idx", table_name="jobs")
