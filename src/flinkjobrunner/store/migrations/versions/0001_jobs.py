"""The job queue: jobs, their steps, events and log lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _jobs()
    _steps()
    _job_events()
    _log_lines()


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("request_hash", sa.Text, nullable=False),
        sa.Column("deployment", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("worker", sa.Text),
        sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("log_lines", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("error", JSONB),
        sa.Column("result", JSONB),
        _at("created_at"),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("job_id", name="jobs_pkey"),
        sa.CheckConstraint(
            "status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')",
            name="jobs_status_check",
        ),
        sa.CheckConstraint(
            "(status = 'RUNNING') = (lease_until IS NOT NULL AND worker IS NOT NULL)",
            name="jobs_lease_check",
        ),
    )
    op.create_index("jobs_lower_job_id_key", "jobs", [sa.text("lower(job_id)")], unique=True)
    op.create_index("jobs_sequence_key", "jobs", ["sequence"], unique=True)
    op.create_index(
        "jobs_running_deployment_key",
        "jobs",
        ["deployment"],
        unique=True,
        postgresql_where=sa.text("status = 'RUNNING'"),
    )
    op.create_index(
        "jobs_claimable_idx",
        "jobs",
        ["sequence"],
        postgresql_where=sa.text("status IN ('QUEUED', 'RUNNING')"),
    )


def _steps() -> None:
    op.create_table(
        "steps",
        _job(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("error", JSONB),
        sa.PrimaryKeyConstraint("job_id", "name", name="steps_pkey"),
        _job_key("steps"),
        sa.CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED')",
            name="steps_status_check",
        ),
    )


def _job_events() -> None:
    op.create_table(
        "job_events",
        sa.Column("event_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        _job(),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
        _at("at"),
        sa.PrimaryKeyConstraint("event_id", name="job_events_pkey"),
        _job_key("job_events"),
    )
    op.create_index("job_events_job_id_event_id_idx", "job_events", ["job_id", "event_id"])


def _log_lines() -> None:
    op.create_table(
        "log_lines",
        _job(),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _at("at"),
        sa.PrimaryKeyConstraint("job_id", "line", name="log_lines_pkey"),
        _job_key("log_lines"),
    )


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _job() -> sa.Column[object]:
    return sa.Column("job_id", sa.Text, nullable=False)


def _job_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["job_id"], ["jobs.job_id"], name=f"{table}_job_id_fkey", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("log_lines", "job_events", "steps", "jobs"):
        op.drop_table(table)
