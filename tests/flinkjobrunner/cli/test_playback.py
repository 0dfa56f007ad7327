"""A recording as it happens now: times, keys and operations of what reaches Kafka."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import Consumer

from flinkjobrunner.cli import playback
from flinkjobrunner.cli.playback import SPEED, Playback, _read, _Shift

if TYPE_CHECKING:
    import pytest

    from support.kafka import Broker

PLANT = Path(__file__).parents[3] / "examples" / "plant" / "recording-ngsi-ld.ndjson"
RECORDED = datetime(2026, 3, 2, 6, tzinfo=UTC)


def test_every_time_in_a_document_moves_alike() -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    shift = _Shift(recorded=RECORDED, now=now)
    moved = shift.moved(
        {"a": [{"value": 41.0, "observedAt": "2026-03-02T06:00:40.000Z", "b": {"value": 1}}]}
    )
    assert moved == {
        "a": [{"value": 41.0, "observedAt": "2027-01-01T00:00:10.000Z", "b": {"value": 1}}]
    }
    assert shift.of(RECORDED + timedelta(seconds=SPEED)) == now + timedelta(seconds=1)


def test_the_example_is_read_as_records() -> None:
    lines = _read(PLANT)
    assert len(lines) == len(PLANT.read_text(encoding="utf-8").splitlines())
    assert all(line.key.startswith("urn:plant:") for line in lines)
    assert {line.operation for line in lines} >= {None, "update", "upsert", "merge", "delete"}
    assert sum(line.document is None for line in lines) == 1, "a tombstone"
    members = {name for line in lines if line.document for name in line.document}
    assert not [name for name in members if name.startswith("_")]


def test_it_reaches_kafka_in_order(
    broker: Broker, topic: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "TOPIC", topic)
    recording = tmp_path / "recording.ndjson"
    lines = [
        {"_timestamp": "2026-03-02T06:00:00Z", "id": "urn:a", "type": "T"},
        {"_timestamp": 1_772_431_200_400, "_operation": "merge", "id": "urn:a"},
        {"id": "urn:a", "_tombstone": True},
        {"type": "Notification", "data": [{"id": "urn:a", "type": "T"}]},
    ]
    recording.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with Playback(broker.bootstrap, recording) as played:
        played.play()
    consumer = Consumer(
        {"bootstrap.servers": broker.bootstrap, "group.id": topic, "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    found = consumer.consume(4, 20)
    consumer.close()
    assert [message.key() for message in found] == [b"urn:a"] * 4
    assert [message.headers() for message in found] == [
        None,
        [("ngsi-ld-operation", b"merge")],
        None,
        None,
    ]
    assert found[2].value() is None
    assert json.loads(found[0].value() or b"") == {"id": "urn:a", "type": "T"}
