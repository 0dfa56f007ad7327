"""Runs a step as its job sees it: started, finished or failed in the queue, the result recorded.

Whatever a step raises ends as an error with a stable code; a dependency that is away has one too,
so that nobody has to read a traceback to learn that Kafka is down.
"""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints
from flinkjobrunner.errors import (
    ConfigurationError,
    DatabaseUnavailableError,
    FencedError,
    Problem,
)
from flinkjobrunner.jobs import steps
from flinkjobrunner.jobs.model import JobError, steps_of
from flinkjobrunner.telemetry import redact
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flinkjobrunner.workflow.steps.base import Work

STEPS = {
    name: f"flinkjobrunner.workflow.steps.{name.replace('-', '_')}"
    for name in ("setup", "validate", "plan", "flink-deploy", "flink-undeploy")
}


def run(work: Work, name: str) -> bool:
    """Whether it succeeded. `FencedError` means that the attempt is another one's by now."""
    # In a target of the operator's own a step of ours is a part that the queue does not know.
    known = name in steps_of(work.request["target"])
    try:
        if known:
            steps.start(work.job_id, name, work.attempt)
        failpoints.reach(f"step.{name}.before")
        result = import_module(STEPS[name]).run(work)
        failpoints.reach(f"step.{name}.done")
        if result:
            steps.record_result(work.job_id, work.attempt, result)
        if known:
            steps.finish(work.job_id, name, work.attempt)
        failpoints.reach(f"step.{name}.recorded")
    except FencedError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the job has to hear of it
        failed = explained(error)
        work.say(_line(failed))
        if known:
            _report(work, name, failed)
        return False
    return True


def explained(error: Exception) -> StepError:
    """The error in the words of the job; an unexpected one leaves its traceback on stderr."""
    if isinstance(error, StepError):
        return error
    if isinstance(error, Problem):
        return StepError(error.code, error.detail or error.title, error.hint)
    for kind, code, hint in _expected():
        if isinstance(error, kind):
            return StepError(code, str(error), hint)
    sys.stderr.write(redact("".join(traceback.format_exception(error))))
    return StepError(
        "internal-error",
        f"{type(error).__name__}: {error}",
        "This is a fault of FlinkJobRunner; the log of the job has the traceback.",
    )


def _expected() -> Iterator[tuple[type[Exception], str, str]]:
    """What may happen to any step through no fault of its input."""
    # Imported only when something happened: most steps end without.
    from flinkjobrunner.backends.base import FlinkRefusedError, FlinkUnavailableError
    from flinkjobrunner.kafka.producer import KafkaUnavailableError, RecordRefusedError

    where = "Is it running, and does {} say where?"
    yield ConfigurationError, "bad-configuration", ""
    yield DatabaseUnavailableError, "database-unavailable", where.format("RUNNER_DATABASE_URL")
    yield KafkaUnavailableError, "kafka-unavailable", where.format("RUNNER_KAFKA_BOOTSTRAP")
    yield FlinkUnavailableError, "flink-unavailable", where.format("RUNNER_FLINK_URL")
    yield FlinkRefusedError, "flink-refused", "Flink's own log says more."
    yield RecordRefusedError, "kafka-refused", "Look at the limits of the topic."


def _line(error: StepError) -> str:
    return f"error: {error.message} [{error.code}] {error.hint}".rstrip()


def _report(work: Work, name: str, error: StepError) -> None:
    try:
        steps.fail(
            work.job_id,
            name,
            work.attempt,
            JobError(code=error.code, message=error.message, hint=error.hint),
        )
    except DatabaseUnavailableError:
        # The worker, once it reaches the database again, reports the end of the log instead.
        work.say("The failure could not be recorded: the database does not answer.")
