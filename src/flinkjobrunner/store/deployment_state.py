"""The state of a deployment, as users see it: a function of desired, observed and freshness.

Nothing is guessed. What was seen too long ago is not what is: the state is STALE then, since the
moment of the last look, whatever that look saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from flinkjobrunner.store.deployments import Desired

if TYPE_CHECKING:
    from datetime import datetime

    from flinkjobrunner.store.deployments import Deployment

# The observer looks every second; after so many missed looks nobody knows any more.
FRESH = timedelta(seconds=10)
# So long a deploy may take from its activation to the submission of its Flink job.
_SUBMITTED_AFTER = timedelta(seconds=60)


class DeploymentState(StrEnum):
    STARTING = "STARTING"  # wanted, and its Flink job does not run yet
    UPDATING = "UPDATING"  # runs; not every instance has acknowledged the newest program
    RUNNING = "RUNNING"
    RESTARTING = "RESTARTING"  # Flink mends it by itself
    FAILED = "FAILED"  # wanted, and its Flink job has ended or is not there
    STOPPING = "STOPPING"  # not wanted, and still there
    UNDEPLOYED = "UNDEPLOYED"
    STALE = "STALE"


@dataclass(frozen=True, kw_only=True)
class StateSince:
    state: DeploymentState
    since: datetime


_WANTED = {
    "STARTING": DeploymentState.STARTING,
    "RUNNING": DeploymentState.RUNNING,
    "RESTARTING": DeploymentState.RESTARTING,
    # It ends, though nobody asked for that here.
    "STOPPING": DeploymentState.RESTARTING,
}
# Flink still lists a job for a while that was stopped for an upgrade.
_NOT_THERE = frozenset({"ABSENT", "FINISHED", "CANCELED"})
_UNWANTED_BUT_THERE = frozenset(_WANTED)


def state_of(deployment: Deployment, now: datetime) -> StateSince:
    seen_at, seen_since = deployment.observed_at, deployment.observed_since
    if deployment.observed is None or seen_at is None or seen_since is None:
        if now - deployment.desired_since > FRESH:
            return StateSince(state=DeploymentState.STALE, since=deployment.desired_since)
        return StateSince(state=_unseen(deployment), since=deployment.desired_since)
    if now - seen_at > FRESH:
        return StateSince(state=DeploymentState.STALE, since=seen_at)
    since = max(seen_since, deployment.desired_since)
    if _about_to_start(deployment, now):
        return StateSince(state=DeploymentState.STARTING, since=deployment.desired_since)
    return StateSince(state=_fresh(deployment, deployment.observed), since=since)


def _about_to_start(deployment: Deployment, now: datetime) -> bool:
    return (
        deployment.desired is Desired.RUNNING
        and deployment.observed in _NOT_THERE
        and deployment.flink_job_id is None
        and now - deployment.desired_since < _SUBMITTED_AFTER
    )


def _unseen(deployment: Deployment) -> DeploymentState:
    if deployment.desired is Desired.UNDEPLOYED:
        return DeploymentState.UNDEPLOYED
    return DeploymentState.STARTING


def _fresh(deployment: Deployment, observed: str) -> DeploymentState:
    if deployment.desired is Desired.UNDEPLOYED:
        there = observed in _UNWANTED_BUT_THERE
        return DeploymentState.STOPPING if there else DeploymentState.UNDEPLOYED
    state = _WANTED.get(observed, DeploymentState.FAILED)
    if state is DeploymentState.RUNNING and deployment.acknowledged_epoch < deployment.epoch:
        return DeploymentState.UPDATING
    return state
