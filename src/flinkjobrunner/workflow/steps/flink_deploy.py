"""`flink-deploy`: makes the deployment's Flink job run with these shapes and this knowledge.

The order is what makes a crash at any point harmless: the program and its epoch are rows first,
then records on Kafka, then a Flink job if there is none. Each part finds what an earlier attempt
has done. It ends when Flink reports the job RUNNING and every instance has acknowledged.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends import backend_of, submission
from flinkjobrunner.backends.base import observed
from flinkjobrunner.kafka.status import Acknowledgements
from flinkjobrunner.store import begin, deployments, read
from flinkjobrunner.workflow import changes
from flinkjobrunner.workflow.acknowledged import Patience, wait
from flinkjobrunner.workflow.publication import publish, timed
from flinkjobrunner.workflow.steps.base import StepError
from flinkjobrunner.workflow.wanted import program_of

if TYPE_CHECKING:
    from flinkjobrunner.backends.base import Backend, Observation
    from flinkjobrunner.backends.submission import Submission
    from flinkjobrunner.store.deployments import Activation
    from flinkjobrunner.workflow.compilation import Compiled
    from flinkjobrunner.workflow.steps.base import Work


def run(work: Work) -> dict[str, Any]:
    compiled = program_of(work)
    with (
        closing(backend_of(work.settings)) as backend,
        Acknowledgements(work.settings.kafka_bootstrap, work.deployment) as said,
    ):
        _insist_on_plan(work, backend, compiled)
        activation = publish(work, compiled, said.highest_epoch)
        submitted = _submit(work, backend)
        if submitted.started:
            said.forget()
        seen = _await(work, backend, said, activation, submitted)
    _record(work, activation, seen)
    return {
        "deployment": {
            "name": work.deployment,
            "program": compiled.digest,
            "epoch": activation.epoch,
            "flinkJobId": seen.flink_job_id,
            "started": submitted.started,
            "restoredFrom": submitted.restored_from,
            "summary": compiled.summary,
        }
    }


def _insist_on_plan(work: Work, backend: Backend, compiled: Compiled) -> None:
    """What an earlier attempt of this job has already begun cannot be planned any more."""
    wanted = work.options.get("planDigest")
    if wanted is None:
        return
    with read(work.settings.database()) as connection:
        if deployments.activated_by(connection, work.deployment, work.job_id):
            return
    plan = changes.of(work, backend, compiled)
    if plan.digest != wanted:
        raise StepError(
            "plan-stale",
            f"what a deploy would change now is {plan.digest}, not what was planned",
            "Something has changed since: look at a new plan, then deploy with its digest.",
        )
    work.say(f"plan: as planned ({plan.digest[:19]})")


def _submit(work: Work, backend: Backend) -> Submission:
    wanted = submission.wanted(
        work.settings, deployment=work.deployment, parallelism=work.settings.parallelism
    )
    with timed(work) as told:
        submitted = submission.ensure(
            work.settings.database(), backend, wanted, upgrade=True, say=work.say
        )
        if not submitted.started:
            told(f"Flink job {wanted.name} is there and stays ({submitted.flink_job_id})")
        elif submitted.restored_from:
            told(f"Flink job {wanted.name} submitted, from {submitted.restored_from}")
        else:
            told(f"Flink job {wanted.name} submitted; it starts from what the topics hold")
    return submitted


def _await(
    work: Work,
    backend: Backend,
    said: Acknowledgements,
    activation: Activation,
    submitted: Submission,
) -> Observation:
    with timed(work) as told:
        seen = wait(
            lambda: observed(backend, work.deployment),
            backend.cause,
            said,
            epoch=activation.epoch,
            flink_job_id=submitted.flink_job_id,
            say=work.say,
            patience=Patience(),
        )
        told(f"RUNNING, and every instance has acknowledged epoch {activation.epoch}")
    return seen


def _record(work: Work, activation: Activation, seen: Observation) -> None:
    """At once, so that nobody sees an older state than the one that this job reports."""
    with begin(work.settings.database()) as connection:
        deployments.acknowledged(connection, name=work.deployment, epoch=activation.epoch)
        deployments.observe(
            connection,
            name=work.deployment,
            state=seen.state.value,
            detail=seen.detail,
            flink_job_id=seen.flink_job_id,
        )
