"""What the process of a step says about itself: it starts, it ends, it came to this.

Fenced by the attempt: a step that outlived its attempt gets `FencedError` and should exit.
The database is that of the process's settings, since a step is always a process of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flinkjobrunner.config import get_settings
from flinkjobrunner.jobs.model import StepStatus
from flinkjobrunner.store import begin, claims
from flinkjobrunner.telemetry import redact_tree

if TYPE_CHECKING:
    from flinkjobrunner.jobs.model import JobError


def start(job_id: str, name: str, attempt: int) -> None:
    _set(job_id, name, attempt, StepStatus.RUNNING)


def finish(job_id: str, name: str, attempt: int) -> None:
    _set(job_id, name, attempt, StepStatus.SUCCEEDED)


def fail(job_id: str, name: str, attempt: int, error: JobError) -> None:
    _set(job_id, name, attempt, StepStatus.FAILED, error)


def record_result(job_id: str, attempt: int, result: dict[str, Any]) -> None:
    """Add to the job's result; members of the same name are replaced."""
    with begin(get_settings().database()) as connection:
        claims.merge_result(connection, job_id, attempt, redact_tree(result))


def _set(
    job_id: str, name: str, attempt: int, status: StepStatus, error: JobError | None = None
) -> None:
    with begin(get_settings().database()) as connection:
        claims.set_step(
            connection,
            job_id=job_id,
            name=name,
            attempt=attempt,
            status=status.value,
            error=error.document() if error else None,
        )
