from __future__ import annotations

import json

import pytest

from flinkjobrunner.api.entity_batch import (
    MAX_ENTITY_BYTES,
    Batch,
    BatchError,
    Operation,
    read_entities,
    read_ids,
    read_notification,
)

CONTEXT = "https://example.org/context.jsonld"


def entities(body: str, context: str | None = None) -> Batch:
    return read_entities(body.encode(), topic="t", operation=Operation.UPSERT, context=context)


def test_a_record_per_entity_as_it_was_written() -> None:
    body = '[{"id": "urn:a:1", "type": "A", "v": 20.0 }, {"@id":"urn:a:2","@type":["https://x/A"]}]'
    batch = entities(body)
    assert [(one.topic, one.key, one.value, one.headers) for one in batch.records] == [
        (
            "t",
            b"urn:a:1",
            b'{"id": "urn:a:1", "type": "A", "v": 20.0 }',
            (("ngsi-ld-operation", b"upsert"),),
        ),
        (
            "t",
            b"urn:a:2",
            b'{"@id":"urn:a:2","@type":["https://x/A"]}',
            (("ngsi-ld-operation", b"upsert"),),
        ),
    ]
    assert batch.refused == ()


def test_the_linked_context_is_put_into_entities_that_have_none() -> None:
    batch = entities(
        '[{"id":"urn:a:1","type":"A"},{"id":"urn:a:2","type":"A","@context":["https://x/c"]}]',
        CONTEXT,
    )
    first, second = [json.loads(one.value or b"") for one in batch.records]
    assert first == {"@context": CONTEXT, "id": "urn:a:1", "type": "A"}
    assert second["@context"] == ["https://x/c"]


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        ("7", "not-an-entity"),
        ('"urn:a:1"', "not-an-entity"),
        ("[]", "not-an-entity"),
        ("{}", "id-missing"),
        ('{"id": 7, "type": "A"}', "id-invalid"),
        ('{"id": "no iri", "type": "A"}', "id-invalid"),
        ('{"id": "relative", "type": "A"}', "id-invalid"),
        ('{"id": "urn:\\ud800", "type": "A"}', "id-invalid"),
        ('{"id": "urn:a\\u0000", "type": "A"}', "id-invalid"),
        (f'{{"id": "urn:{"a" * 3000}", "type": "A"}}', "id-invalid"),
        ('{"id": "urn:a:1"}', "type-missing"),
        ('{"id": "urn:a:1", "type": []}', "type-invalid"),
        ('{"id": "urn:a:1", "type": ["A", 1]}', "type-invalid"),
        (f'{{"id": "urn:a:1", "type": "A", "x": "{"x" * MAX_ENTITY_BYTES}"}}', "entity-too-large"),
    ],
)
def test_a_bad_entity_is_refused_and_the_others_are_not(entity: str, code: str) -> None:
    batch = entities(f'[{{"id":"urn:a:0","type":"A"}},{entity},{{"id":"urn:a:2","type":"A"}}]')
    assert [one.key for one in batch.records] == [b"urn:a:0", b"urn:a:2"]
    assert [(one.index, one.code) for one in batch.refused] == [(1, code)]
    assert batch.refused[0].detail


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"\xff\xfe", b"[{}", b"[NaN]", b'{"id":"urn:a:1","type":"A"}', b"[" * 100_000],
)
def test_what_is_no_batch_is_refused_whole(body: bytes) -> None:
    with pytest.raises(BatchError):
        read_entities(body, topic="t", operation=Operation.UPSERT, context=None)


def test_deleted_ids_become_tombstones() -> None:
    batch = read_ids(b'["urn:a:1", 7, "x"]', topic="t")
    assert [(one.key, one.value, one.headers) for one in batch.records] == [
        (b"urn:a:1", None, (("ngsi-ld-operation", b"delete"),))
    ]
    assert [(one.index, one.code) for one in batch.refused] == [
        (1, "id-invalid"),
        (2, "id-invalid"),
    ]


def notification(body: str, context: str | None = None) -> Batch:
    return read_notification(body.encode(), topic="t", operation=Operation.REPLACE, context=context)


def test_a_notification_carries_entities_and_perhaps_their_context() -> None:
    batch = notification(
        '{"@context": ["https://x/c"], "type": "Notification", "id": "urn:n:1",'
        ' "data": [{"id": "urn:a:1", "type": "A", "v": 1.50}]}'
    )
    assert batch.records[0].value == (
        b'{"@context":["https://x/c"],"id": "urn:a:1", "type": "A", "v": 1.50}'
    )
    assert batch.records[0].headers == (("ngsi-ld-operation", b"replace"),)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("[]", "expected '{'"),
        ('{"type": "Other", "data": []}', "Notification"),
        ('{"type": "Notification"}', "no data"),
        ('{"type": "Notification", "data": {}}', r"expected '\['"),
    ],
)
def test_what_is_no_notification_is_refused(body: str, message: str) -> None:
    with pytest.raises(BatchError, match=message):
        notification(body)


def test_two_contexts_are_one_too_many() -> None:
    with pytest.raises(BatchError, match="both inline and by a Link header"):
        notification('{"@context": "https://x/c", "type": "Notification", "data": []}', CONTEXT)
