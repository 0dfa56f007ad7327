"""`/jobs`: ask for a run of a target, see what became of it, read its log, cancel it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from flask import Response, request, stream_with_context
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flinkjobrunner.api import audit, current, sse
from flinkjobrunner.api.job_views import JobDetail, JobPage, JobView, status_of
from flinkjobrunner.api.problems import problem_responses
from flinkjobrunner.errors import DatabaseUnavailableError, Problem
from flinkjobrunner.jobs import Job, JobRequest, JobStatus, Queue
from flinkjobrunner.jobs.request import JobId, accept
from flinkjobrunner.store.notify import JOB_LOG
from flinkjobrunner.telemetry import get_logger, metrics

_LINES_AT_ONCE = 1000
# Lines are counted by PostgreSQL's integer; behind a larger number there is nothing.
_LAST_LINE = 2**31 - 1
log = get_logger(__name__)

blueprint = APIBlueprint("jobs", __name__, abp_tags=[Tag(name="jobs")])


# PostgreSQL takes no NUL, and nothing that can be found is longer.
Condition = Annotated[str, StringConstraints(min_length=1, max_length=253, pattern=r"^[^\x00]+$")]


class JobPath(BaseModel):
    job_id: JobId = Field(description="The id of a job, as given at or answered by POST /jobs.")


class JobsQuery(BaseModel):
    """Which jobs, and how many at once."""

    model_config = ConfigDict(extra="forbid")

    status: list[JobStatus] = Field(default_factory=list)
    target: list[Condition] = Field(default_factory=list)
    deployment: Condition | None = None
    limit: int = Field(50, ge=1, le=500)
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")] | None = None


class NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")


@blueprint.post(
    "/jobs",
    summary="Run a target",
    responses={202: JobView, 200: JobView} | problem_responses(400, 403, 409, 413, 415, 503),
)
def create(body: JobRequest, query: NoQuery) -> tuple[dict[str, Any], int, dict[str, str]]:
    del query
    accept(body, current.settings().allowed_targets)
    submitted = current.queue().submit(body, by=audit.actor())
    if submitted.created:
        metrics.jobs_accepted.labels(body.target).inc()
        audit.record(
            "audit.job-created",
            job_id=submitted.job.job_id,
            target=body.target,
            deployment=body.deployment,
        )
    view = JobView.of(submitted.job)
    return view.document(), 202 if submitted.created else 200, {"Location": view.links.self}


@blueprint.get(
    "/jobs", summary="Jobs, newest first", responses={200: JobPage} | problem_responses(400, 503)
)
def index(query: JobsQuery) -> dict[str, Any]:
    found = current.queue().page(
        limit=query.limit + 1,
        before=int(query.cursor) if query.cursor else None,
        statuses=query.status,
        targets=query.target,
        deployment=query.deployment,
    )
    items = found[: query.limit]
    more = len(found) > query.limit
    return {
        "items": [JobView.of(job).document() for job in items],
        "next": str(items[-1].sequence) if more else None,
    }


@blueprint.get(
    "/jobs/<job_id>",
    summary="One job with its steps and attempts",
    responses={200: JobDetail} | problem_responses(400, 404, 503),
)
def show(path: JobPath, query: NoQuery) -> dict[str, Any]:
    del query
    queue = current.queue()
    job = queue.get(path.job_id)
    return JobDetail.with_attempts(job, queue.attempts(job.job_id)).document()


@blueprint.post(
    "/jobs/<job_id>/cancel",
    summary="Cancel a job; durable once answered",
    responses={202: JobView} | problem_responses(400, 404, 409, 413, 503),
)
def cancel(path: JobPath, query: NoQuery) -> tuple[dict[str, Any], int]:
    del query
    if request.get_data() not in (b"", b"{}"):
        raise Problem(
            status=400, code="unknown-field", title="A cancel takes no body", detail="Send none."
        )
    job = current.queue().cancel(path.job_id, by=audit.actor())
    audit.record("audit.job-canceled", job_id=job.job_id)
    return JobView.of(job).document(), 202


@blueprint.get(
    "/jobs/<job_id>/logs",
    summary="The log: as Server-Sent Events, or with Accept: text/plain as it is now",
    description="Lines are unnamed events whose id is the line's number, from 1; Last-Event-ID"
    " resumes behind it. Events named `status` tell the job's status, `end` the last one.",
    responses={
        200: {
            "description": "The log",
            "content": {
                "text/event-stream": {"schema": {"type": "string"}},
                "text/plain": {"schema": {"type": "string"}},
            },
        }
    }
    | problem_responses(400, 404, 503),
)
def logs(path: JobPath, query: NoQuery) -> Response:
    del query
    queue = current.queue()
    job = queue.get(path.job_id)
    kinds = ["text/event-stream", "text/plain"]
    if request.accept_mimetypes.best_match(kinds, kinds[0]) == "text/plain":
        text = stream_with_context(_text(queue, job.job_id))
        return Response(text, content_type="text/plain; charset=utf-8")
    after = min(sse.last_event_id() or 0, _LAST_LINE)
    return sse.follow(
        current.listener(), [JOB_LOG], lambda: _events(queue, job.job_id, after), key=job.job_id
    )


def _text(queue: Queue, job_id: str) -> Iterator[str]:
    after = 0
    while lines := queue.lines(job_id, after, _LINES_AT_ONCE):
        yield "".join(f"{text}\n" for _, text in lines)
        after = lines[-1][0]


def _events(queue: Queue, job_id: str, after: int) -> Iterator[sse.Event | None]:
    """The log from a line on. The status is read before the lines: when it is terminal, the lines
    read behind it are all there will ever be."""
    told: JobStatus | None = None
    while True:
        try:
            job = queue.get(job_id)
            if job.status is not told and not job.status.terminal:
                yield _status("status", job)
            told = job.status
            while lines := queue.lines(job_id, after, _LINES_AT_ONCE):
                for line, text in lines:
                    yield sse.Event(id=line, data=text)
                after = lines[-1][0]
            if job.status.terminal:
                yield _status("end", job)
                return
        except DatabaseUnavailableError:
            # The stream stays open: a browser would not come back after an error.
            log.warning("stream.waiting", job_id=job_id)
        yield None


def _status(name: str, job: Job) -> sse.Event:
    return sse.Event(event=name, data=json.dumps(status_of(job), ensure_ascii=False))
