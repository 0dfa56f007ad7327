"""The words of the queue: statuses, steps, errors, and a job as everybody reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from flinkjobrunner.telemetry import redact

if TYPE_CHECKING:
    from datetime import datetime

    from flinkjobrunner.store import Row

DEFAULT_TARGET = "setup-and-deploy"
DEFAULT_DEPLOYMENT = "default"

# What a target goes through. A target that an operator added to the Makefile is one step.
_STEPS = {"setup-and-deploy": ("setup", "flink-deploy")}

# These change nothing that shapes decide, so they need none.
TARGETS_WITHOUT_SHAPES = frozenset({"setup", "flink-undeploy"})


class JobStatus(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"

    @property
    def terminal(self) -> bool:
        return self not in (JobStatus.QUEUED, JobStatus.RUNNING)


class StepStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    SKIPPED = "SKIPPED"


def steps_of(target: str) -> tuple[str, ...]:
    return _STEPS.get(target, (target,))


@dataclass(frozen=True, kw_only=True)
class JobError:
    """Why a job or step failed: a stable code, what happened, and what to do about it."""

    code: str
    message: str
    hint: str = ""

    def document(self) -> dict[str, str]:
        """As it is stored and shown: redacted, so it is safe wherever it turns up."""
        document = {"code": self.code, "message": redact(self.message)}
        return document | ({"hint": redact(self.hint)} if self.hint else {})


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    status: StepStatus
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    error: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try of a job; `outcome` is None while it runs."""

    attempt: int
    worker: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    job_id: str
    sequence: int
    target: str
    status: JobStatus
    request: dict[str, Any]
    deployment: str
    attempt: int
    worker: str | None
    cancel_requested: bool
    log_lines: int
    error: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    steps: tuple[Step, ...] = field(default=())

    @classmethod
    def of(cls, row: Row, steps: tuple[Step, ...] = ()) -> Self:
        known = {name: row[name] for name in cls.__dataclass_fields__ if name in row}
        return cls(**known | {"status": JobStatus(row["status"]), "steps": steps})
