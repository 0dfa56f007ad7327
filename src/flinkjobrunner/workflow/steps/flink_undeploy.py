"""`flink-undeploy`: ends the deployment's Flink job after a savepoint; topics and alerts stay.

The alerts are marked stale, because nobody judges them any more. What is not there is not an error.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from flinkjobrunner import failpoints
from flinkjobrunner.backends import backend_of, submission
from flinkjobrunner.backends.base import JobState, job_name, observed
from flinkjobrunner.store import begin, deployments, read

if TYPE_CHECKING:
    from flinkjobrunner.backends.base import Backend
    from flinkjobrunner.workflow.steps.base import Work


def run(work: Work) -> dict[str, Any]:
    url = work.settings.database()
    with (
        closing(backend_of(work.settings)) as backend,
        deployments.exclusive(url, work.deployment),
    ):
        savepoint = _stop(work, backend)
        failpoints.reach("flink-undeploy.stopped")
    with read(url) as connection:
        known = deployments.find(connection, work.deployment)
    if known is None:
        work.say(f"There is no deployment {work.deployment}; nothing to undeploy.")
        return {"undeployed": {"name": work.deployment, "savepoint": savepoint}}
    with begin(url) as connection:
        stale = deployments.undeploy(
            connection,
            name=work.deployment,
            job_id=work.job_id,
            attempt=work.attempt,
            savepoint=savepoint,
        )
        deployments.observe(
            connection, name=work.deployment, state=JobState.ABSENT.value, detail=""
        )
    work.say(
        f"Deployment {work.deployment} is undeployed; {stale} standing alerts are stale from now"
        " on. Topics and data stay."
    )
    return {"undeployed": {"name": work.deployment, "savepoint": savepoint, "staleAlerts": stale}}


def _stop(work: Work, backend: Backend) -> str | None:
    """Where its state is now; None when nothing ran, so that an older place stays the newest."""
    seen = observed(backend, work.deployment)
    name = job_name(work.deployment)
    if not seen.state.alive or seen.flink_job_id is None:
        work.say(f"Flink job {name} does not run.")
        return None
    place = submission.stop(backend, work.deployment, seen.flink_job_id, work.say)
    if place is not None:
        work.say(f"Flink job {name} stopped; its state is {place}")
    return place
