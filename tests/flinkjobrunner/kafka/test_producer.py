from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Consumer, TopicPartition

from flinkjobrunner.kafka.producer import (
    KafkaUnavailableError,
    Record,
    RecordRefusedError,
    SharedProducer,
    shared_producer,
)

if TYPE_CHECKING:
    from support.kafka import Broker


Written = tuple[bytes, bytes | None, list[tuple[str, bytes]]]


def record(key: str, value: bytes | None = b"{}", topic: str = "in") -> Record:
    return Record(topic=topic, key=key.encode(), value=value, headers=(("h", b"v"),))


def written(
    broker: Broker, topic: str
) -> list[tuple[bytes, bytes | None, list[tuple[str, bytes]]]]:
    """Everything of a topic with one partition, up to its end as it is now."""
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "test", "log_level": 0})
    place = TopicPartition(topic, 0, 0)
    _, end = consumer.get_watermark_offsets(place, timeout=10)
    consumer.assign([place])
    found = []
    while len(found) < end:
        message = consumer.poll(10)
        assert message is not None
        assert message.error() is None
        found.append((message.key(), message.value(), message.headers()))
    consumer.close()
    return found


def test_what_was_sent_is_there_when_send_returns(broker: Broker) -> None:
    broker.create_topic("in", partitions=1)
    with closing(SharedProducer(broker.bootstrap)) as producer:
        producer.send([record("a", b"1"), record("a", None), record("b", b"2")])
        assert written(broker, "in") == [
            (b"a", b"1", [("h", b"v")]),
            (b"a", None, [("h", b"v")]),
            (b"b", b"2", [("h", b"v")]),
        ]
        producer.send([])


def test_threads_wait_for_their_own_records_only(broker: Broker) -> None:
    broker.create_topic("many", partitions=1)
    with closing(SharedProducer(broker.bootstrap)) as producer, ThreadPoolExecutor(16) as pool:
        batches = [[record(f"{n}-{m}", topic="many") for m in range(50)] for n in range(40)]
        list(pool.map(producer.send, batches))
        assert len(written(broker, "many")) == 2000


def test_an_unknown_topic_and_an_absent_broker_are_unavailable(broker: Broker) -> None:
    for bootstrap in (broker.bootstrap, "127.0.0.1:1"):
        producer = SharedProducer(bootstrap, acknowledge_seconds=1)
        with closing(producer), pytest.raises(KafkaUnavailableError):
            producer.send([record("a", topic="missing")])


def test_a_record_that_kafka_never_takes_is_refused(broker: Broker) -> None:
    broker.create_topic("small", partitions=1, config={"max.message.bytes": "1000"})
    with closing(SharedProducer(broker.bootstrap, acknowledge_seconds=5)) as producer:
        with pytest.raises(RecordRefusedError):
            producer.send([record("a", os.urandom(2000), topic="small")])
        with pytest.raises(RecordRefusedError):
            producer.send([record("a", b"x" * 5_000_000, topic="small")])
        producer.send([record("a", topic="small")])


def test_a_process_has_one_producer_per_address(broker: Broker) -> None:
    found: list[SharedProducer] = []
    threads = [
        threading.Thread(target=lambda: found.append(shared_producer(broker.bootstrap)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
    found[0].close()


def test_a_broker_that_comes_back_is_used_again(broker: Broker) -> None:
    broker.create_topic("back", partitions=1)
    with closing(SharedProducer(broker.bootstrap, acknowledge_seconds=20)) as producer:
        producer.send([record("a", topic="back")])
        broker.kill()
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(producer.send, [record("b", topic="back")])
            broker.start()
            sending.result(30)
        assert [key for key, *_ in written(broker, "back")] == [b"a", b"b"]
