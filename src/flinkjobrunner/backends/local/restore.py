"""Flink jobs again after a start of the JobManager, which remembers none: no file-based high
availability exists, but the checkpoints are there, and the database knows which jobs there were.

It runs while everything else starts, so it waits for what it needs: PostgreSQL, to know what is
wanted, and Kafka, which the job's sources ask at once. It does not wait for the jobs to run: there
is no TaskManager yet. Nothing that goes wrong here ends the stack: it is said, and the observer
shows the deployment as it is.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from flinkjobrunner.backends import backend_of, submission
from flinkjobrunner.backends.base import FlinkRefusedError, FlinkUnavailableError
from flinkjobrunner.backends.local.kafka import answers
from flinkjobrunner.backends.local.ports import Address
from flinkjobrunner.config import Settings
from flinkjobrunner.errors import DatabaseUnavailableError
from flinkjobrunner.store import deployments, read
from flinkjobrunner.store.deployments import Desired

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flinkjobrunner.backends.local.layout import Layout
    from flinkjobrunner.store.deployments import Deployment

_WAIT_SECONDS = 60.0
_TRY_SECONDS = 0.2
_FAULTS = (DatabaseUnavailableError, FlinkUnavailableError, FlinkRefusedError)


def restore_deployments(environment: Mapping[str, str], layout: Layout) -> None:
    """Each deployment that is to run is submitted from its newest checkpoint or savepoint."""
    settings = Settings.model_validate(dict(environment) | {"WORK_ROOT": str(layout.work_root)})
    log = layout.log("restore")

    def say(line: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {line}\n")

    wanted = _wanted(settings, say)
    if not wanted:
        return
    kafka = Address.parse(settings.kafka_bootstrap)
    if not _within(lambda: kafka.accepts() and answers(kafka)):
        say("Kafka does not answer; the jobs are submitted all the same")
    for deployment in wanted:
        _restore(settings, deployment, say)


def _wanted(settings: Settings, say: Callable[[str], None]) -> list[Deployment]:
    """None where the database is fresh, without a wait: its schema is made by the worker."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            with read(settings.database()) as connection:
                found = deployments.listing(connection) if deployments.exist(connection) else []
        except DatabaseUnavailableError as error:
            if time.monotonic() > deadline:
                say(f"nothing is restored: {error}")
                return []
            time.sleep(_TRY_SECONDS)
        else:
            return [one for one in found if one.desired is Desired.RUNNING]


def _restore(settings: Settings, deployment: Deployment, say: Callable[[str], None]) -> None:
    what = submission.wanted(
        settings, deployment=deployment.name, parallelism=deployment.parallelism
    )
    try:
        with closing(backend_of(settings)) as backend:
            submitted = submission.ensure(settings.database(), backend, what)
    except _FAULTS as error:
        say(f"{what.name} is not restored: {error}")
        return
    if not submitted.started:
        say(f"{what.name} is there already ({submitted.flink_job_id})")
    else:
        start = submitted.restored_from or "what the topics hold: it has no checkpoint"
        say(f"{what.name} is submitted from {start}")


def _within(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_TRY_SECONDS)
    return True
