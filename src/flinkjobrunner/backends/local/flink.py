"""A Flink session cluster: a JobManager and a TaskManager from plain jars.

There is no Flink distribution of version 2 among the published jars, hence no start
script that computes the memory of the processes: every memory key is written here, and
the JVM options repeat them.
"""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flinkjobrunner.backends.local import logs
from flinkjobrunner.backends.local.java import FLINK_MODULES, Archive, Program, command
from flinkjobrunner.backends.local.part import Part
from flinkjobrunner.backends.local.ports import LOOPBACK, Address, free_address
from flinkjobrunner.backends.local.process import ProcessSpec, minimal_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flinkjobrunner.backends.local.java import Java
    from flinkjobrunner.backends.local.layout import Layout

_CLASSES = "org.apache.flink.runtime"
_JOBMANAGER_JVM = (
    "-Xms96m",
    "-Xmx384m",
    "-XX:MaxMetaspaceSize=192m",
    "-XX:+UseSerialGC",
    # It coordinates; what it computes never gets hot enough for the optimizing compiler.
    "-XX:TieredStopAtLevel=1",
    *FLINK_MODULES,
)
_TASKMANAGER_JVM = (
    "-Xms768m",
    "-Xmx1024m",
    "-XX:MaxDirectMemorySize=320m",
    "-XX:MaxMetaspaceSize=192m",
    "-XX:+UseParallelGC",
    # Hardly anything that an update brings outlives it, but much is on its way at any time: with
    # room for that, young collections are short and nothing of it fills the old generation.
    "-Xmn256m",
    *FLINK_MODULES,
)
SLOTS = 4


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What the two processes share."""

    layout: Layout
    java: Java
    rest: Address
    rpc: Address

    @classmethod
    def of(cls, layout: Layout, installed: Java, rest: Address) -> Cluster:
        return cls(layout=layout, java=installed, rest=rest, rpc=free_address())

    @property
    def folder(self) -> Path:
        return self.layout.data / "flink"

    @property
    def url(self) -> str:
        return f"http://{self.rest.reachable}"

    def program(self, name: str, main_class: str, jvm: tuple[str, ...]) -> Program:
        return Program(name=name, main_class=main_class, jars=self.layout.jars("flink"), jvm=jvm)

    def process(self, program: Program, archive: Archive, *arguments: str) -> ProcessSpec:
        # Each process has its own copy, so that none reads a file that another is writing.
        configuration = self.folder / "conf" / program.name
        configuration.mkdir(parents=True, exist_ok=True)
        # Quoted as JSON, which is YAML too: a folder's name may hold anything.
        lines = [f"{key}: {json.dumps(str(value))}\n" for key, value in settings(self).items()]
        (configuration / "config.yaml").write_text("".join(lines), encoding="utf-8")
        program_line = command(self.java, program, archive, logs.options(self.layout, program.name))
        return ProcessSpec(
            command=(*program_line, "--configDir", str(configuration), *arguments),
            environment={
                **minimal_environment(),
                "FLINK_CONF_DIR": str(configuration),
                "FLINK_LIB_DIR": str(self.layout.runtime / "flink"),
            },
            output=self.layout.output(program.name),
        )


def settings(cluster: Cluster) -> dict[str, object]:
    folder = cluster.folder
    return {
        "jobmanager.rpc.address": cluster.rpc.host,
        "jobmanager.rpc.port": cluster.rpc.port,
        "jobmanager.bind-host": LOOPBACK,
        "jobmanager.memory.heap.size": "384m",
        "jobmanager.memory.off-heap.size": "64m",
        "jobmanager.memory.jvm-metaspace.size": "192m",
        "jobmanager.memory.jvm-overhead.min": "64m",
        "jobmanager.memory.jvm-overhead.max": "64m",
        "taskmanager.host": LOOPBACK,
        "taskmanager.bind-host": LOOPBACK,
        "taskmanager.numberOfTaskSlots": SLOTS,
        "taskmanager.cpu.cores": 2.0,
        "taskmanager.memory.task.heap.size": "896m",
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.task.off-heap.size": "64m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.network.min": "64m",
        "taskmanager.memory.network.max": "64m",
        "taskmanager.memory.managed.size": "128m",
        "taskmanager.memory.jvm-metaspace.size": "192m",
        "taskmanager.memory.jvm-overhead.min": "128m",
        "taskmanager.memory.jvm-overhead.max": "128m",
        "rest.address": cluster.rest.host,
        "rest.bind-address": cluster.rest.host,
        "rest.port": cluster.rest.port,
        "io.tmp.dirs": folder / "tmp",
        "web.upload.dir": folder / "upload",
        # Three seconds by default, which hide every change of a job's state for so long.
        "web.refresh-interval": 100,
        "parallelism.default": 2,
        "pipeline.max-parallelism": 128,
        "execution.buffer-timeout": "5ms",
        "execution.checkpointing.interval": "5s",
        "execution.checkpointing.dir": _uri(folder / "checkpoints"),
        "execution.checkpointing.savepoint-dir": _uri(folder / "savepoints"),
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "execution.checkpointing.max-concurrent-checkpoints": 1,
        "state.backend.type": "hashmap",
        "restart-strategy.type": "exponential-delay",
        "restart-strategy.exponential-delay.initial-backoff": "200ms",
        "restart-strategy.exponential-delay.max-backoff": "10s",
        "jobmanager.execution.failover-strategy": "region",
        "heartbeat.interval": 1000,
        "heartbeat.timeout": 8000,
        "slot.request.timeout": 120000,
        "classloader.resolve-order": "parent-first",
    }


class JobManager(Part):
    name = "jobmanager"
    title = "Flink JobManager"
    # A TaskManager would notice only after its time-outs that its JobManager is another one.
    takes_along = ("taskmanager",)

    def __init__(self, cluster: Cluster, restore: Callable[[], None]) -> None:
        self._cluster = cluster
        self._restore = restore
        self._program = cluster.program(
            self.name,
            f"{_CLASSES}.entrypoint.StandaloneSessionClusterEntrypoint",
            _JOBMANAGER_JVM,
        )
        self.archive = self._archive = Archive(cluster.layout.archives, cluster.java, self._program)

    def prepare(self) -> None:
        # Uploaded jars and blobs belong to jobs of the process that has ended.
        for name in ("tmp", "upload"):
            shutil.rmtree(self._cluster.folder / name, ignore_errors=True)
        for name in ("tmp", "upload", "checkpoints", "savepoints"):
            (self._cluster.folder / name).mkdir(parents=True, exist_ok=True)

    def process(self) -> ProcessSpec:
        return self._cluster.process(self._program, self._archive, "--executionMode", "cluster")

    def ready(self, _pid: int, /) -> bool:
        return self._cluster.rest.accepts() and _answers(f"{self._cluster.url}/overview")

    def when_ready(self) -> None:
        """It remembers no job of the process before it."""
        self._restore()


class TaskManager(Part):
    name = "taskmanager"
    title = "Flink TaskManager"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._program = cluster.program(
            self.name, f"{_CLASSES}.taskexecutor.TaskManagerRunner", _TASKMANAGER_JVM
        )
        self.archive = self._archive = Archive(cluster.layout.archives, cluster.java, self._program)
        self._resource = ""

    def process(self) -> ProcessSpec:
        self._resource = f"taskmanager-{time.time_ns()}"
        return self._cluster.process(
            self._program, self._archive, "-D", f"taskmanager.resource-id={self._resource}"
        )

    def ready(self, _pid: int, /) -> bool:
        """Whether the JobManager knows it and may use its slots."""
        return self._cluster.rest.accepts() and _answers(
            f"{self._cluster.url}/taskmanagers/{self._resource}"
        )


def _uri(folder: Path) -> str:
    """As Flink reads it: not percent-encoded."""
    return f"file://{folder}"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except OSError:
        return False
