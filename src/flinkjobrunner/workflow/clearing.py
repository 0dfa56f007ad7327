"""Clearing what a deployment has raised, before it goes for good (`undeploy --purge`).

Nobody but its Flink job can clear an alert on every output and with the right sequence number. So
it is given a program without shapes, by which nothing is violated, and runs until every entity was
judged by it. A job that does not run is started for that once more, from what it knew.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends import submission
from flinkjobrunner.backends.base import observed
from flinkjobrunner.kafka.status import Acknowledgements
from flinkjobrunner.store import deployments, overview, programs, read
from flinkjobrunner.workflow.acknowledged import Patience, wait
from flinkjobrunner.workflow.compilation import Compiled
from flinkjobrunner.workflow.publication import publish, timed

if TYPE_CHECKING:
    from flinkjobrunner.backends.base import Backend
    from flinkjobrunner.workflow.steps.base import Work


@dataclass(frozen=True, kw_only=True)
class Projected:
    """How long the projector may take to write down what the job has cleared."""

    seconds: float = 30.0
    look_seconds: float = 0.1


def clear(work: Work, backend: Backend, projected: Projected | None = None) -> int:
    """How many alerts stood before. Afterwards the job has told that none does."""
    url = work.settings.database()
    with read(url) as connection:
        known = deployments.find(connection, work.deployment)
        active = programs.content(connection, known.digest) if known else None
    standing = _standing(url, work.deployment)
    if known is None or active is None:
        return 0
    if not standing and not observed(backend, work.deployment).state.alive:
        return 0
    with Acknowledgements(work.settings.kafka_bootstrap, work.deployment) as said:
        activation = publish(work, without_shapes(active), said.highest_epoch)
        what = submission.wanted(
            work.settings, deployment=work.deployment, parallelism=known.parallelism
        )
        submitted = submission.ensure(url, backend, what, say=work.say)
        if submitted.started:
            said.forget()
        with timed(work) as told:
            wait(
                lambda: observed(backend, work.deployment),
                backend.cause,
                said,
                epoch=activation.epoch,
                flink_job_id=submitted.flink_job_id,
                say=work.say,
                patience=Patience(),
                converged=True,
            )
            told("every entity was judged by a program without shapes")
    _await_projector(work, projected or Projected())
    return standing


def without_shapes(program: bytes) -> Compiled:
    """Of the same format; how values are read stays, as if it mattered."""
    document: dict[str, Any] = json.loads(program)
    document |= {
        "shapes": {},
        "units": [],
        "knowledge": {"superClasses": {}, "triples": []},
    }
    content = json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    return Compiled(
        program=content,
        digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        diagnostics=(),
        summary={"shapes": 0, "constraints": 0, "knowledgeTriples": 0},
        sources={},
        inputs_hash="",
    )


def _await_projector(work: Work, projected: Projected) -> None:
    """It reads the topic by itself; whoever looks after this job should find nothing standing."""
    deadline = time.monotonic() + projected.seconds
    while left := _standing(work.settings.database(), work.deployment):
        if time.monotonic() > deadline:
            work.say(f"{left} alerts are cleared on Kafka, and not yet in the database.")
            return
        time.sleep(projected.look_seconds)


def _standing(url: str, deployment: str) -> int:
    with read(url) as connection:
        found = overview.standing_by_constraint(connection, deployment)
    return sum(count for _, _, count in found)
