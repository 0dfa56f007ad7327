"""The alert topic as the projector reads it: all partitions, from offsets of its own.

No consumer group: Kafka keeps no position for the projector, so it can neither rebalance
it away nor disagree with the database.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confluent_kafka import Message as KafkaMessage

_librdkafka_log = logging.getLogger("flinkjobrunner.kafka.client")

BATCH = 500
POLL_SECONDS = 0.2
DESCRIBE_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 10.0


class TopicUnavailableError(Exception):
    """The topic cannot be read now: Kafka is away, or the topic does not exist yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None


class AlertTopic:
    def __init__(self, bootstrap: str, topic: str) -> None:
        common: dict[str, Any] = {
            "bootstrap.servers": bootstrap,
            "reconnect.backoff.max.ms": 1000,
            "logger": _librdkafka_log,
        }
        self._topic = topic
        self._admin = AdminClient(common)
        self._consumer = Consumer(
            {
                **common,
                "client.id": "flinkjobrunner-alerts",
                "group.id": "flinkjobrunner-alerts",  # asked for by the client, never used
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",  # repeats do no harm, gaps would
                "fetch.wait.max.ms": 100,
                "fetch.error.backoff.ms": 100,
            }
        )
        self._described: tuple[str | None, tuple[int, ...]] = (None, ())
        self._looked = 0.0

    def describe(self) -> tuple[str | None, tuple[int, ...]]:
        """The topic's identity, which a topic made anew does not share, and its partitions."""
        try:
            futures = self._admin.describe_topics(
                TopicCollection([self._topic]), request_timeout=DESCRIBE_SECONDS
            )
            description = futures[self._topic].result(DESCRIBE_SECONDS * 2)
        except (KafkaException, TimeoutError) as error:
            raise TopicUnavailableError(f"topic {self._topic}: {_reason(error)}") from error
        topic_id = str(description.topic_id) if description.topic_id else None
        self._described = (topic_id, tuple(sorted(one.id for one in description.partitions)))
        self._looked = time.monotonic()
        return self._described

    def has_changed(self) -> bool:
        """Looks now and then whether partitions were added or the topic was made anew."""
        if time.monotonic() - self._looked < LOOK_AGAIN_SECONDS:
            return False
        before = self._described
        return self.describe() != before

    def assign(self, offsets: Mapping[int, int]) -> None:
        self._consumer.assign(
            [TopicPartition(self._topic, partition, at) for partition, at in offsets.items()]
        )

    def poll(self) -> list[Message]:
        """The next records; none when there are none for a moment."""
        try:
            found = self._consumer.consume(BATCH, POLL_SECONDS)
        except KafkaException as error:
            raise TopicUnavailableError(f"topic {self._topic}: {_reason(error)}") from error
        for message in found:
            if (failed := message.error()) is not None:
                raise TopicUnavailableError(f"topic {self._topic}: {failed.str()}")
        return [_message(message) for message in found]

    def close(self) -> None:
        self._consumer.close()


def _message(message: KafkaMessage) -> Message:
    partition, offset = message.partition(), message.offset()
    assert partition is not None, "only messages that were produced lack one"
    assert offset is not None, "only messages that were produced lack one"
    return Message(
        partition=partition,
        offset=offset,
        timestamp_ms=max(0, message.timestamp()[1]),
        key=_bytes(message.key()),
        value=_bytes(message.value()),
    )


def _bytes(content: str | bytes | None) -> bytes | None:
    return content.encode() if isinstance(content, str) else content


def _reason(error: Exception) -> str:
    first = error.args[0] if error.args else error
    return str(first.str()) if isinstance(first, KafkaError) else str(error) or "no answer"
