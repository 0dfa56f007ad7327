"""A single Kafka broker in KRaft mode, broker and controller in one process.

The storage folder is formatted by writing its `meta.properties` here: the tool that
Kafka brings for it would start one more JVM. The cluster id in it stays for as long as
the data does.
"""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING

from flinkjobrunner.backends.local import java, logs
from flinkjobrunner.backends.local.part import Part
from flinkjobrunner.backends.local.ports import Address, free_address
from flinkjobrunner.backends.local.process import ProcessSpec, minimal_environment

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.backends.local.java import Java
    from flinkjobrunner.backends.local.layout import Layout

_JVM = (
    "-Xms64m",
    "-Xmx512m",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-Djava.awt.headless=true",
)


class Kafka(Part):
    name = "kafka"
    title = "Kafka"
    stop_stage = 1

    def __init__(self, layout: Layout, installed: Java, address: Address) -> None:
        self.address = address
        self._layout = layout
        self._java = installed
        self._controller = free_address()
        self._folder = layout.data / "kafka"
        self._properties = layout.data / "kafka.properties"
        self._program = java.Program(
            name=self.name,
            main_class="kafka.Kafka",
            jars=layout.jars("kafka"),
            jvm=_JVM,
            arguments=(str(self._properties),),
        )
        self.archive = self._archive = java.Archive(layout.archives, installed, self._program)

    def prepare(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        meta = self._folder / "meta.properties"
        if not meta.exists():
            draft = meta.with_suffix(".draft")
            draft.write_text(
                f"version=1\ncluster.id={_uuid()}\nnode.id=1\ndirectory.id={_uuid()}\n",
                encoding="utf-8",
            )
            draft.replace(meta)
        settings = broker_settings(self.address, self._controller, self._folder)
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        self._properties.write_text(lines, encoding="utf-8")

    def process(self) -> ProcessSpec:
        log = logs.options(self._layout, self.name)
        return ProcessSpec(
            command=java.command(self._java, self._program, self._archive, log),
            environment=minimal_environment(),
            output=self._layout.output(self.name),
        )

    def ready(self, _pid: int, /) -> bool:
        return self.address.accepts() and answers(self.address)


def answers(address: Address) -> bool:
    """Whether the broker serves requests; its port is open a while before it does."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    quiet = {"log_level": 0, "log.connection.close": False}
    client = AdminClient(
        {"bootstrap.servers": address.reachable, "socket.timeout.ms": 1000, **quiet}
    )
    try:
        return bool(client.list_topics(timeout=1).brokers)
    except KafkaException:
        return False


def broker_settings(address: Address, controller: Address, folder: Path) -> dict[str, object]:
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"PLAINTEXT://{address},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{address.reachable}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": folder,
        # A misspelt topic should fail, and `setup` makes the topics with the settings they need.
        "auto.create.topics.enable": "false",
        "num.partitions": 4,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.segment.bytes": 128 * 1024 * 1024,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        "controlled.shutdown.max.retries": 1,
    }


def _uuid() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
