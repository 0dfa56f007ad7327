"""`flink-undeploy`: ends the deployment's Flink job after a savepoint; topics and alerts stay.

The alerts are marked stale, because nobody judges them any more. With `options.purge` they are
cleared before, and the next deploy starts from what the topics hold. What is not there is not an
error.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from flinkjobrunner import failpoints
from flinkjobrunner.backends import backend_of, submission
from flinkjobrunner.backends.base import FlinkRefusedError, JobState, job_name, observed
from flinkjobrunner.kafka import programs as topic
from flinkjobrunner.store import begin, deployments, read
from flinkjobrunner.workflow.clearing import clear

if TYPE_CHECKING:
    from flinkjobrunner.backends.base import Backend
    from flinkjobrunner.store.deployments import Deployment
    from flinkjobrunner.workflow.steps.base import Work


def run(work: Work) -> dict[str, Any]:
    url = work.settings.database()
    purge = bool(work.options.get("purge"))
    with closing(backend_of(work.settings)) as backend:
        cleared = clear(work, backend) if purge else 0
        with deployments.exclusive(url, work.deployment):
            savepoint = _stop(work, backend)
            failpoints.reach("flink-undeploy.stopped")
        known = _known(url, work.deployment)
        if known is None:
            work.say(f"There is no deployment {work.deployment}; nothing to undeploy.")
            return {"undeployed": {"name": work.deployment, "savepoint": savepoint}}
        stale = _record(work, savepoint, forget=purge)
        if purge:
            _forget(work, backend, savepoint or known.restore_from)
    result = {"name": work.deployment, "savepoint": savepoint, "staleAlerts": stale}
    if purge:
        work.say(f"Deployment {work.deployment} is undeployed; {cleared} alerts were cleared.")
        return {"undeployed": result | {"savepoint": None, "clearedAlerts": cleared}}
    work.say(
        f"Deployment {work.deployment} is undeployed; {stale} standing alerts are stale from now"
        " on. Topics and data stay."
    )
    return {"undeployed": result}


def _known(url: str, name: str) -> Deployment | None:
    with read(url) as connection:
        return deployments.find(connection, name)


def _record(work: Work, savepoint: str | None, *, forget: bool) -> int:
    with begin(work.settings.database()) as connection:
        stale = deployments.undeploy(
            connection,
            name=work.deployment,
            job_id=work.job_id,
            attempt=work.attempt,
            savepoint=savepoint,
            forget=forget,
        )
        deployments.observe(
            connection, name=work.deployment, state=JobState.ABSENT.value, detail=""
        )
    return stale


def _forget(work: Work, backend: Backend, place: str | None) -> None:
    """No program is active any more. What cannot be removed does no harm, so it is only told."""
    topic.unpublish(work.settings.kafka_bootstrap, deployment=work.deployment)
    if place is None or not backend.usable(place):
        return
    try:
        backend.discard(place)
    except FlinkRefusedError as error:
        work.say(f"{place} could not be removed: {error}")


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
