"""Programs on their way to the Flink job: parts under the program's digest, then what is active.

The key that makes a program active is written only after every part of it is acknowledged. Parts
are named by content, so writing them again, or for a second deployment, changes nothing.
"""

from __future__ import annotations

import gzip
import json

from flinkjobrunner.kafka.producer import Record, shared_producer

TOPIC = "shacl.programs"
PART_BYTES = 512 * 1024
FORMAT_VERSION = 1


def compress(program: bytes) -> bytes:
    """The same bytes for the same program, whenever it is compressed."""
    return gzip.compress(program, mtime=0)


def publish(bootstrap: str, *, deployment: str, epoch: int, digest: str, compressed: bytes) -> None:
    """Returns when Kafka has acknowledged all of it."""
    parts = [
        compressed[start : start + PART_BYTES] for start in range(0, len(compressed), PART_BYTES)
    ]
    producer = shared_producer(bootstrap)
    producer.send(
        [
            Record(topic=TOPIC, key=f"part/{digest}/{number}".encode(), value=part)
            for number, part in enumerate(parts)
        ]
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
    producer.send([Record(topic=TOPIC, key=_active(deployment), value=value)])


def unpublish(bootstrap: str, *, deployment: str) -> None:
    """For a deployment that is to leave nothing behind; its parts may be another one's too."""
    shared_producer(bootstrap).send([Record(topic=TOPIC, key=_active(deployment), value=None)])


def _active(deployment: str) -> bytes:
    return f"active/{deployment}".encode()
