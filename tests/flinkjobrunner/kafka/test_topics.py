from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from confluent_kafka.admin import ConfigResource

from flinkjobrunner.kafka.producer import KafkaUnavailableError
from flinkjobrunner.kafka.topics import Topic, Topics, wanted

if TYPE_CHECKING:
    from support.kafka import Broker

_numbers = itertools.count(1)


def config(broker: Broker, topic: str) -> dict[str, str]:
    admin = broker.admin()
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    entries = admin.describe_configs([resource])[resource].result(10)
    return {name: entry.value for name, entry in entries.items()}


def names(sources: tuple[str, ...]) -> set[str]:
    return {topic.name for topic in wanted(sources)}


def test_topics_follow_from_the_sources() -> None:
    common = {"shacl.programs", "shacl.status", "shacl.alerts", "shacl.dead-letters"}
    assert names(("ngsi-ld",)) == common | {"ngsi-ld.entities"}
    assert names(("ngsi-ld", "iff")) - names(("ngsi-ld",)) == {
        "iff.ngsild.entities",
        "iff.ngsild.attributes",
        "iff.alerts",
        "iff.alerts.bulk",
    }


def test_topics_are_made_as_the_design_says(broker: Broker) -> None:
    topics = Topics(broker.bootstrap)
    topics.create(topics.missing(wanted(("ngsi-ld", "iff"))), replication=1)
    assert topics.missing(wanted(("ngsi-ld", "iff"))) == []
    admin = broker.admin()
    partitions = {
        name: len(topic.partitions) for name, topic in admin.list_topics(timeout=10).topics.items()
    }
    assert partitions["shacl.programs"] == 1
    assert {partitions[name] for name in names(("ngsi-ld", "iff")) - {"shacl.programs"}} == {4}
    for name in ("shacl.programs", "shacl.status", "shacl.alerts", "iff.alerts", "iff.alerts.bulk"):
        assert config(broker, name)["cleanup.policy"] == "compact", name
    week = str(7 * 24 * 3600 * 1000)
    limits = {
        "ngsi-ld.entities": 2 << 20,
        "iff.ngsild.entities": 2 << 20,
        "iff.ngsild.attributes": 2 << 20,
        "shacl.dead-letters": 4 << 20,
    }
    for name, limit in limits.items():
        found = config(broker, name)
        assert (found["cleanup.policy"], found["retention.ms"]) == ("delete", week), name
        assert int(found["max.message.bytes"]) == limit, name


def test_only_what_is_missing_is_made_and_nothing_is_changed(broker: Broker) -> None:
    there, new = f"there-{next(_numbers)}", f"new-{next(_numbers)}"
    broker.create_topic(there, partitions=7, config={"retention.ms": "1234567"})
    asked = [
        Topic(name=there, config={"retention.ms": "999"}),
        Topic(name=new, config={"retention.ms": "999"}),
    ]
    topics = Topics(broker.bootstrap)
    assert [topic.name for topic in topics.missing(asked)] == [new]
    # Also when somebody else was faster than the look.
    topics.create(asked, replication=1)
    assert config(broker, there)["retention.ms"] == "1234567"
    assert config(broker, new)["retention.ms"] == "999"
    assert len(broker.admin().list_topics(timeout=10).topics[there].partitions) == 7


def test_there_are_no_more_copies_than_brokers(broker: Broker) -> None:
    name = f"copies-{next(_numbers)}"
    Topics(broker.bootstrap).create([Topic(name=name)], replication=3)
    partitions = broker.admin().list_topics(name, timeout=10).topics[name].partitions
    assert [len(one.replicas) for one in partitions.values()] == [1] * 4


def test_a_topic_that_cannot_be_made_is_named(broker: Broker) -> None:
    bad = Topic(name=f"bad-{next(_numbers)}", config={"cleanup.policy": "whatever"})
    with pytest.raises(KafkaUnavailableError, match=bad.name):
        Topics(broker.bootstrap).create([bad], replication=1)


def test_absence_is_said_with_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flinkjobrunner.kafka.topics._ANSWER_SECONDS", 0.3)
    with pytest.raises(KafkaUnavailableError, match=r"127\.0\.0\.1:1"):
        Topics("127.0.0.1:1").brokers()
