"""A deployment under trial: its entities, what must stand, and whether it stands everywhere."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
from confluent_kafka import Consumer, TopicPartition

from crash import audit
from crash.audit import Fault
from flinkjobrunner import batch
from flinkjobrunner.backends.flink_rest import FlinkRest
from flinkjobrunner.kafka.programs import TOPIC
from support.plant import shapes
from support.service import until

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from crash.lane import Lane
    from e2e.driver import Kafka
    from support.files import Files

NAME = "main"
EX = "https://example.org/"
ENTITIES = 24
# A JobManager that was killed may be away for half a minute, and everything behind it.
SETTLE_SECONDS = 120.0
_TURTLE = {"Content_Type": "text/turtle"}
Identity = tuple[str, ...]


@dataclass(kw_only=True)
class Deployment:
    lane: Lane
    files: Files
    chance: random.Random
    kafka: Kafka
    limit: int = 80
    temperatures: dict[str, int] = field(default_factory=dict)

    def body(self, *, changed: bool) -> dict[str, Any]:
        """Of a job for it, with other shapes than before or the same ones."""
        if changed:
            self.limit = self.chance.choice([n for n in range(60, 100) if n != self.limit])
        path = f"/limit-{self.limit}.ttl"
        url = self.files.add(path, shapes("temperature", limit=self.limit), **_TURTLE)
        return {"deployment": NAME, "urls": {"shacl": f"{url}?X-Amz-Signature=SECRET"}}

    def run(self, job_id: str, target: str, *, changed: bool) -> None:
        """A job that nothing happens to."""
        self.lane.ensure()
        self.lane.post({"jobId": job_id, "target": target} | self.body(changed=changed))
        done = until(
            lambda: (job := self.lane.get(f"/jobs/{job_id}"))["status"] not in _OPEN and job,
            lambda: f"{job_id} does not end: {self.lane.get(f'/jobs/{job_id}')}",
            SETTLE_SECONDS,
        )
        assert done["status"] == "SUCCEEDED", done

    def change(self, count: int = 8) -> None:
        """Some entities say something new, acknowledged by the service."""
        for _ in range(count):
            name = f"urn:crash:{self.chance.randrange(ENTITIES)}"
            self.temperatures[name] = self.chance.randrange(40, 120)
        self._send([_entity(name, value) for name, value in self.temperatures.items()])

    def faults(self, *, running: bool) -> list[Fault]:
        """Flink, the program and, while it runs, the alerts: the same everywhere."""
        return [*self._flink(1 if running else 0), *self._program(), *self._alerts(running)]

    def against_batch(self) -> list[Fault]:
        """What stands, against a batch validation of the entities with the active program."""
        data = self.lane.settings.work_root / "entities.ndjson"
        documents = [_entity(name, value) for name, value in self.temperatures.items()]
        data.write_text("".join(json.dumps(document) + "\n" for document in documents))
        row = self._rows(
            "SELECT p.compressed FROM deployments d JOIN programs p USING (digest) WHERE name = %s",
            NAME,
        )[0]
        report = batch.validate(gzip.decompress(row["compressed"]), [data])
        wanted = {_identity(result) for result in json.loads(report.output)["results"]}
        standing = {_identity(alert) for alert in self.kafka.standing().values()}
        return _compared("a batch validation", wanted, "the topic", standing)

    def _send(self, payload: list[dict[str, Any]]) -> None:
        url = f"{self.lane.url}/ngsi-ld/v1/entityOperations/upsert"
        deadline = time.monotonic() + SETTLE_SECONDS
        with httpx2.Client(trust_env=False, timeout=30, verify=False) as client:
            while True:
                try:
                    if client.post(url, json=payload).status_code == 204:
                        return
                except httpx2.HTTPError:
                    pass
                assert time.monotonic() < deadline, "no change of an entity is acknowledged"
                time.sleep(0.1)

    def _flink(self, wanted: int) -> Iterator[Fault]:
        with closing(FlinkRest(self.lane.settings.flink_url)) as flink:
            jobs = flink._call("GET", "/jobs/overview")["jobs"]
        alive = [job for job in jobs if job["state"] not in ("FINISHED", "CANCELED", "FAILED")]
        if len(alive) != wanted:
            kind = "duplicated" if len(alive) > wanted else "lost"
            yield Fault(kind=kind, text=f"{len(alive)} Flink jobs, not {wanted}: {alive}")

    def _program(self) -> Iterator[Fault]:
        """What is active in the topic is what the database wants; each job has activated once."""
        row = self._rows("SELECT epoch, digest FROM deployments WHERE name = %s", NAME)[0]
        active = _last_active(self.lane.settings.kafka_bootstrap)
        if (active["epoch"], active["digest"]) != (row["epoch"], row["digest"]):
            yield Fault(kind="lost", text=f"the topic has {active}, the database {row}")
        twice = self._rows(
            "SELECT job_id, count(*) FROM activations WHERE deployment = %s"
            " GROUP BY job_id HAVING count(*) > 1",
            NAME,
        )
        if twice:
            yield Fault(kind="duplicated", text=f"activations {twice}")

    def _alerts(self, running: bool) -> Iterator[Fault]:
        hot = {name for name, value in self.temperatures.items() if value > self.limit}
        found: list[Fault] = []

        def settled() -> bool:
            topic = {
                (alert["alertId"], alert["sequence"]): alert["entity"]
                for alert in self.kafka.standing().values()
            }
            found[:] = _compared("the topic", set(topic), "the tables", self._standing())
            if running:
                found.extend(_compared("what is too hot", hot, "the topic", set(topic.values())))
            return not found

        try:
            until(settled, str, SETTLE_SECONDS)
        except AssertionError:
            yield from found
        twice = self._rows(
            "SELECT alert_id, sequence FROM alert_history"
            " GROUP BY alert_id, sequence HAVING count(*) > 1"
        )
        if twice:
            yield Fault(kind="duplicated", text=f"in the history of alerts: {twice}")

    def _standing(self) -> set[tuple[str, int]]:
        rows = self._rows("SELECT alert_id, sequence FROM alerts WHERE state <> 'cleared'")
        return {(row["alert_id"], row["sequence"]) for row in rows}

    def _rows(self, query: str, *values: str) -> list[dict[str, Any]]:
        return audit.query(self.lane.settings.database(), query, *values)


_OPEN = ("QUEUED", "RUNNING")


def _entity(name: str, temperature: int) -> dict[str, Any]:
    return {
        "id": name,
        "type": f"{EX}Cutter",
        f"{EX}temperature": {"type": "Property", "value": temperature},
    }


def _identity(result: dict[str, Any]) -> Identity:
    names = ("entity", "focusNode", "sourceShape", "sourceConstraintComponent")
    return (json.dumps(result["attributePath"]), *(result[name] for name in names))


def _compared(left: str, wanted: set[Any], right: str, found: set[Any]) -> list[Fault]:
    faults = []
    if missing := wanted - found:
        faults.append(Fault(kind="lost", text=f"{left} has, {right} has not: {sorted(missing)}"))
    if more := found - wanted:
        faults.append(Fault(kind="duplicated", text=f"{right} has, {left} not: {sorted(more)}"))
    return faults


def _last_active(bootstrap: str) -> dict[str, Any]:
    """What the newest record says that makes a program of the deployment active."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "crash", "log_level": 0})
    with closing(consumer):
        place = TopicPartition(TOPIC, 0, 0)
        _, end = consumer.get_watermark_offsets(place, timeout=30)
        consumer.assign([place])
        active: dict[str, Any] = {}
        while consumer.position([place])[0].offset < end:
            message = consumer.poll(1)
            if message is not None and message.key() == f"active/{NAME}".encode():
                active = json.loads(message.value())
    return active
