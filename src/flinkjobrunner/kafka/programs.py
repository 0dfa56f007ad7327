"""Programs on their way to the Flink job: parts under the program's digest, then what is active.

The key that makes a program active is written only after every part of it is acknowledged. Parts
are named by content, so writing them again, or for a second deployment, changes nothing.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaException, Producer

from flinkjobrunner.kafka.producer import KafkaUnavailableError, RecordRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

TOPIC = "shacl.programs"
PART_BYTES = 512 * 1024
FORMAT_VERSION = 1
_ACKNOWLEDGE_SECONDS = 10.0


def compress(program: bytes) -> bytes:
    """The same bytes for the same program, whenever it is compressed."""
    return gzip.compress(program, mtime=0)


def publish(bootstrap: str, *, deployment: str, epoch: int, digest: str, compressed: bytes) -> None:
    """Returns when Kafka has acknowledged all of it."""
    parts = [
        compressed[start : start + PART_BYTES] for start in range(0, len(compressed), PART_BYTES)
    ]
    producer = _producer(bootstrap)
    _send(
        producer,
        [(f"part/{digest}/{number}".encode(), part) for number, part in enumerate(parts)],
    )
    active = {
        "formatVersion": FORMAT_VERSION,
        "epoch": epoch,
        "digest": digest,
        "parts": len(parts),
        "also": [],
        "stamp": 0,
        "settings": {},
    }
    value = json.dumps(active, separators=(",", ":")).encode()
    _send(producer, [(_active(deployment), value)])


def unpublish(bootstrap: str, *, deployment: str) -> None:
    """For a deployment that is to leave nothing behind; its parts may be another one's too."""
    _send(_producer(bootstrap), [(_active(deployment), None)])


def _active(deployment: str) -> bytes:
    return f"active/{deployment}".encode()


def _producer(bootstrap: str) -> Producer:
    """Not an idempotent one: that asks for an identity first, which can take half a second, and
    what is written twice here does no harm."""
    return Producer(
        {
            "bootstrap.servers": bootstrap,
            "client.id": "flinkjobrunner-programs",
            "acks": "all",
            "linger.ms": 0,
            "message.timeout.ms": int(_ACKNOWLEDGE_SECONDS * 1000),
            "log_level": 0,
        }
    )


def _send(producer: Producer, records: Sequence[tuple[bytes, bytes | None]]) -> None:
    """Returns when every record is acknowledged."""
    errors: list[Any] = []

    def acknowledged(error: Any, _message: Any) -> None:
        if error is not None:
            errors.append(error)

    try:
        for key, value in records:
            producer.produce(TOPIC, key=key, value=value, on_delivery=acknowledged)
    except KafkaException as error:
        raise RecordRefusedError(f"{TOPIC}: {error.args[0].str()}") from error
    left = producer.flush(_ACKNOWLEDGE_SECONDS + 2)
    if errors or left:
        why = errors[0].str() if errors else "no acknowledgement in time"
        raise KafkaUnavailableError(f"{TOPIC} could not be written: {why}")
