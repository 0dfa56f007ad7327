"""PostgreSQL, Kafka and Flink for real: they start together, heal, keep data, leave nothing."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from flinkjobrunner.backends.local import java, leftovers, logs
from flinkjobrunner.backends.local.flink import SLOTS, Cluster, JobManager, TaskManager
from flinkjobrunner.backends.local.kafka import Kafka
from flinkjobrunner.backends.local.layout import Layout
from flinkjobrunner.backends.local.ports import free_address
from flinkjobrunner.backends.local.postgres import Postgres
from flinkjobrunner.backends.local.supervisor import State, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNTIME = Path(__file__).parents[4] / "build" / "runtime"


@dataclass(kw_only=True)
class Embedded:
    layout: Layout
    postgres: Postgres
    kafka: Kafka
    cluster: Cluster
    supervisor: Supervisor
    restored: list[float]

    def pid(self, name: str) -> int | None:
        return {status.name: status.pid for status in self.supervisor.statuses()}[name]

    def state(self, name: str) -> State:
        return {status.name: status.state for status in self.supervisor.statuses()}[name]

    def flink(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.cluster.url}{path}", timeout=5) as answer:
            return json.load(answer)


@contextmanager
def embedded(folder: Path) -> Iterator[Embedded]:
    layout = Layout(work_root=folder, runtime=RUNTIME)
    layout.create()
    logs.write_configuration(layout)
    installed = java.find()
    cluster = Cluster.of(layout, installed, free_address())
    restored: list[float] = []
    postgres, kafka = Postgres(layout), Kafka(layout, installed, free_address())
    parts = [
        postgres,
        kafka,
        JobManager(cluster, lambda: restored.append(time.monotonic())),
        TaskManager(cluster),
    ]
    supervisor = Supervisor(parts, leftovers.mark_of(folder), lambda _: None)
    try:
        supervisor.start()
        supervisor.wait_ready()
        yield Embedded(
            layout=layout,
            postgres=postgres,
            kafka=kafka,
            cluster=cluster,
            supervisor=supervisor,
            restored=restored,
        )
    finally:
        supervisor.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Longer than a Unix socket's path may be, and with a space in it."""
    folder = tmp_path_factory.mktemp("embedded") / ("a long name " + "x" * 100)
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Embedded]:
    with embedded(folder) as running:
        yield running
    assert leftovers.find(folder) == []


def eventually(condition: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_postgres_wants_its_password(running: Embedded) -> None:
    assert query(running.postgres.url, "SELECT current_user") == [("flinkjobrunner",)]
    secret = running.postgres.url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        query(running.postgres.url.replace(secret, "guess"), "SELECT 1")
    password = running.layout.data / "postgres.password"
    assert password.stat().st_mode & 0o077 == 0


def test_kafka_makes_no_topic_by_itself(running: Embedded) -> None:
    admin = AdminClient({"bootstrap.servers": str(running.kafka.address)})
    admin.list_topics("misspelt", timeout=10)
    assert "misspelt" not in admin.list_topics(timeout=10).topics


def test_flink_has_its_slots(running: Embedded) -> None:
    overview = running.flink("/overview")
    assert (overview["taskmanagers"], overview["slots-total"]) == (1, SLOTS)
    settings = {entry["key"]: entry["value"] for entry in running.flink("/jobmanager/config")}
    assert settings["state.backend.type"] == "hashmap"
    assert settings["web.refresh-interval"] == "100"
    assert settings["execution.checkpointing.dir"] == (
        f"file://{running.layout.data}/flink/checkpoints"
    )


def test_a_killed_taskmanager_is_replaced(running: Embedded) -> None:
    before = running.pid("taskmanager")
    assert before
    os.kill(before, signal.SIGKILL)
    eventually(
        lambda: (
            running.pid("taskmanager") not in (before, None)
            and running.state("taskmanager") is State.READY
        )
    )
    eventually(lambda: running.flink("/overview")["taskmanagers"] == 1)


def test_a_killed_jobmanager_takes_its_taskmanager_along_and_restores_the_jobs(
    running: Embedded,
) -> None:
    restored = len(running.restored)
    assert restored >= 1
    before = {name: running.pid(name) for name in ("jobmanager", "taskmanager")}
    os.kill(before["jobmanager"] or 0, signal.SIGKILL)
    for name, pid in before.items():
        eventually(
            lambda name=name, pid=pid: (
                running.pid(name) not in (pid, None) and running.state(name) is State.READY
            )
        )
    assert len(running.restored) == restored + 1
    assert running.flink("/overview")["taskmanagers"] == 1


def test_a_killed_postgres_keeps_what_was_committed(running: Embedded) -> None:
    query(running.postgres.url, "CREATE TABLE survives AS SELECT 42 AS answer")
    before = running.pid("postgres")
    os.kill(before or 0, signal.SIGKILL)
    eventually(
        lambda: (
            running.pid("postgres") not in (before, None)
            and running.state("postgres") is State.READY
        )
    )
    assert query(running.postgres.url, "SELECT answer FROM survives") == [(42,)]


def test_data_and_cluster_id_outlive_a_restart(folder: Path, running: Embedded) -> None:
    """The last test of the module: it ends the stack and starts it again."""
    address = str(running.kafka.address)
    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(10)
    producer = Producer({"bootstrap.servers": address})
    producer.produce("kept", b"still here")
    assert producer.flush(10) == 0
    cluster_id = admin.list_topics(timeout=10).cluster_id
    query(running.postgres.url, "CREATE TABLE kept AS SELECT 7 AS answer")
    running.supervisor.stop()
    assert leftovers.find(folder) == []
    with embedded(folder) as again:
        admin = AdminClient({"bootstrap.servers": str(again.kafka.address)})
        assert admin.list_topics(timeout=10).cluster_id == cluster_id
        assert read_one(str(again.kafka.address), "kept") == b"still here"
        assert query(again.postgres.url, "SELECT answer FROM kept") == [(7,)]


def read_one(bootstrap: str, topic: str) -> bytes | None:
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "test", "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    try:
        message = eventually(lambda: consumer.poll(0.2))
        assert not message.error(), message.error()
        return message.value()
    finally:
        consumer.close()
