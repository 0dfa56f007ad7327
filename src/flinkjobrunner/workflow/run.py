"""One attempt of a job: from the claim to its end, and nothing of it left behind.

A single loop per job reads the output, keeps the lease, and looks for a wish to cancel. Whatever
goes wrong with the database meanwhile is waited out for as long as the lease lasts; after that the
job may be somebody else's, so the process is ended and nothing is written any more.
"""

from __future__ import annotations

import time
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from flinkjobrunner.errors import DatabaseUnavailableError, FencedError
from flinkjobrunner.jobs import JobError, JobStatus, StepStatus
from flinkjobrunner.jobs.request import urls_of
from flinkjobrunner.store.notify import JOBS
from flinkjobrunner.telemetry import get_logger, redaction
from flinkjobrunner.workflow import jobfile
from flinkjobrunner.workflow.output import Lines
from flinkjobrunner.workflow.process import GuardedProcess, environment, kill_leftovers

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from flinkjobrunner.jobs import Job, Queue
    from flinkjobrunner.store.notify import Listener, Subscription

T = TypeVar("T")

_TICK_SECONDS = 0.1
_BATCH_LINES = 500
_RETRY_SECONDS = 0.5
_HINT_LINES = 12
log = get_logger(__name__)


class Ending(Enum):
    """Why the process is, or was, to end."""

    BY_ITSELF = auto()
    CANCELED = auto()
    TIMED_OUT = auto()
    SHUT_DOWN = auto()


class Run:
    """The attempt of a job that this worker has claimed."""

    def __init__(
        self,
        job: Job,
        *,
        settings: Settings,
        queue: Queue,
        listener: Listener,
        stop: threading.Event,
    ) -> None:
        self._job = job
        self._settings = settings
        self._queue = queue
        self._listener = listener
        self._stop = stop
        self._ending = Ending.BY_ITSELF
        self._lease_until = time.monotonic() + settings.lease_seconds
        self._heartbeat_at = time.monotonic() + settings.lease_seconds / 3
        self._timeout_at = time.monotonic() + settings.job_timeout_seconds

    def execute(self) -> None:
        """Run it to its end; a lost lease ends it without a word."""
        job_dir = jobfile.folder(self._settings.work_root, self._job.job_id)
        secrets = {s for url in urls_of(self._job.request) for s in redaction.secrets_of_url(url)}
        with redaction.registered(secrets):
            try:
                code = self._attempt(job_dir)
                self._conclude(code)
            except FencedError:
                log.warning("job.fenced", job_id=self._job.job_id, attempt=self._job.attempt)

    def _attempt(self, job_dir: Path) -> int | JobError:
        """The exit code, or why there is none. Secrets are gone before anybody hears of the end."""
        try:
            return self._run(job_dir)
        except OSError as error:
            log.exception("job.not-run", job_id=self._job.job_id)
            return JobError(
                code="worker-failed",
                message=f"the worker could not run the target: {error.strerror or error}",
                hint="Look at the worker's disk, memory and permissions; its log says more.",
            )
        finally:
            with suppress(OSError):
                jobfile.forget_secrets(job_dir, self._job)

    def _run(self, job_dir: Path) -> int:
        killed = kill_leftovers(job_dir)
        if killed:
            log.warning("job.leftovers-killed", job_id=self._job.job_id, processes=killed)
        jobfile.write(job_dir, self._job)
        log.info("job.started", job_id=self._job.job_id, attempt=self._job.attempt)
        process = GuardedProcess(
            [
                "make",
                "--no-print-directory",
                "-C",
                str(self._settings.digitaltwin_root),
                self._job.target,
            ],
            environment(self._settings.environment(), job_dir),
            job_dir,
        )
        try:
            with self._listener.subscribe(JOBS, self._job.job_id) as wishes:
                self._follow(process, wishes)
            return process.wait()
        finally:
            process.close()

    def _follow(self, process: GuardedProcess, wishes: Subscription) -> None:
        """Until the end of the output: log it, keep the lease, end the process when it is time."""
        lines = Lines()
        waiting: list[str] = []
        chunk: bytes | None = None
        while chunk != b"":
            # While the log cannot be written the output is not read either: it waits in its pipe.
            if len(waiting) < _BATCH_LINES:
                chunk = process.read(_TICK_SECONDS)
                waiting += lines.feed(chunk) if chunk else []
            waiting = self._flush(waiting)
            self._keep_lease(asked=wishes.wait(0))
            self._end_when_due(process)
        waiting += lines.end()
        while waiting:
            waiting = self._flush(waiting)
            self._keep_lease(asked=False)

    def _flush(self, waiting: list[str]) -> list[str]:
        """Write lines to the log; what could not be written is kept for the next time."""
        if waiting:
            try:
                self._queue.append_lines(self._job, waiting[:_BATCH_LINES])
            except DatabaseUnavailableError:
                self._database_is_away()
            else:
                return waiting[_BATCH_LINES:]
        return waiting

    def _keep_lease(self, *, asked: bool) -> None:
        """Prolong the lease when a third of it is over, or when somebody may want to cancel."""
        if not asked and time.monotonic() < self._heartbeat_at:
            return
        before = time.monotonic()
        try:
            canceled = self._queue.heartbeat(self._job, self._settings.lease_seconds)
        except DatabaseUnavailableError:
            self._database_is_away()
            return
        self._lease_until = before + self._settings.lease_seconds
        self._heartbeat_at = before + self._settings.lease_seconds / 3
        if canceled and self._ending is Ending.BY_ITSELF:
            self._ending = Ending.CANCELED

    def _end_when_due(self, process: GuardedProcess) -> None:
        if self._ending is Ending.BY_ITSELF:
            if time.monotonic() > self._timeout_at:
                self._ending = Ending.TIMED_OUT
            elif self._stop.is_set():
                self._ending = Ending.SHUT_DOWN
        if self._ending is not Ending.BY_ITSELF:
            process.ask_to_end()

    def _conclude(self, code: int | JobError) -> None:
        if self._ending is Ending.SHUT_DOWN and code != 0:
            self._insist(lambda: self._queue.release(self._job))
            log.info("job.released", job_id=self._job.job_id)
            return
        status, error = self._outcome(code)
        self._insist(lambda: self._queue.finish(self._job, status, error))
        log.info(
            "job.finished",
            job_id=self._job.job_id,
            status=status.value,
            code=error.code if error else None,
        )

    def _outcome(self, code: int | JobError) -> tuple[JobStatus, JobError | None]:
        """What the process came to. One that succeeded has, whatever was wished meanwhile."""
        if isinstance(code, JobError):
            return JobStatus.FAILED, code
        if code == 0:
            return JobStatus.SUCCEEDED, None
        if self._ending is Ending.CANCELED:
            return JobStatus.CANCELED, None
        if self._ending is Ending.TIMED_OUT:
            return JobStatus.FAILED, JobError(
                code="timed-out",
                message=f"the target did not end within {self._settings.job_timeout_seconds:g} s",
                hint="The log says what it was doing; RUNNER_JOB_TIMEOUT_SECONDS is the limit.",
            )
        return JobStatus.FAILED, self._insist(lambda: self._failure(code))

    def _failure(self, code: int) -> JobError:
        """The error that the failed step has reported, or else what the log ends with."""
        for step in self._queue.get(self._job.job_id).steps:
            if step.status is StepStatus.FAILED and step.error:
                return JobError(**step.error)
        tail = "\n".join(self._queue.last_lines(self._job, _HINT_LINES))
        return JobError(
            code="step-failed",
            message=f"make {self._job.target} ended with exit code {code}",
            hint=f"The log ends with:\n{tail}" if tail else "It wrote nothing to the log.",
        )

    def _insist(self, write: Callable[[], T]) -> T:
        while True:
            try:
                return write()
            except DatabaseUnavailableError:
                self._database_is_away()

    def _database_is_away(self) -> None:
        """Be patient while the lease lasts; after that the job may be somebody else's."""
        if time.monotonic() > self._lease_until:
            raise FencedError("the lease ran out while the database was away")
        time.sleep(_RETRY_SECONDS)
