"""The topics that the service and the Flink job use; the missing ones are made, none is changed.

A topic that exists belongs to whoever made it: a plant has its own ideas about partitions and
retention, and changing them here could lose its data.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaError, KafkaException, TopicPartition

# NewTopic is documented there, but not among the names that the module exports.
# Its package says of neither name that it offers it.
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec  # type: ignore[attr-defined]

from flinkjobrunner.kafka.producer import KafkaUnavailableError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

PARTITIONS = 4
_MIB = 1024 * 1024
_DAY_MS = 24 * 3600 * 1000
# The job refuses entities beyond 1 MiB, so they must be able to arrive, and then some.
_INPUT_BYTES = 2 * _MIB
_ANSWER_SECONDS = 10.0
_MADE_SECONDS = 30.0

# Small segments, because only closed ones are compacted.
_COMPACTED = {
    "cleanup.policy": "compact",
    "segment.bytes": str(16 * _MIB),
    "segment.ms": str(3600 * 1000),
    "min.cleanable.dirty.ratio": "0.1",
}
_WEEK = {"cleanup.policy": "delete", "retention.ms": str(7 * _DAY_MS)}
_INPUT = _WEEK | {"max.message.bytes": str(_INPUT_BYTES)}


@dataclass(frozen=True, kw_only=True)
class Topic:
    name: str
    config: dict[str, str] = field(default_factory=dict)
    partitions: int = PARTITIONS


_COMMON = (
    # In one partition, so that parts are read before the key that says they are complete.
    Topic(name="shacl.programs", config=_COMPACTED, partitions=1),
    Topic(name="shacl.status", config=_COMPACTED),
    # Transitions in between stay long enough for a projector that was away to see them.
    Topic(name="shacl.alerts", config=_COMPACTED | {"min.compaction.lag.ms": str(_DAY_MS)}),
    Topic(name="shacl.dead-letters", config=_WEEK | {"max.message.bytes": str(2 * _INPUT_BYTES)}),
)
_BY_SOURCE = {
    "ngsi-ld": (Topic(name="ngsi-ld.entities", config=_INPUT),),
    "iff": (
        Topic(name="iff.ngsild.entities", config=_INPUT),
        Topic(name="iff.ngsild.attributes", config=_INPUT),
        Topic(name="iff.alerts", config=_COMPACTED),
        Topic(name="iff.alerts.bulk", config=_COMPACTED),
    ),
}


def wanted(sources: Collection[str]) -> list[Topic]:
    """What must be there for these input families."""
    return [*_COMMON, *(topic for source in sources for topic in _BY_SOURCE[source])]


class Topics:
    """The topics of one cluster."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._admin = AdminClient(
            {"bootstrap.servers": bootstrap, "client.id": "flinkjobrunner-topics", "log_level": 0}
        )

    def brokers(self) -> int:
        return len(self._metadata().brokers)

    def missing(self, topics: Sequence[Topic]) -> list[Topic]:
        present = self._metadata().topics
        return [topic for topic in topics if topic.name not in present]

    def create(self, topics: Sequence[Topic], *, replication: int) -> None:
        """Returns when each has leaders; one that somebody else just made is as good."""
        if not topics:
            return
        copies = min(replication, max(1, self.brokers()))
        asked = [
            NewTopic(
                topic.name,
                num_partitions=topic.partitions,
                replication_factor=copies,
                config=topic.config,
            )
            for topic in topics
        ]
        futures = self._admin.create_topics(asked, request_timeout=_ANSWER_SECONDS)
        for name, made in futures.items():
            try:
                made.result(_MADE_SECONDS)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise KafkaUnavailableError(
                        f"the topic {name} cannot be made: {error.args[0].str()}"
                    ) from error
        self._await_leaders(topics)

    def _await_leaders(self, topics: Sequence[Topic]) -> None:
        """The controller answers first; the broker that leads a partition refuses until it knows
        of it as well, so each is asked for where it ends."""
        deadline = time.monotonic() + _MADE_SECONDS
        while not self._led(topics):
            if time.monotonic() > deadline:
                names = ", ".join(topic.name for topic in topics)
                raise KafkaUnavailableError(f"not all of {names} have a leader")
            time.sleep(0.02)

    def _led(self, topics: Sequence[Topic]) -> bool:
        present = self._metadata().topics
        if any(topic.name not in present for topic in topics):
            return False
        ends = {
            # Published without a type.
            TopicPartition(topic.name, number): OffsetSpec.latest()  # type: ignore[no-untyped-call]
            for topic in topics
            for number in present[topic.name].partitions
        }
        try:
            for future in self._admin.list_offsets(ends, request_timeout=_ANSWER_SECONDS).values():
                future.result(_ANSWER_SECONDS)
        except KafkaException:
            return False
        return True

    def _metadata(self) -> Any:
        try:
            return self._admin.list_topics(timeout=_ANSWER_SECONDS)
        except KafkaException as error:
            raise KafkaUnavailableError(
                f"no broker answers at {self._bootstrap}: {error.args[0].str()}"
            ) from error
