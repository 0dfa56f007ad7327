"""When a new program took effect, by the acknowledgements of the Flink job on Kafka."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, Self

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from flinkjobrunner.bench import BenchError

TOPIC = "shacl.status"
_STAGE = "entity"
_PATIENCE_SECONDS = 120.0


class Watch:
    """A context around a deploy: made before it, asked after it."""

    def __init__(self, bootstrap: str, deployment: str) -> None:
        self._deployment = deployment
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": f"bench-{uuid.uuid4()}",
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )

    def __enter__(self) -> Self:
        partitions = self._consumer.list_topics(TOPIC, timeout=30).topics[TOPIC].partitions
        everything = [TopicPartition(TOPIC, number) for number in partitions]
        ends = {one.partition: self._consumer.get_watermark_offsets(one)[1] for one in everything}
        self._consumer.assign(
            [TopicPartition(TOPIC, one.partition, OFFSET_BEGINNING) for one in everything]
        )
        self._epoch = -1
        while not self._read(everything, ends):
            for acknowledgement, _ in self._next(0.2):
                self._epoch = max(self._epoch, acknowledgement["epoch"])
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def await_both(self) -> tuple[float, float]:
        """When the last instance was ACTIVE, and when CONVERGED, with a newer epoch than before."""
        reached: dict[str, dict[int, float]] = {"ACTIVE": {}, "CONVERGED": {}}
        instances = 1
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while min(len(instance) for instance in reached.values()) < instances:
            if time.monotonic() > deadline:
                raise BenchError(f"{self._deployment}: no acknowledgement of all: {reached}")
            for acknowledgement, at in self._next(0.2):
                if acknowledgement["epoch"] <= self._epoch:
                    continue
                instances = acknowledgement["parallelism"]
                for state in _implied(acknowledgement["state"]):
                    reached[state].setdefault(acknowledgement["instance"], at)
        return max(reached["ACTIVE"].values()), max(reached["CONVERGED"].values())

    def _read(self, partitions: list[TopicPartition], ends: dict[int, int]) -> bool:
        # Before the first record of a partition its position is a negative marker.
        positions = self._consumer.position(partitions)
        return all(max(one.offset, 0) >= ends[one.partition] for one in positions)

    def _next(self, seconds: float) -> list[tuple[dict[str, Any], float]]:
        found = []
        for message in self._consumer.consume(100, seconds):
            if message.error():
                raise KafkaException(message.error())
            value = message.value()
            if value is None:
                continue
            acknowledgement = json.loads(value)
            ours = acknowledgement["deployment"] == self._deployment
            if ours and acknowledgement["stage"] == _STAGE:
                found.append((acknowledgement, message.timestamp()[1] / 1000))
        return found


def _implied(state: str) -> tuple[str, ...]:
    return {"ACTIVE": ("ACTIVE",), "CONVERGED": ("ACTIVE", "CONVERGED")}.get(state, ())
