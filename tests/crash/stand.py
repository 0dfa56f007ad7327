"""PostgreSQL, Kafka and Flink for many trials, kept running by the product's own supervisor.

Web servers and workers are not of it: each trial kills some, and starts them again itself, so that
a restart waits for nobody and happens when the trial says so.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from flinkjobrunner.backends.local import java, leftovers, logs
from flinkjobrunner.backends.local.flink import Cluster, JobManager, TaskManager
from flinkjobrunner.backends.local.kafka import Kafka
from flinkjobrunner.backends.local.layout import Layout
from flinkjobrunner.backends.local.ports import free_address
from flinkjobrunner.backends.local.postgres import Postgres
from flinkjobrunner.backends.local.restore import restore_deployments
from flinkjobrunner.backends.local.supervisor import State, Supervisor
from flinkjobrunner.config import Settings, get_settings
from support.service import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Stand:
    """`settings` are those of the deployments that a JobManager gets back after its death."""

    settings: Settings
    supervisor: Supervisor
    layout: Layout

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator[Stand]:
        layout = Layout(work_root=folder.resolve(), runtime=get_settings().runtime.resolve())
        layout.create()
        logs.write_configuration(layout)
        installed = java.find()
        database, kafka = Postgres(layout), Kafka(layout, installed, free_address())
        cluster = Cluster.of(layout, installed, free_address())
        settings = Settings(
            work_root=layout.work_root,
            database_url=database.url,
            kafka_bootstrap=str(kafka.address),
            flink_url=cluster.url,
        )
        environment = settings.environment()
        jobmanager = JobManager(cluster, lambda: restore_deployments(environment, layout))
        supervisor = Supervisor(
            [database, kafka, jobmanager, TaskManager(cluster)],
            leftovers.mark_of(layout.work_root),
            lambda _status: None,
        )
        supervisor.start()
        try:
            supervisor.wait_ready()
            yield cls(settings=settings, supervisor=supervisor, layout=layout)
        finally:
            supervisor.stop()

    def database(self, name: str) -> str:
        """The URL of a new database."""
        url = self.settings.database()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return url.rpartition("/")[0] + f"/{name}"

    def pid(self, part: str) -> int:
        (status,) = [one for one in self.supervisor.statuses() if one.name == part]
        assert status.pid is not None, f"{part} is not running: {status}"
        return status.pid

    def kill(self, part: str) -> None:
        """Returns when another process does its work."""
        before = self.pid(part)
        os.kill(before, signal.SIGKILL)
        until(lambda: self._replaced(part, before), lambda: f"{part} did not come back", 90)

    def signal(self, part: str, number: signal.Signals) -> None:
        os.killpg(self.pid(part), number)

    def _replaced(self, part: str, before: int) -> bool:
        (status,) = [one for one in self.supervisor.statuses() if one.name == part]
        return status.state is State.READY and status.pid not in (None, before)
