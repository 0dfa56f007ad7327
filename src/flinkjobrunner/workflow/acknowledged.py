"""Waiting until a deployment validates with its new program: Flink says RUNNING, and so do all
instances. It ends early when the job has failed for good, and explains itself when it gives up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flinkjobrunner.backends.base import FlinkUnavailableError, JobState
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flinkjobrunner.backends.base import Observation
    from flinkjobrunner.kafka.status import Acknowledgements


@dataclass(frozen=True, kw_only=True)
class Patience:
    seconds: float = 180.0
    # Between two looks at Flink; acknowledgements are read meanwhile.
    look_seconds: float = 0.1
    # A JobManager that was restarted may need so long to get its jobs back.
    absent_seconds: float = 30.0


def wait(
    look: Callable[[], Observation],
    cause: Callable[[str], str],
    said: Acknowledgements,
    *,
    epoch: int,
    flink_job_id: str,
    say: Callable[[str], None],
    patience: Patience,
    converged: bool = False,
) -> Observation:
    """`look` observes the job now; `cause` says why it failed last. `converged`: until every entity
    that was there is judged by the program, not only what changes from now on."""
    began = time.monotonic()
    present_at = began
    told: tuple[JobState, str] | None = None
    while True:
        seen = _look(look)
        missing = said.missing(epoch, converged=converged)
        now = time.monotonic()
        if seen is not None:
            present_at = present_at if seen.state is JobState.ABSENT else now
            if now - present_at > patience.absent_seconds:
                raise _gone(flink_job_id)
            _insist_not_ended(seen, cause, flink_job_id)
            if seen.state is JobState.RUNNING and not missing:
                return seen
            if seen.state is not JobState.RUNNING and (seen.state, seen.detail) != told:
                told = (seen.state, seen.detail)
                say(f"the Flink job is {seen.state}" + (f": {seen.detail}" * bool(seen.detail)))
        if now - began > patience.seconds:
            raise _given_up(seen, missing, cause, flink_job_id, patience)
        # Once everybody has spoken, only Flink is still waited for.
        said.poll(patience.look_seconds)


def _look(look: Callable[[], Observation]) -> Observation | None:
    try:
        return look()
    except FlinkUnavailableError:
        # A JobManager that is restarted comes back, and the job with it.
        return None


def _gone(flink_job_id: str) -> StepError:
    return StepError(
        "flink-job-gone",
        f"Flink does not know the job {flink_job_id} any more",
        "Was the JobManager restarted? Run the job again.",
    )


def _insist_not_ended(seen: Observation, cause: Callable[[str], str], flink_job_id: str) -> None:
    if seen.state.alive or seen.state is JobState.ABSENT:
        return
    why = cause(seen.flink_job_id or flink_job_id)
    raise StepError(
        "flink-job-failed",
        f"the Flink job is {seen.state}: {why or 'it gives no reason'}",
        "Flink's own log has the whole stack trace.",
    )


def _given_up(
    seen: Observation | None,
    missing: str,
    cause: Callable[[str], str],
    flink_job_id: str,
    patience: Patience,
) -> StepError:
    after = f"after {patience.seconds:.0f} s"
    if seen is None:
        return StepError("flink-unavailable", f"Flink does not answer {after}")
    if seen.state is JobState.RUNNING:
        return StepError(
            "not-acknowledged",
            f"the Flink job runs, but {after} {missing}",
            "The log of the TaskManager may say why; the program stays published.",
        )
    why = cause(seen.flink_job_id or flink_job_id)
    detail = f" ({seen.detail})" if seen.detail else ""
    return StepError(
        "not-running",
        f"the Flink job is {seen.state}{detail} {after}" + (f": {why}" if why else ""),
        "Are there free slots for it, and can it reach Kafka?",
    )
