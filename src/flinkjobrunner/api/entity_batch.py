"""What a batch of NGSI-LD entities becomes on Kafka: one record per entity, keyed by its id.

The service holds no entities, so it decides nothing that depends on them: it looks at the
envelope (is it JSON, has each entity an id and a type, which context applies), and leaves
the document as it was written. The Flink job validates the rest and sets aside what it
cannot read. The unit of refusal is the entity: a bad one does not hold up the others.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flinkjobrunner.api import raw_json
from flinkjobrunner.api.raw_json import JsonError, Raw
from flinkjobrunner.kafka.producer import Record

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATION_HEADER = "ngsi-ld-operation"
# The record also carries the context that a Link header named.
MAX_ENTITY_BYTES = 1024 * 1024
TOO_LARGE = "entity-too-large"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|\\^`\ud800-\udfff]+")
MAX_ID_CHARACTERS = 2048


class Operation(StrEnum):
    """How the job applies a document; the values of the header `ngsi-ld-operation`."""

    REPLACE = "replace"
    UPSERT = "upsert"
    UPDATE = "update"
    MERGE = "merge"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """An entity that is not taken, and why."""

    index: int
    entity_id: str | None
    code: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    records: tuple[Record, ...]
    refused: tuple[Refused, ...]


class BatchError(ValueError):
    """The body as a whole cannot be read."""


def read_entities(body: bytes, *, topic: str, operation: Operation, context: str | None) -> Batch:
    """The body is an array of entities; `context` is the IRI of a Link header."""
    return _batch(
        _array(body, "an array of entities"),
        lambda raw: _entity(raw, topic, operation, json.dumps(context) if context else None),
    )


def read_ids(body: bytes, *, topic: str) -> Batch:
    """The body is an array of the ids of entities to delete."""
    return _batch(_array(body, "an array of entity ids"), lambda raw: _deletion(raw, topic))


def read_notification(
    body: bytes, *, topic: str, operation: Operation, context: str | None
) -> Batch:
    """The body is a Notification; its own context applies to entities that have none."""
    try:
        members = raw_json.members(raw_json.decode(body))
        if members.get("type", Raw(None, "")).value != "Notification":
            raise BatchError('expected {"type": "Notification", "data": [...]}')
        data = raw_json.items(members["data"].text) if "data" in members else None
    except JsonError as error:
        raise BatchError(str(error)) from None
    if data is None:
        raise BatchError("the notification has no data, expected an array of entities")
    inline = members.get("@context")
    if inline is not None and context is not None:
        raise BatchError("the notification names a context both inline and by a Link header")
    text = inline.text if inline else json.dumps(context) if context else None
    return _batch(data, lambda raw: _entity(raw, topic, operation, text))


class _EntityError(ValueError):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def _array(body: bytes, what: str) -> list[Raw]:
    try:
        text = raw_json.decode(body)
        if raw_json.first_character(text) != "[":
            raise BatchError(f"expected {what}")
        return raw_json.items(text)
    except JsonError as error:
        raise BatchError(str(error)) from None


def _batch(raws: list[Raw], record_of: Callable[[Raw], Record]) -> Batch:
    records: list[Record] = []
    refused: list[Refused] = []
    for index, raw in enumerate(raws):
        try:
            records.append(record_of(raw))
        except _EntityError as error:
            refused.append(
                Refused(
                    index=index, entity_id=_named(raw.value), code=error.code, detail=str(error)
                )
            )
    return Batch(records=tuple(records), refused=tuple(refused))


def _entity(raw: Raw, topic: str, operation: Operation, context: str | None) -> Record:
    if not isinstance(raw.value, dict):
        raise _EntityError("not-an-entity", "expected a JSON object with id and type")
    entity_id = _id(raw.value.get("id", raw.value.get("@id")))
    _type(raw.value.get("type", raw.value.get("@type")))
    text = raw.text
    if context is not None and "@context" not in raw.value:
        # The object is not empty, as it has an id; its text stays as it was written.
        text = f'{{"@context":{context},{text[1:]}'
    value = text.encode()
    if len(value) > MAX_ENTITY_BYTES:
        raise _EntityError(TOO_LARGE, f"{len(value)} bytes, at most {MAX_ENTITY_BYTES} are taken")
    return _record(topic, entity_id, value, operation)


def _deletion(raw: Raw, topic: str) -> Record:
    return _record(topic, _id(raw.value), None, Operation.DELETE)


def _record(topic: str, entity_id: str, value: bytes | None, operation: Operation) -> Record:
    return Record(
        topic=topic,
        key=entity_id.encode(),
        value=value,
        headers=((OPERATION_HEADER, operation.value.encode()),),
    )


def _id(value: Any) -> str:
    if value is None:
        raise _EntityError("id-missing", "the entity has no id")
    if not isinstance(value, str) or len(value) > MAX_ID_CHARACTERS or not _ID.fullmatch(value):
        raise _EntityError("id-invalid", "the id is not an IRI such as urn:example:cutter:1")
    return value


def _type(value: Any) -> None:
    if value is None:
        raise _EntityError("type-missing", "the entity has no type")
    types = value if isinstance(value, list) else [value]
    if not types or not all(isinstance(one, str) and one.strip() for one in types):
        raise _EntityError("type-invalid", "the type is not a name or a list of names")


def _named(value: Any) -> str | None:
    """The id as far as there is one, so that a refusal can be matched to what was sent."""
    named = value.get("id", value.get("@id")) if isinstance(value, dict) else value
    return named[:MAX_ID_CHARACTERS] if isinstance(named, str) else None
