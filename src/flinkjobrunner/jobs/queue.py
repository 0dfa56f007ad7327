"""The queue: jobs are rows, and every change of a row is a guarded transition.

Promises kept here: a job that was accepted is never lost; a repeated request is answered, not
repeated; a job whose worker died goes to another one, a bounded number of times; cancel is a fact
in the database before it is an effect anywhere else.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints
from flinkjobrunner.errors import FencedError, Problem
from flinkjobrunner.jobs.admission import admit
from flinkjobrunner.jobs.model import Attempt, Job, JobError, JobStatus, Step, StepStatus, steps_of
from flinkjobrunner.jobs.request import JobRequest, new_job_id, without_secrets
from flinkjobrunner.store import begin, claims, logs, read
from flinkjobrunner.store import jobs as store
from flinkjobrunner.telemetry import redact_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from flinkjobrunner.store import Connection, Row

MAX_ATTEMPTS = 5
_STARTS = ("claimed", "taken-over")
_ENDS = ("released", "succeeded", "failed", "canceled")


@dataclass(frozen=True, kw_only=True)
class Submitted:
    job: Job
    created: bool


class Queue:
    """All that can be done with jobs, in one database."""

    def __init__(self, url: str) -> None:
        self._url = url

    # What callers do

    def submit(self, request: JobRequest, *, by: str = "") -> Submitted:
        """Accept a request; the same one under the same id is the same job. `by`: who asks."""
        job_id = request.job_id or new_job_id()
        values = {
            "job_id": job_id,
            "target": request.target,
            "deployment": request.deployment,
            "request": request.document(),
            "request_hash": request.digest(),
        }
        with self._transaction("submit") as connection:
            row = store.add(connection, values=values, step_names=steps_of(request.target), by=by)
            created = row is not None
            if created:
                admit(connection, job_id, request)
            row = row or store.find(connection, job_id)
            if row is None:
                raise RuntimeError(f"job {job_id} is neither new nor there")
            job = _job(row, store.steps_of(connection, [row["job_id"]]))
        if not created and row["request_hash"] != values["request_hash"]:
            raise Problem(
                status=409,
                code="job-id-taken",
                title="There is another job with this id",
                detail=f"Job {job.job_id} was created with a different body.",
                hint="Choose another jobId, or leave it out and get a new one.",
            )
        return Submitted(job=job, created=created)

    def get(self, job_id: str) -> Job:
        with read(self._url) as connection:
            row = store.find(connection, job_id)
            if row is None:
                raise _no_such_job(job_id)
            return _job(row, store.steps_of(connection, [row["job_id"]]))

    def page(
        self,
        *,
        limit: int,
        before: int | None = None,
        statuses: Collection[JobStatus] = (),
        targets: Collection[str] = (),
        deployment: str | None = None,
    ) -> list[Job]:
        """Jobs, newest first; `before` is the `sequence` of the last one of the page before."""
        with read(self._url) as connection:
            rows = store.page(
                connection,
                limit=limit,
                before=before,
                statuses=[status.value for status in statuses],
                targets=targets,
                deployment=deployment,
            )
            found = store.steps_of(connection, [row["job_id"] for row in rows])
        steps: dict[str, list[Row]] = defaultdict(list)
        for step in found:
            steps[step["job_id"]].append(step)
        return [_job(row, steps[row["job_id"]]) for row in rows]

    def attempts(self, job_id: str) -> list[Attempt]:
        with read(self._url) as connection:
            return _attempts(store.events_of(connection, job_id))

    def lines(self, job_id: str, after: int, limit: int = 1000) -> Sequence[tuple[int, str]]:
        with read(self._url) as connection:
            return logs.after(connection, job_id, after, limit)

    def cancel(self, job_id: str, *, by: str = "") -> Job:
        """Durable once this returns: a queued job is canceled, a running one will be."""
        with self._transaction("cancel") as connection:
            row = store.find(connection, job_id, lock=True)
            if row is None:
                raise _no_such_job(job_id)
            status = JobStatus(row["status"])
            if status is JobStatus.QUEUED:
                store.add_event(connection, row["job_id"], 0, "cancel-requested", {"by": by})
                self._end(connection, row, JobStatus.CANCELED, None)
            elif status is JobStatus.RUNNING:
                if not row["cancel_requested"]:
                    store.request_cancel(connection, row["job_id"], row["attempt"], by=by)
            elif status is not JobStatus.CANCELED:
                raise Problem(
                    status=409,
                    code="job-finished",
                    title="The job has already finished",
                    detail=f"Job {row['job_id']} is {status}; only a queued or running one can"
                    " be canceled.",
                )
        return self.get(job_id)

    # What workers do

    def claim(
        self, *, worker: str, lease_seconds: float, bury: Callable[[Job], None] = lambda _job: None
    ) -> Job | None:
        """A job to run now. Ones that must not run any more are ended on the way, once what an
        earlier attempt has left of them is buried."""
        while True:
            with self._transaction("claim") as connection:
                row = claims.claim(connection, worker=worker, lease_seconds=lease_seconds)
                if row is None:
                    return None
                job = _job(row, store.steps_of(connection, [row["job_id"]]))
            if not job.cancel_requested and job.attempt <= MAX_ATTEMPTS:
                return job
            bury(job)
            status = JobStatus.CANCELED if job.cancel_requested else JobStatus.FAILED
            # One whose lease ran out meanwhile is ended by whoever has it now.
            with suppress(FencedError):
                self.finish(job, status, None if job.cancel_requested else _EXHAUSTED)

    def heartbeat(self, job: Job, lease_seconds: float) -> bool:
        with self._transaction("heartbeat") as connection:
            return claims.heartbeat(connection, job.job_id, job.attempt, lease_seconds)

    def append_lines(self, job: Job, texts: Sequence[str]) -> None:
        with self._transaction("log") as connection:
            claims.append_lines(connection, job.job_id, job.attempt, texts)

    def last_lines(self, job: Job, count: int) -> Sequence[str]:
        with read(self._url) as connection:
            return logs.last(connection, job.job_id, count)

    def finish(self, job: Job, status: JobStatus, error: JobError | None = None) -> None:
        """End the job as its owner. A wish to cancel that came too late does not undo success."""
        with self._transaction("finish") as connection:
            row = claims.own(connection, job.job_id, job.attempt)
            self._end(connection, row, status, error)

    def release(self, job: Job) -> None:
        with self._transaction("release") as connection:
            claims.release(connection, job.job_id, job.attempt)

    def expire_leases_of(self, worker: str) -> int:
        with begin(self._url) as connection:
            return claims.expire(connection, worker=worker)

    def lease_holders(self) -> set[str]:
        with read(self._url) as connection:
            return set(claims.workers(connection))

    @contextmanager
    def _transaction(self, name: str) -> Iterator[Connection]:
        """Committed at the end of the block; tests crash it at its three moments."""
        failpoints.reach(f"{name}.before")
        with begin(self._url) as connection:
            yield connection
            failpoints.reach(f"{name}.uncommitted")
        failpoints.reach(f"{name}.committed")

    @staticmethod
    def _end(connection: Connection, row: Row, status: JobStatus, error: JobError | None) -> None:
        store.end(
            connection,
            job_id=row["job_id"],
            attempt=row["attempt"],
            status=status.value,
            error=redact_tree(error.document()) if error else None,
            request=without_secrets(row["request"]),
        )


_EXHAUSTED = JobError(
    code="attempts-exhausted",
    message=f"{MAX_ATTEMPTS} attempts ended with the death of their worker",
    hint="The worker's log says what happened to it; memory is the usual cause.",
)


def _no_such_job(job_id: str) -> Problem:
    return Problem(
        status=404,
        code="job-not-found",
        title="There is no such job",
        detail=f"No job has the id {job_id!r}.",
        hint="GET /jobs lists all jobs.",
    )


def _job(row: Row, steps: Sequence[Row]) -> Job:
    return Job.of(
        row,
        tuple(
            Step(
                name=step["name"],
                status=StepStatus(step["status"]),
                attempt=step["attempt"],
                started_at=step["started_at"],
                finished_at=step["finished_at"],
                error=step["error"],
            )
            for step in steps
        ),
    )


def _attempts(events: Sequence[Row]) -> list[Attempt]:
    """Attempts as the events tell them; one that was taken over ended without a word."""
    attempts: dict[int, Attempt] = {}
    for event in events:
        number, at = event["attempt"], event["at"]
        if event["kind"] in _STARTS:
            before = attempts.get(number - 1)
            if before is not None and before.finished_at is None:
                attempts[number - 1] = _ended(before, at, "lost")
            attempts[number] = Attempt(
                attempt=number, worker=event["data"].get("worker", ""), started_at=at
            )
        elif event["kind"] in _ENDS and number in attempts:
            attempts[number] = _ended(attempts[number], at, event["kind"])
    return list(attempts.values())


def _ended(attempt: Attempt, at: datetime, outcome: str) -> Attempt:
    return Attempt(
        attempt=attempt.attempt,
        worker=attempt.worker,
        started_at=attempt.started_at,
        finished_at=at,
        outcome=outcome,
    )
