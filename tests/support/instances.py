"""The other side of the control plane's contract: what the Flink job's instances do with programs.

They read `shacl.programs` as the job does, insist that a program is complete and what its digest
says, and acknowledge it on `shacl.status`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from confluent_kafka import Consumer, Producer, TopicPartition

if TYPE_CHECKING:
    from collections.abc import Iterator


def acknowledge(
    bootstrap: str,
    deployment: str,
    epoch: int,
    *,
    instances: tuple[int, ...] = (0, 1),
    parallelism: int = 2,
    state: str = "ACTIVE",
    stage: str = "entity",
) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})
    for instance in instances:
        document = {
            "deployment": deployment,
            "stage": stage,
            "instance": instance,
            "parallelism": parallelism,
            "epoch": epoch,
            "digest": "sha256:" + "0" * 64,
            "state": state,
            "entitiesRechecked": 0,
            "time": int(time.time() * 1000),
        }
        producer.produce(
            "shacl.status", json.dumps(document).encode(), f"{deployment}/{stage}/{instance}"
        )
    assert producer.flush(30) == 0


@dataclass(kw_only=True)
class Instances:
    """Those of one deployment; they acknowledge what they are told, unless they are `silent`."""

    bootstrap: str
    deployment: str
    silent: frozenset[int] = frozenset()
    programs: dict[int, dict[str, Any]] = field(default_factory=dict)
    failed: BaseException | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    @classmethod
    @contextmanager
    def running(cls, bootstrap: str, deployment: str, **more: Any) -> Iterator[Self]:
        one = cls(bootstrap=bootstrap, deployment=deployment, **more)
        thread = threading.Thread(target=one._run)
        thread.start()
        try:
            yield one
        finally:
            one._stop.set()
            thread.join()
        assert one.failed is None, one.failed

    def _run(self) -> None:
        consumer = Consumer(
            {"bootstrap.servers": self.bootstrap, "group.id": "instances", "log_level": 0}
        )
        consumer.assign([TopicPartition("shacl.programs", 0, 0)])
        try:
            self._follow(consumer)
        except BaseException as error:  # noqa: BLE001 - reported by whoever ends us
            self.failed = error
        finally:
            consumer.close()

    def _follow(self, consumer: Consumer) -> None:
        parts: dict[str, bytes] = {}
        while not self._stop.is_set():
            message = consumer.poll(0.02)
            if message is None or message.error() is not None:
                continue
            key = message.key().decode()
            if key.startswith("part/"):
                parts[key] = message.value()
            elif key == f"active/{self.deployment}" and message.value() is not None:
                self._activate(json.loads(message.value()), parts)

    def _activate(self, active: dict[str, Any], parts: dict[str, bytes]) -> None:
        digest = active["digest"]
        found = [parts[f"part/{digest}/{number}"] for number in range(active["parts"])]
        program = gzip.decompress(b"".join(found))
        assert f"sha256:{hashlib.sha256(program).hexdigest()}" == digest
        self.programs[active["epoch"]] = json.loads(program)
        speaking = tuple(number for number in (0, 1) if number not in self.silent)
        for state in ("ACTIVE", "CONVERGED"):
            acknowledge(
                self.bootstrap, self.deployment, active["epoch"], instances=speaking, state=state
            )
