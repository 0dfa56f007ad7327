"""How a job looks from outside; URLs appear without what was secret in them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from flinkjobrunner.jobs import JobStatus, StepStatus
from flinkjobrunner.jobs.request import without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flinkjobrunner.jobs import Attempt, Job


class _View(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    def document(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


class ErrorView(BaseModel):
    code: str
    message: str
    hint: str | None = None


class StepView(_View):
    name: str
    status: StepStatus
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    error: ErrorView | None


class AttemptView(_View):
    attempt: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None


class Links(BaseModel):
    self: str
    logs: str
    cancel: str


class JobView(_View):
    """A job with its steps."""

    job_id: str
    status: JobStatus
    target: str
    deployment: str
    attempt: int
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    urls: dict[str, Any]
    context: dict[str, Any]
    options: dict[str, Any]
    steps: list[StepView]
    error: ErrorView | None
    result: dict[str, Any] | None
    links: Links

    @classmethod
    def of(cls, job: Job, **more: Any) -> Self:
        request = without_secrets(job.request)
        path = f"/jobs/{job.job_id}"
        return cls(
            job_id=job.job_id,
            status=job.status,
            target=job.target,
            deployment=job.deployment,
            attempt=job.attempt,
            cancel_requested=job.cancel_requested,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            urls=request["urls"],
            context=request["context"],
            options=request["options"],
            steps=[StepView.model_validate(step, from_attributes=True) for step in job.steps],
            error=ErrorView.model_validate(job.error) if job.error else None,
            result=job.result,
            links=Links(self=path, logs=f"{path}/logs", cancel=f"{path}/cancel"),
            **more,
        )


class JobDetail(JobView):
    """A job with its steps and all its attempts."""

    attempts: list[AttemptView]

    @classmethod
    def with_attempts(cls, job: Job, attempts: Sequence[Attempt]) -> Self:
        views = [AttemptView.model_validate(one, from_attributes=True) for one in attempts]
        return cls.of(job, attempts=views)


class JobPage(BaseModel):
    """Jobs, newest first; `next` is the cursor of the page after this one."""

    items: list[JobView]
    next: str | None


def status_of(job: Job) -> dict[str, Any]:
    """What an event about a job's status carries."""
    document: dict[str, Any] = {"jobId": job.job_id, "status": job.status.value}
    return document | ({"error": job.error} if job.error else {})
