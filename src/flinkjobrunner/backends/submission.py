"""A deployment's Flink job is there: kept if it lives, else submitted from the newest state.

Used by the step that deploys and by the embedded stack, which submits again what a JobManager that
died has forgotten. Both may run at once; whoever is second finds the job of the first. Only a
deploy upgrades: a living job with another jar, other sources or another parallelism than are wanted
is stopped with a savepoint, from which the one that is wanted starts.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flinkjobrunner import failpoints
from flinkjobrunner.backends.base import (
    Action,
    FlinkRefusedError,
    FlinkUnavailableError,
    Wanted,
    observed,
)
from flinkjobrunner.backends.flink_rest import content_hash
from flinkjobrunner.store import begin, deployments, read

if TYPE_CHECKING:
    from collections.abc import Callable

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


def ensure(
    url: str,
    backend: Backend,
    what: Wanted,
    *,
    upgrade: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Submission:
    """Returns when Flink knows the job, not when it runs."""
    with deployments.exclusive(url, what.deployment):
        known = _known(url, what.deployment)
        seen = observed(backend, what.deployment)
        if seen.state.alive and seen.flink_job_id is not None:
            changed = differences(known, what) if upgrade else {}
            if not changed:
                return Submission(flink_job_id=seen.flink_job_id, started=False)
            say(f"Flink job {what.name} is upgraded: {', '.join(_told(changed))}")
            savepoint = stop(backend, what.deployment, seen.flink_job_id, say)
            with begin(url) as connection:
                deployments.stopped(connection, name=what.deployment, savepoint=savepoint)
            known = _known(url, what.deployment)
        state = newest_state(backend, known, seen)
        flink_job_id = uuid.uuid4().hex
        with begin(url) as connection:
            deployments.submitting(
                connection,
                name=what.deployment,
                flink_job_id=flink_job_id,
                restore_from=state,
                submitted=description(what),
            )
        failpoints.reach("flink-deploy.submitting")
        backend.apply(replace(what, restore_from=state, without=_gone(known, what)), flink_job_id)
        failpoints.reach("flink-deploy.submitted")
        _await_listed(backend, what.deployment, flink_job_id)
        return Submission(flink_job_id=flink_job_id, started=True, restored_from=state)


def action(backend: Backend, known: Deployment | None, what: Wanted) -> Action:
    """What a deploy would do now."""
    found = backend.diff(what.deployment)
    return Action.UPGRADE if found is Action.KEEP and differences(known, what) else found


def description(what: Wanted) -> dict[str, Any]:
    """What makes a running job another one than is wanted."""
    return {
        "jar": content_hash(what.jar)[:16],
        "sources": sorted(what.sources),
        "parallelism": what.parallelism,
    }


def differences(known: Deployment | None, what: Wanted) -> dict[str, list[Any]]:
    """Before and after, by name. Nothing is said of a job that was submitted by who knows whom."""
    if known is None or known.submitted is None:
        return {}
    return {
        name: [known.submitted.get(name), value]
        for name, value in description(what).items()
        if known.submitted.get(name) != value
    }


def stop(
    backend: Backend, deployment: str, flink_job_id: str, say: Callable[[str], None]
) -> str | None:
    """With a savepoint; the answer is where its state is now."""
    try:
        return backend.savepoint(flink_job_id)
    except FlinkRefusedError as error:
        # One that cannot take a savepoint, because it restarts for instance, ends all the same.
        say(f"No savepoint could be taken ({error}); the newest checkpoint counts instead.")
        checkpoint = backend.newest_state(flink_job_id)
        if observed(backend, deployment).state.alive:
            backend.cancel(flink_job_id)
        return checkpoint


def newest_state(backend: Backend, known: Deployment | None, seen: Observation) -> str | None:
    """Of the newest submission its newest checkpoint, else what that itself has started from.

    After an undeploy there is a savepoint and no submission: a checkpoint of the job that was
    stopped would be older.
    """
    job = known.flink_job_id if known else seen.flink_job_id
    paths = [backend.newest_state(job) if job else None, known.restore_from if known else None]
    return next((path for path in paths if path is not None and backend.usable(path)), None)


def _known(url: str, deployment: str) -> Deployment | None:
    with read(url) as connection:
        return deployments.find(connection, deployment)


def _gone(known: Deployment | None, what: Wanted) -> tuple[str, ...]:
    had = (known.submitted or {}).get("sources", ()) if known else ()
    return tuple(sorted(set(had) - set(what.sources)))


def _told(changed: dict[str, list[Any]]) -> list[str]:
    def text(value: Any) -> str:
        return ",".join(value) if isinstance(value, list) else str(value)

    return [f"{name} {text(old)} -> {text(new)}" for name, (old, new) in changed.items()]


def _await_listed(backend: Backend, deployment: str, flink_job_id: str) -> None:
    deadline = time.monotonic() + _LISTED_SECONDS
    while observed(backend, deployment).flink_job_id != flink_job_id:
        if time.monotonic() > deadline:
            raise FlinkUnavailableError(f"Flink does not list the job {flink_job_id} it accepted")
        time.sleep(0.02)
