"""Entities over HTTP against a real broker: acknowledged means written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Consumer, KafkaException, TopicPartition

from flinkjobrunner.api import entities
from flinkjobrunner.api.app import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings
    from support.kafka import Broker

CONTEXT = "https://example.org/context.jsonld"
LINK = f'<{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
A = {"id": "urn:a:1", "type": "A"}


@pytest.fixture
def client(settings: Settings, broker: Broker, topic: str, monkeypatch: Any) -> FlaskClient:
    monkeypatch.setattr(entities, "TOPIC", topic)
    reachable = settings.model_copy(update={"kafka_bootstrap": broker.bootstrap})
    return create_app(reachable).test_client()


def written(broker: Broker, topic: str) -> list[tuple[str, bytes | None, str]]:
    """(key, value, operation) of all that is in the topic now, by key."""
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "t", "log_level": 0})
    places = [TopicPartition(topic, partition, 0) for partition in range(4)]
    ends = [consumer.get_watermark_offsets(place, timeout=10)[1] for place in places]
    consumer.assign(places)
    found = []
    while len(found) < sum(ends):
        message = consumer.poll(10)
        assert message is not None
        if message.error():
            raise KafkaException(message.error())
        headers = dict(message.headers() or [])
        assert list(headers) == ["ngsi-ld-operation"]
        found.append(
            (message.key().decode(), message.value(), headers["ngsi-ld-operation"].decode())
        )
    consumer.close()
    return sorted(found, key=lambda one: one[0])


def post(client: FlaskClient, path: str, body: Any, **headers: str) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return client.post(path, data=data, headers=sent)


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("create", "replace"),
        ("upsert", "upsert"),
        ("upsert?options=update", "upsert"),
        ("upsert?options=replace", "replace"),
        ("update", "update"),
        ("merge", "merge"),
    ],
)
def test_each_operation_is_said_in_the_header(
    client: FlaskClient, broker: Broker, topic: str, path: str, operation: str
) -> None:
    body = b'[{"id":"urn:a:2","type":"A","n":20.0}, {"id":"urn:a:1","type":"A"}]'
    answer = post(client, f"/ngsi-ld/v1/entityOperations/{path}", body)
    assert (answer.status_code, answer.data) == (204, b"")
    assert written(broker, topic) == [
        ("urn:a:1", b'{"id":"urn:a:1","type":"A"}', operation),
        ("urn:a:2", b'{"id":"urn:a:2","type":"A","n":20.0}', operation),
    ]


def test_delete_writes_tombstones(client: FlaskClient, broker: Broker, topic: str) -> None:
    assert post(client, "/ngsi-ld/v1/entityOperations/delete", ["urn:a:1"]).status_code == 204
    assert written(broker, topic) == [("urn:a:1", None, "delete")]


@pytest.mark.parametrize(
    ("query", "operation"),
    [("", "replace"), ("?operation=upsert&subscriptionId=urn:s:1", "upsert")],
)
def test_a_notification(
    client: FlaskClient, broker: Broker, topic: str, query: str, operation: str
) -> None:
    body = {"id": "urn:n:1", "type": "Notification", "subscriptionId": "urn:s:1", "data": [A]}
    assert post(client, f"/notify{query}", body, Link=LINK).status_code == 204
    [(key, value, said)] = written(broker, topic)
    assert (key, said) == ("urn:a:1", operation)
    assert json.loads(value or b"") == A | {"@context": CONTEXT}


@pytest.mark.parametrize(
    ("link", "found"),
    [
        (LINK, CONTEXT),
        (f'<https://x/other>; rel="next", {LINK}', CONTEXT),
        (f"<{CONTEXT}>;rel=http://www.w3.org/ns/json-ld#context", CONTEXT),
        ('<https://x/other>; rel="next"', None),
    ],
)
def test_the_link_header_names_the_context(
    client: FlaskClient, broker: Broker, topic: str, link: str, found: str | None
) -> None:
    path = "/ngsi-ld/v1/entityOperations/upsert"
    assert post(client, path, [A], Link=link).status_code == 204
    [(_, value, _)] = written(broker, topic)
    assert json.loads(value or b"").get("@context") == found


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Content_Type": "text/plain"}, 415, "unsupported-media-type"),
        ({"Content_Type": "application/ld+json", "Link": LINK}, 400, "invalid-context"),
        ({"Link": f"{LINK}, {LINK}"}, 400, "invalid-context"),
        ({"Link": LINK.replace(CONTEXT, "relative")}, 400, "invalid-context"),
    ],
)
def test_wrong_headers_are_refused(
    client: FlaskClient, headers: dict[str, str], status: int, code: str
) -> None:
    answer = post(client, "/ngsi-ld/v1/entityOperations/upsert", [A], **headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (status, code)


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"\xff", b"[NaN]", b"7", b"null", b"[" * 9999])
def test_what_is_no_batch_writes_nothing(
    client: FlaskClient, broker: Broker, topic: str, body: bytes
) -> None:
    for path in (
        "ngsi-ld/v1/entityOperations/create",
        "ngsi-ld/v1/entityOperations/delete",
        "notify",
    ):
        answer = post(client, f"/{path}", body)
        assert answer.status_code == 400
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["code"] == "invalid-batch"
    assert written(broker, topic) == []


def test_good_entities_are_written_beside_bad_ones(
    client: FlaskClient, broker: Broker, topic: str
) -> None:
    batch = [A, {"type": "A"}, {"id": "urn:a:3"}]
    answer = post(client, "/ngsi-ld/v1/entityOperations/upsert", batch)
    assert answer.status_code == 207
    assert answer.json is not None
    assert answer.json["success"] == ["urn:a:1"]
    assert [
        (one["index"], one["entityId"], one["error"]["code"]) for one in answer.json["errors"]
    ] == [(1, None, "id-missing"), (2, "urn:a:3", "type-missing")]
    assert [key for key, *_ in written(broker, topic)] == ["urn:a:1"]


def test_only_bad_entities_are_a_bad_request(client: FlaskClient) -> None:
    answer = post(client, "/ngsi-ld/v1/entityOperations/upsert", [{"id": "urn:a:1"}])
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "type-missing"
    assert answer.json["detail"] == "Entity 0: the entity has no type."


def test_an_empty_batch_is_nothing_to_do(client: FlaskClient) -> None:
    assert post(client, "/ngsi-ld/v1/entityOperations/upsert", []).status_code == 204


def test_sizes_are_bounded(client: FlaskClient) -> None:
    large = A | {"x": "x" * (1 << 20)}
    answer = post(client, "/ngsi-ld/v1/entityOperations/upsert", [large])
    assert (answer.status_code, answer.json and answer.json["code"]) == (413, "entity-too-large")
    answer = post(client, "/ngsi-ld/v1/entityOperations/upsert", b"[" + b" " * (16 << 20) + b"]")
    assert (answer.status_code, answer.json and answer.json["code"]) == (413, "body-too-large")


def test_a_batch_beyond_a_megabyte_of_fair_entities_is_fine(
    client: FlaskClient, broker: Broker, topic: str
) -> None:
    batch = [{"id": f"urn:a:{n}", "type": "A", "x": "x" * 100_000} for n in range(30)]
    assert post(client, "/ngsi-ld/v1/entityOperations/upsert", batch).status_code == 204
    assert len(written(broker, topic)) == 30


def test_without_kafka_the_sender_is_told_to_come_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flinkjobrunner.kafka.producer.ACKNOWLEDGE_SECONDS", 0.5)
    client = create_app(settings).test_client()
    answer = post(client, "/ngsi-ld/v1/entityOperations/upsert", [A])
    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "kafka-unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_unknown_options_are_refused(client: FlaskClient) -> None:
    for query in ("upsert?options=noOverwrite", "update?options=noOverwrite", "create?x=1"):
        answer = post(client, f"/ngsi-ld/v1/entityOperations/{query}", [A])
        assert answer.status_code == 400
