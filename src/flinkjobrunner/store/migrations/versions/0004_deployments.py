"""Deployments, the programs they run, and which of them was active since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _programs()
    _program_sources()
    _deployments()
    _activations()


def _programs() -> None:
    op.create_table(
        "programs",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("compressed", sa.LargeBinary, nullable=False),
        sa.Column("format_version", sa.Integer, nullable=False),
        sa.Column("summary", JSONB, nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("digest", name="programs_pkey"),
    )


def _program_sources() -> None:
    op.create_table(
        "program_sources",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("inputs_hash", sa.Text, nullable=False),
        sa.Column("sources", JSONB, nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("digest", "inputs_hash", name="program_sources_pkey"),
        sa.ForeignKeyConstraint(
            ["digest"], ["programs.digest"], name="program_sources_digest_fkey", ondelete="CASCADE"
        ),
    )


def _deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("desired", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("acknowledged_epoch", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("parallelism", sa.Integer, nullable=False),
        sa.Column("flink_job_id", sa.Text),
        sa.Column("restore_from", sa.Text),
        sa.Column("observed", sa.Text),
        sa.Column("observed_detail", sa.Text, nullable=False, server_default=""),
        _time("observed_since"),
        _time("observed_at"),
        _now("desired_since"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("name", name="deployments_pkey"),
        sa.ForeignKeyConstraint(["digest"], ["programs.digest"], name="deployments_digest_fkey"),
        sa.CheckConstraint(
            "desired IN ('running', 'undeployed')", name="deployments_desired_check"
        ),
    )


def _activations() -> None:
    op.create_table(
        "activations",
        sa.Column("deployment", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("job_id", sa.Text, nullable=False),
        _now("at"),
        sa.PrimaryKeyConstraint("deployment", "epoch", name="activations_pkey"),
        sa.ForeignKeyConstraint(
            ["deployment"],
            ["deployments.name"],
            name="activations_deployment_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["digest"], ["programs.digest"], name="activations_digest_fkey"),
    )
    op.create_index("activations_job_id_idx", "activations", ["job_id"])


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def downgrade() -> None:
    for table in ("activations", "deployments", "program_sources", "programs"):
        op.drop_table(table)
