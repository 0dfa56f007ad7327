"""What the instances of the Flink job say about the program they run (`shacl.status`).

Read without a consumer group, from the beginning: the topic is compacted and small, and the newest
word of each instance is the one that counts.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from flinkjobrunner.kafka.producer import KafkaUnavailableError

if TYPE_CHECKING:
    from types import TracebackType

TOPIC = "shacl.status"
# Those whose word a deploy waits for.
STAGES = ("entity",)
# New changes are judged by the program; and so was every entity that was there.
ACTIVE, CONVERGED = "ACTIVE", "CONVERGED"
_ANSWER_SECONDS = 10.0
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    stage: str
    instance: int
    parallelism: int
    epoch: int
    state: str
    # When Kafka had it, in seconds.
    at: float


class Acknowledgements:
    """The newest word of each instance of one deployment; a context that ends the connection."""

    def __init__(self, bootstrap: str, deployment: str) -> None:
        self._bootstrap = bootstrap
        self._deployment = deployment
        self._latest: dict[tuple[str, int], Acknowledgement] = {}
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "client.id": "flinkjobrunner-status",
                "group.id": "flinkjobrunner-status",  # asked for by the client, never used
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 50,
                "log_level": 0,
            }
        )

    def __enter__(self) -> Self:
        try:
            self._catch_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._consumer.close()

    @property
    def highest_epoch(self) -> int:
        return max((one.epoch for one in self._latest.values()), default=0)

    def forget(self) -> None:
        """A new submission has to say everything anew."""
        self._latest.clear()

    def poll(self, seconds: float) -> list[Acknowledgement]:
        """What is new, waiting at most so long for it."""
        try:
            # `consume` alone would wait for as many as it may return.
            first = self._consumer.poll(seconds)
            messages = [first, *self._consumer.consume(_MOST, 0)] if first is not None else []
        except KafkaException as error:
            raise self._unavailable(error) from error
        found = []
        for message in messages:
            if (failed := message.error()) is not None:
                raise KafkaUnavailableError(f"{TOPIC}: {failed.str()}")
            one = _read(message.value(), message.timestamp()[1] / 1000, self._deployment)
            if one is not None:
                self._latest[one.stage, one.instance] = one
                found.append(one)
        return found

    def missing(self, epoch: int, *, converged: bool = False) -> str:
        """Who has not acknowledged this epoch or a later one; empty when everybody has."""
        states = (CONVERGED,) if converged else (ACTIVE, CONVERGED)
        texts = [text for stage in STAGES if (text := self._missing(stage, epoch, states))]
        return "; ".join(texts)

    def _missing(self, stage: str, epoch: int, states: tuple[str, ...]) -> str:
        said = {
            one.instance: one
            for one in self._latest.values()
            if one.stage == stage and one.epoch >= epoch and one.state in states
        }
        if not said:
            return f"no instance of {stage} has acknowledged epoch {epoch}"
        count = max(one.parallelism for one in said.values())
        silent = [str(number) for number in range(count) if number not in said]
        if not silent:
            return ""
        which = f"instance {silent[0]}" if len(silent) == 1 else f"instances {', '.join(silent)}"
        return f"{which} of {count} of {stage} have not acknowledged epoch {epoch}"

    def _catch_up(self) -> None:
        """Everything that is there now."""
        try:
            partitions = self._partitions()
            ends = {one.partition: self._end(one) for one in partitions}
        except KafkaException as error:
            raise self._unavailable(error) from error
        self._consumer.assign(partitions)
        deadline = time.monotonic() + _ANSWER_SECONDS
        while not self._passed(partitions, ends):
            if time.monotonic() > deadline:
                raise KafkaUnavailableError(f"{TOPIC} cannot be read to its end")
            self.poll(0.05)

    def _partitions(self) -> list[TopicPartition]:
        topic = self._consumer.list_topics(TOPIC, timeout=_ANSWER_SECONDS).topics[TOPIC]
        if topic.error is not None:
            raise KafkaUnavailableError(
                f"the topic {TOPIC} is not there; the target setup makes it"
            )
        return [TopicPartition(TOPIC, number, OFFSET_BEGINNING) for number in topic.partitions]

    def _end(self, partition: TopicPartition) -> int:
        """Where it ends now; of one that holds nothing nothing is to be waited for."""
        first, end = self._consumer.get_watermark_offsets(partition, timeout=_ANSWER_SECONDS)
        return int(end) if end > first else 0

    def _passed(self, partitions: list[TopicPartition], ends: dict[int, int]) -> bool:
        # Before the first record of a partition its position is a negative marker.
        positions = self._consumer.position(partitions)
        return all(max(one.offset, 0) >= ends[one.partition] for one in positions)

    def _unavailable(self, error: KafkaException) -> KafkaUnavailableError:
        return KafkaUnavailableError(
            f"{TOPIC} cannot be read at {self._bootstrap}: {error.args[0].str()}"
        )


def _read(value: Any, at: float, deployment: str) -> Acknowledgement | None:
    """None for tombstones, other deployments' records, and what is no acknowledgement."""
    try:
        document = json.loads(value or b"")
        if document["deployment"] != deployment:
            return None
        return Acknowledgement(
            stage=str(document["stage"]),
            instance=int(document["instance"]),
            parallelism=int(document["parallelism"]),
            epoch=int(document["epoch"]),
            state=str(document["state"]),
            at=at,
        )
    except (ValueError, KeyError, TypeError):
        return None
