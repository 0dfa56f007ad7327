"""A real Kafka broker for tests: starts in about three seconds, dies and comes back on demand."""

from __future__ import annotations

import base64
import shutil
import signal
import socket
import subprocess
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

ROOT = Path(__file__).parents[2]
JARS = ROOT / "build" / "runtime" / "kafka"
START_SECONDS = 60.0
QUIET = {"log_level": 0}

LOG4J = """
rootLogger.level = WARN
rootLogger.appenderRef.out.ref = OUT
appender.out.type = Console
appender.out.name = OUT
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(kw_only=True)
class Broker:
    """Broker and controller in one process, on ports that stay the same over a restart."""

    folder: Path
    port: int = field(default_factory=free_port)
    controller_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> Self:
        java = shutil.which("java")
        assert java, "a JDK is needed to run Kafka"
        jars = sorted(JARS.glob("*.jar"))
        assert jars, f"{JARS} is empty; `make build` fills it"
        self._prepare()
        with (self.folder / "kafka.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    java,
                    *("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                    f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}",
                    *("-cp", ":".join(str(jar) for jar in jars)),
                    *("kafka.Kafka", str(self.folder / "server.properties")),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()
        return self

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """The broker keeps its connections but answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def create_topic(
        self, name: str, *, partitions: int = 4, config: Mapping[str, str] | None = None
    ) -> None:
        topic = NewTopic(name, partitions, 1, config=dict(config or {}))
        admin = self.admin()
        admin.create_topics([topic])[name].result(30)
        # The broker learns of it a moment after the controller, and refuses until then.
        offsets = {TopicPartition(name, n): OffsetSpec.latest() for n in range(partitions)}
        deadline = time.monotonic() + START_SECONDS
        while not _answered(admin.list_offsets(offsets, request_timeout=5)):
            assert time.monotonic() < deadline, f"{name} has no leader"

    def delete_topic(self, name: str) -> None:
        admin = self.admin()
        admin.delete_topics([name])[name].result(30)

    def admin(self) -> AdminClient:
        """To be held in a variable: an admin client without an owner forgets its requests."""
        return AdminClient({"bootstrap.servers": self.bootstrap, **QUIET})

    def _prepare(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            data.mkdir(parents=True)
            (data / "meta.properties").write_text(
                f"version=1\ncluster.id={_uuid()}\nnode.id=1\ndirectory.id={_uuid()}\n"
            )
        (self.folder / "log4j2.properties").write_text(LOG4J)
        (self.folder / "server.properties").write_text(
            "\n".join(f"{name}={value}" for name, value in self._settings(data).items())
        )

    def _settings(self, data: Path) -> dict[str, object]:
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "listeners": f"PLAINTEXT://{self.bootstrap},"
            f"CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": data,
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "num.network.threads": 2,
            "num.io.threads": 2,
            # A broker that was killed may register again as soon as its session is over.
            "broker.session.timeout.ms": 1000,
            "broker.heartbeat.interval.ms": 200,
            "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                self._end(signal.SIGKILL)
                log = (self.folder / "kafka.log").read_text(errors="replace")
                raise AssertionError(f"Kafka did not start:\n{log[-4000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            return bool(self.admin().list_topics(timeout=2).brokers)
        except (OSError, KafkaException):
            return False

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def _answered(futures: Mapping[TopicPartition, Future[object]]) -> bool:
    try:
        for future in futures.values():
            future.result(10)
    except KafkaException:
        return False
    return True


def _uuid() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
