from __future__ import annotations

import gzip
import hashlib
import json
import random
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from flinkjobrunner.kafka import programs
from flinkjobrunner.kafka.producer import KafkaUnavailableError


def everything(bootstrap: str) -> list[tuple[str, bytes | None]]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "log_level": 0})
    place = TopicPartition(programs.TOPIC, 0, 0)
    _, end = consumer.get_watermark_offsets(place, timeout=10)
    consumer.assign([place])
    found: list[tuple[str, bytes | None]] = []
    while len(found) < end:
        message = consumer.poll(10)
        assert message is not None
        assert message.error() is None
        found.append((message.key().decode(), message.value()))
    consumer.close()
    return found


def publish(bootstrap: str, deployment: str, program: bytes, epoch: int = 1) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(program).hexdigest()}"
    before = len(everything(bootstrap))
    programs.publish(
        bootstrap,
        deployment=deployment,
        epoch=epoch,
        digest=digest,
        compressed=programs.compress(program),
    )
    return {"digest": digest, "records": everything(bootstrap)[before:]}


def test_a_small_program_is_one_part_and_then_the_active_one(bootstrap: str) -> None:
    program = b'{"shapes": {}}'
    made = publish(bootstrap, "small", program, epoch=7)
    (part, content), (active, value) = made["records"]
    assert part == f"part/{made['digest']}/0"
    assert gzip.decompress(content or b"") == program
    assert active == "active/small"
    assert json.loads(value or b"") == {
        "formatVersion": 1,
        "epoch": 7,
        "digest": made["digest"],
        "parts": 1,
        "also": [],
        "stamp": 0,
        "settings": {},
    }


def test_a_large_one_comes_in_parts_of_which_the_active_one_is_last(bootstrap: str) -> None:
    program = random.Random(1).randbytes(1_200_000)
    made = publish(bootstrap, "large", program)
    *parts, (active, value) = made["records"]
    assert [key for key, _ in parts] == [f"part/{made['digest']}/{n}" for n in range(3)]
    assert [len(content or b"") for _, content in parts][:2] == [512 * 1024] * 2
    assert gzip.decompress(b"".join(content or b"" for _, content in parts)) == program
    assert active == "active/large"
    assert json.loads(value or b"")["parts"] == 3


def test_the_same_program_is_the_same_bytes() -> None:
    assert programs.compress(b"program") == programs.compress(b"program")


def test_unpublish_forgets_only_what_is_active(bootstrap: str) -> None:
    publish(bootstrap, "gone", b"{}")
    programs.unpublish(bootstrap, deployment="gone")
    assert everything(bootstrap)[-1] == ("active/gone", None)


def test_without_an_acknowledgement_nothing_counts_as_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(programs, "_ACKNOWLEDGE_SECONDS", 0.5)
    with pytest.raises(KafkaUnavailableError, match=r"shacl\.programs could not be written"):
        programs.unpublish("127.0.0.1:1", deployment="any")
