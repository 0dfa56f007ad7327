"""What the database has against a new job, told at once rather than by a job that fails.

Only what is certain is refused here. While another job of the deployment waits or runs nothing is:
what is so then will not be so when this job's turn comes, and its step looks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.errors import Problem
from flinkjobrunner.jobs.model import steps_of
from flinkjobrunner.store import deployments, programs
from flinkjobrunner.store import jobs as store
from flinkjobrunner.store.deployments import Desired

if TYPE_CHECKING:
    from flinkjobrunner.jobs.request import JobRequest
    from flinkjobrunner.store import Connection, Row


def admit(connection: Connection, job_id: str, request: JobRequest) -> None:
    program, digest = request.options.program, request.options.plan_digest
    if program is not None and not programs.exists(connection, program):
        raise Problem(
            status=409,
            code="program-unknown",
            title="There is no such program",
            detail=f"No program {program} was ever deployed here.",
            hint="GET /deployments/{name} lists the programs that a deployment has had.",
        )
    if digest is None or "flink-deploy" not in steps_of(request.target):
        return
    if store.has_others(connection, request.deployment, job_id):
        return
    plan = store.planned(connection, digest)
    if plan is not None and _stale(connection, plan, request.deployment):
        raise Problem(
            status=409,
            code="plan-stale",
            title="The plan is stale",
            detail=f"What a deploy of {request.deployment} would change is not what job"
            f" {plan['job_id']} has planned as {digest}.",
            hint="Something has changed since: look at a new plan, then deploy with its digest.",
        )


def _stale(connection: Connection, plan: Row, deployment: str) -> bool:
    """Whether the plan cannot fit any more, whatever its inputs and whatever Flink does."""
    if plan["deployment"] != deployment:
        return True
    changes = plan["result"]["plan"]["changes"]
    known = deployments.find(connection, deployment)
    if changes["program"]["from"] != (known.digest if known else None):
        return True
    stopped = known is not None and known.desired is Desired.UNDEPLOYED
    return stopped and changes["flinkJob"]["action"] == "keep"
