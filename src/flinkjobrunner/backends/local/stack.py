"""The whole stack: which parts it has by the settings, and its life from lock to last process.

PostgreSQL is embedded unless a database is configured, Kafka and Flink are with the
backend `local`; the web server and the worker always belong to it.
"""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from flinkjobrunner.backends.local import findings, java, leftovers, logs, stackfile
from flinkjobrunner.backends.local.flink import Cluster, JobManager, TaskManager
from flinkjobrunner.backends.local.kafka import Kafka
from flinkjobrunner.backends.local.layout import Layout
from flinkjobrunner.backends.local.ports import Address, free_address
from flinkjobrunner.backends.local.postgres import Postgres
from flinkjobrunner.backends.local.restore import restore_deployments
from flinkjobrunner.backends.local.service import Web, Worker
from flinkjobrunner.backends.local.supervisor import State, Supervisor
from flinkjobrunner.config import Backend, load_settings
from flinkjobrunner.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from flinkjobrunner.backends.local.part import Part
    from flinkjobrunner.backends.local.supervisor import Status
    from flinkjobrunner.config import Settings

# By then a first job is usually at work, so that the archives hold its classes too.
_ARCHIVES_AFTER_SECONDS = 30.0


class Stack:
    """A context: entering starts everything and returns when all is ready; leaving ends it."""

    def __init__(self, told: Callable[[Status], None], announce: Callable[[str], None]) -> None:
        self._told = told
        self._announce = announce
        self._exit = ExitStack()
        self._ended = threading.Event()
        self._writing = threading.Lock()
        self._archivist = threading.Thread(target=self._write_archives, name="archivist")
        self._ready = False
        self.started_at = datetime.now(UTC)

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            self._start(undo)
            self._exit = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exit.close()

    def _start(self, undo: ExitStack) -> None:
        self.layout = layout_of(load_settings())
        self.layout.create()
        undo.enter_context(stackfile.only_one(self.layout))
        clear_leftovers(self.layout)
        # Only now the settings are what the environment says: what the file of an earlier
        # stack says about addresses is past.
        self.settings = resolved(load_settings())
        embedded = self.settings.backend is Backend.LOCAL
        findings.require(start_findings(self.settings, self.layout))
        logs.write_configuration(self.layout)
        self._parts = self._make_parts(embedded=embedded)
        self._supervisor = Supervisor(
            self._parts, leftovers.mark_of(self.layout.work_root), self._changed
        )
        undo.callback(stackfile.remove, self.layout)
        undo.callback(self._join_archivist)
        undo.callback(self._supervisor.stop)
        undo.callback(self._ended.set)
        self._write(ready=False)
        self._supervisor.start()
        self._supervisor.wait_ready()
        self._write(ready=True)
        self._archivist.start()

    def _make_parts(self, *, embedded: bool) -> list[Part]:
        parts: list[Part] = []
        if self.settings.database_url is None:
            database = Postgres(self.layout)
            parts.append(database)
            self.settings = self.settings.model_copy(update={"database_url": database.url})
        if embedded:
            parts += self._embedded_parts()
        address = Address(host=self.settings.bind, port=self.settings.port)
        web = Web(self.layout, self._environment, address, self._announce)
        self.settings = self.settings.model_copy(update={"service_url": web.url})
        return [*parts, web, Worker(self.layout, self._environment)]

    def _embedded_parts(self) -> list[Part]:
        installed = java.find()
        cluster = Cluster.of(self.layout, installed, Address.parse(self.settings.flink_url))
        return [
            Kafka(self.layout, installed, Address.parse(self.settings.kafka_bootstrap)),
            JobManager(cluster, lambda: restore_deployments(self._environment(), self.layout)),
            TaskManager(cluster),
        ]

    def _environment(self) -> dict[str, str]:
        return {
            **self.settings.environment(),
            "RUNNER_BIND": self.settings.bind,
            "RUNNER_PORT": str(self.settings.port),
            "FLINKJOBRUNNER_URL": self.settings.service_url,
        }

    def _changed(self, status: Status) -> None:
        self._write(ready=None)
        self._told(status)

    def _write(self, *, ready: bool | None) -> None:
        with self._writing:
            if ready is not None:
                self._ready = ready
            stackfile.write(self.layout, self._content())

    def _content(self) -> dict[str, Any]:
        statuses = self._supervisor.statuses()
        return {
            "pids": {"up": os.getpid()}
            | {status.name: status.pid for status in statuses if status.pid},
            "parts": {
                status.name: {
                    "state": status.state.value,
                    "since": datetime.fromtimestamp(status.since, UTC).isoformat(),
                    "restarts": status.restarts,
                }
                for status in statuses
            },
            "database_url": self.settings.database_url,
            "kafka_bootstrap": self.settings.kafka_bootstrap,
            "flink_url": self.settings.flink_url,
            "service_url": self.settings.service_url,
            "started_at": self.started_at.isoformat(),
            "ready": self._ready,
        }

    def _join_archivist(self) -> None:
        """By now its programs have ended, so that it has nothing to wait for."""
        if self._archivist.is_alive():
            self._archivist.join()

    def _write_archives(self) -> None:
        java.remove_drafts(self.layout.archives)
        if self._ended.wait(_ARCHIVES_AFTER_SECONDS):
            return
        running = {status.name: status for status in self._supervisor.statuses()}
        for part in self._parts:
            status = running[part.name]
            if part.archive and status.pid and status.state is State.READY:
                part.archive.write(status.pid)
            if self._ended.is_set():
                return


def layout_of(settings: Settings) -> Layout:
    return Layout(work_root=settings.work_root.resolve(), runtime=settings.runtime.resolve())


def clear_leftovers(layout: Layout) -> int:
    """Ends what a stack left behind whose supervisor was killed; how many processes it was."""
    found = leftovers.find(layout.work_root)
    leftovers.end(found, grace=10)
    stackfile.remove(layout)
    return len(found)


def resolved(settings: Settings) -> Settings:
    """With a free port wherever the settings ask for port 0."""
    update: dict[str, object] = {}
    if settings.port == 0:
        update["port"] = free_address().port
    if settings.backend is Backend.LOCAL:
        kafka = _address("RUNNER_KAFKA_BOOTSTRAP", settings.kafka_bootstrap)
        flink = _address("RUNNER_FLINK_URL", settings.flink_url)
        update["kafka_bootstrap"] = str(kafka.with_port())
        update["flink_url"] = f"http://{flink.with_port()}"
    return settings.model_copy(update=update)


def _address(variable: str, text: str) -> Address:
    try:
        return Address.parse(text)
    except ValueError as error:
        raise ConfigurationError(f"{variable}: {error}") from None


def start_findings(settings: Settings, layout: Layout) -> list[findings.Finding]:
    found = [findings.disk_free(layout.work_root)]
    if settings.backend is Backend.LOCAL:
        found = [findings.java_found(), findings.jars_found(layout), *found]
    return [*found, *findings.ports_free(public_addresses(settings))]


def public_addresses(settings: Settings) -> dict[str, tuple[str, Address]]:
    """The ports that users know, by the variable that sets them."""
    addresses = {
        "RUNNER_PORT": ("web server", Address(host=settings.bind, port=settings.port)),
    }
    if settings.backend is Backend.LOCAL:
        for variable, title, text in (
            ("RUNNER_KAFKA_BOOTSTRAP", "Kafka", settings.kafka_bootstrap),
            ("RUNNER_FLINK_URL", "Flink", settings.flink_url),
        ):
            addresses[variable] = (title, _address(variable, text))
    return addresses
