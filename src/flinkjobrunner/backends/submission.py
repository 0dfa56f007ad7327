"""A deployment's Flink job is there: kept if it lives, else submitted from the newest state.

Used by the step that deploys and by the embedded stack, which submits again what a JobManager that
died has forgotten. Both may run at once; whoever is second finds the job of the first.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints
from flinkjobrunner.backends.base import FlinkUnavailableError, Wanted, observed
from flinkjobrunner.store import begin, deployments, read

if TYPE_CHECKING:
    from flinkjobrunner.backends.base import Backend, Observation
    from flinkjobrunner.config import Settings
    from flinkjobrunner.store.deployments import Deployment

JAR = "validator.jar"
# A cluster may answer from a cache that is as old as its `web.refresh-interval`.
_LISTED_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Submission:
    flink_job_id: str
    started: bool
    restored_from: str | None = None


def wanted(settings: Settings, *, deployment: str, parallelism: int) -> Wanted:
    return Wanted(
        deployment=deployment,
        jar=settings.runtime / JAR,
        bootstrap=settings.kafka_bootstrap,
        sources=settings.sources,
        parallelism=parallelism,
    )


def ensure(url: str, backend: Backend, what: Wanted) -> Submission:
    """Returns when Flink knows the job, not when it runs."""
    with deployments.exclusive(url, what.deployment):
        seen = observed(backend, what.deployment)
        if seen.state.alive and seen.flink_job_id is not None:
            return Submission(flink_job_id=seen.flink_job_id, started=False)
        with read(url) as connection:
            known = deployments.find(connection, what.deployment)
        state = newest_state(backend, known, seen)
        flink_job_id = uuid.uuid4().hex
        with begin(url) as connection:
            deployments.submitting(
                connection, name=what.deployment, flink_job_id=flink_job_id, restore_from=state
            )
        failpoints.reach("flink-deploy.submitting")
        backend.apply(replace(what, restore_from=state), flink_job_id)
        failpoints.reach("flink-deploy.submitted")
        _await_listed(backend, what.deployment, flink_job_id)
        return Submission(flink_job_id=flink_job_id, started=True, restored_from=state)


def newest_state(backend: Backend, known: Deployment | None, seen: Observation) -> str | None:
    """Of the newest submission its newest checkpoint, else what that itself has started from.

    After an undeploy there is a savepoint and no submission: a checkpoint of the job that was
    stopped would be older.
    """
    job = known.flink_job_id if known else seen.flink_job_id
    paths = [backend.newest_state(job) if job else None, known.restore_from if known else None]
    return next((path for path in paths if path is not None and backend.usable(path)), None)


def _await_listed(backend: Backend, deployment: str, flink_job_id: str) -> None:
    deadline = time.monotonic() + _LISTED_SECONDS
    while observed(backend, deployment).flink_job_id != flink_job_id:
        if time.monotonic() > deadline:
            raise FlinkUnavailableError(f"Flink does not list the job {flink_job_id} it accepted")
        time.sleep(0.02)
