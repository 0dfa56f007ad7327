"""Tables of the job queue. The database is the state machine: its invariants are written here."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from flinkjobrunner.store.metadata import metadata

JOB_STATUS = "'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'"
STEP_STATUS = "'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED'"


def _time(name: str, *, now: bool = False) -> Column[object]:
    if now:
        return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())
    return Column(name, DateTime(timezone=True))


def _job() -> Column[object]:
    return Column("job_id", Text, ForeignKey("jobs.job_id", ondelete="CASCADE"), primary_key=True)


jobs = Table(
    "jobs",
    metadata,
    Column("job_id", Text, primary_key=True),
    # The order of arrival: newest-first lists and their cursors, and who is claimed first.
    Column("sequence", BigInteger, Identity(always=True), nullable=False),
    Column("target", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("deployment", Text, nullable=False),
    # Counts claims; every write of a worker names the attempt it belongs to.
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    _time("lease_until"),
    Column("worker", Text),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("false")),
    # The number of the last log line.
    Column("log_lines", Integer, nullable=False, server_default=text("0")),
    Column("error", JSONB),
    Column("result", JSONB),
    _time("created_at", now=True),
    _time("started_at"),
    _time("finished_at"),
    CheckConstraint(f"status IN ({JOB_STATUS})", name="status"),
    CheckConstraint(
        "(status = 'RUNNING') = (lease_until IS NOT NULL AND worker IS NOT NULL)", name="lease"
    ),
    # UUIDs are kept as they were sent, but are one id in whatever case.
    Index("jobs_lower_job_id_key", text("lower(job_id)"), unique=True),
    Index("jobs_sequence_key", "sequence", unique=True),
    # One running job per deployment, whatever two workers do at the same moment.
    Index(
        "jobs_running_deployment_key",
        "deployment",
        unique=True,
        postgresql_where=text("status = 'RUNNING'"),
    ),
    Index(
        "jobs_claimable_idx",
        "sequence",
        postgresql_where=text("status IN ('QUEUED', 'RUNNING')"),
    ),
    # By which a deploy that insists on a plan finds it.
    Index(
        "jobs_plan_digest_idx",
        text("(result #>> '{plan,digest}')"),
        postgresql_where=text("target = 'plan'"),
    ),
)

steps = Table(
    "steps",
    metadata,
    _job(),
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    _time("started_at"),
    _time("finished_at"),
    Column("error", JSONB),
    CheckConstraint(f"status IN ({STEP_STATUS})", name="status"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("event_id", BigInteger, Identity(always=True), primary_key=True),
    Column("job_id", Text, ForeignKey("jobs.job_id", ondelete="CASCADE"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    _time("at", now=True),
    Index("job_events_job_id_event_id_idx", "job_id", "event_id"),
)

log_lines = Table(
    "log_lines",
    metadata,
    _job(),
    Column("line", Integer, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("text", Text, nullable=False),
    _time("at", now=True),
)
