"""NGSI-LD entities and notifications in, over HTTP: acknowledged when Kafka has them.

Decided in docs/adr/0006-entities-over-http.md: what each operation means on Kafka, and
that a batch with some bad entities is answered 207 with the good ones written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from flask import request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from flinkjobrunner.api import current
from flinkjobrunner.api.entity_batch import (
    TOO_LARGE,
    Batch,
    BatchError,
    Operation,
    Refused,
    read_entities,
    read_ids,
    read_notification,
)
from flinkjobrunner.api.problems import problem_responses
from flinkjobrunner.errors import Problem
from flinkjobrunner.kafka.producer import (
    KafkaUnavailableError,
    RecordRefusedError,
    shared_producer,
)
from flinkjobrunner.telemetry import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


log = get_logger(__name__)
blueprint = APIBlueprint("entities", __name__, abp_tags=[Tag(name="entities")])

TOPIC = "ngsi-ld.entities"
MAX_BATCH_BYTES = 16 * 1024 * 1024
MAX_CONTEXT_CHARACTERS = 2048
RETRY_SECONDS = 5
# A refusal lists this many entities; more would only repeat the first mistake.
MAX_REFUSED = 100
_JSON = ("application/json", "application/ld+json")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^;,=\s]+\s*(?:=\s*(?:\"[^\"]*\"|[^\",;\s]+))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\",;\s]+))", re.IGNORECASE)


class NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OperationQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    options: Literal["replace", "update"] | None = Field(
        None,
        description="Of `upsert` only: `replace` makes each document the whole entity,"
        " `update` (default) keeps the attributes that it does not name.",
    )


class NotifyQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    operation: Literal["replace", "upsert", "update", "merge"] = Field(
        "replace",
        description="How the entities apply. A subscription that selects attributes notifies"
        " of parts of entities: let it notify `/notify?operation=upsert`.",
    )
    subscriptionId: str | None = Field(  # noqa: N815 - Orion-LD adds it to the address
        None, description="Accepted and ignored: brokers add it."
    )


class RefusedEntity(BaseModel):
    """One entity of a batch that was not taken."""

    index: int
    entityId: str | None  # noqa: N815
    error: dict[str, Any]


class BatchResult(BaseModel):
    """NGSI-LD BatchOperationResult: what was written, what was not and why."""

    success: list[str]
    errors: list[RefusedEntity]


_RESPONSES: dict[Any, Any] = {
    204: None,
    207: BatchResult,
} | problem_responses(400, 413, 415, 503)


def _openapi(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"content": {kind: {"schema": schema} for kind in _JSON}}}


_ENTITIES = _openapi({"type": "array", "items": {"type": "object"}})
_IDS = _openapi({"type": "array", "items": {"type": "string"}})
_NOTIFICATION = _openapi(
    {
        "type": "object",
        "required": ["type", "data"],
        "properties": {
            "type": {"const": "Notification"},
            "data": {"type": "array", "items": {"type": "object"}},
        },
    }
)
_PATH = "/ngsi-ld/v1/entityOperations"


@blueprint.post(
    f"{_PATH}/create",
    summary="Whole entities",
    responses=_RESPONSES,
    openapi_extensions=_ENTITIES,
)
def create(query: NoQuery) -> Any:
    del query
    return _entities(Operation.REPLACE)


@blueprint.post(
    f"{_PATH}/upsert",
    summary="Attributes of entities that may be new",
    responses=_RESPONSES,
    openapi_extensions=_ENTITIES,
)
def upsert(query: OperationQuery) -> Any:
    return _entities(Operation.REPLACE if query.options == "replace" else Operation.UPSERT)


@blueprint.post(
    f"{_PATH}/update",
    summary="Attributes of known entities",
    responses=_RESPONSES,
    openapi_extensions=_ENTITIES,
)
def update(query: NoQuery) -> Any:
    del query
    return _entities(Operation.UPDATE)


@blueprint.post(
    f"{_PATH}/merge",
    summary="NGSI-LD merge patches",
    responses=_RESPONSES,
    openapi_extensions=_ENTITIES,
)
def merge(query: NoQuery) -> Any:
    del query
    return _entities(Operation.MERGE)


@blueprint.post(
    f"{_PATH}/delete",
    summary="Ids of entities to delete",
    responses=_RESPONSES,
    openapi_extensions=_IDS,
)
def delete(query: NoQuery) -> Any:
    del query
    body = _body()
    return _write(_read(lambda: read_ids(body, topic=TOPIC)))


@blueprint.post(
    "/notify",
    summary="A notification of an NGSI-LD broker",
    responses=_RESPONSES,
    openapi_extensions=_NOTIFICATION,
)
def notify(query: NotifyQuery) -> Any:
    body, context = _body(), _context()
    operation = Operation(query.operation)
    return _write(
        _read(lambda: read_notification(body, topic=TOPIC, operation=operation, context=context))
    )


def _entities(operation: Operation) -> Any:
    body, context = _body(), _context()
    return _write(
        _read(lambda: read_entities(body, topic=TOPIC, operation=operation, context=context))
    )


def _body() -> bytes:
    if request.mimetype not in _JSON:
        raise Problem(
            status=415,
            code="unsupported-media-type",
            title="The body is not declared as JSON",
            detail="Expected the header Content-Type: application/json or application/ld+json.",
        )
    request.max_content_length = MAX_BATCH_BYTES
    return request.get_data(cache=False)


def _read(read: Callable[[], Batch]) -> Batch:
    try:
        return read()
    except BatchError as error:
        raise Problem(
            status=400,
            code="invalid-batch",
            title="The body is no batch of entities",
            detail=f"{error}.",
            hint="Nothing was written.",
        ) from None


def _context() -> str | None:
    """The IRI of the Link header that names a JSON-LD context, as NGSI-LD sends it with JSON."""
    found: list[str] = [
        target
        for header in request.headers.getlist("Link")
        for target, parameters in _LINK.findall(header)
        if _CONTEXT_REL in {quoted or plain for quoted, plain in _REL.findall(parameters)}
    ]
    if not found:
        return None
    if request.mimetype == "application/ld+json":
        raise _context_problem("A body of application/ld+json names its context inline.")
    if len(found) > 1:
        raise _context_problem("The Link header names more than one context.")
    if len(found[0]) > MAX_CONTEXT_CHARACTERS or not _ABSOLUTE.fullmatch(found[0]):
        raise _context_problem("The Link header's context is not an absolute IRI.")
    return found[0]


def _context_problem(detail: str) -> Problem:
    return Problem(
        status=400,
        code="invalid-context",
        title="The JSON-LD context is not given as NGSI-LD has it",
        detail=detail,
        hint="Send application/json with a Link header, or application/ld+json with @context.",
    )


def _write(batch: Batch) -> Any:
    if batch.refused and not batch.records:
        raise _nothing_taken(batch.refused)
    try:
        shared_producer(current.settings().kafka_bootstrap).send(batch.records)
    except KafkaUnavailableError as error:
        log.warning("entities.kafka-unavailable", error=str(error))
        raise Problem(
            status=503,
            code="kafka-unavailable",
            title="Kafka did not acknowledge the entities",
            detail=f"{error}.",
            hint="Send the same batch again; entities that were written already do no harm.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        ) from None
    except RecordRefusedError as error:
        raise Problem(
            status=413,
            code="entity-too-large",
            title="Kafka refuses an entity of this size",
            detail=f"{error}.",
        ) from None
    if not batch.refused:
        return "", 204
    return _result(batch).model_dump(mode="json"), 207


def _result(batch: Batch) -> BatchResult:
    return BatchResult(
        success=[record.key.decode() for record in batch.records if record.key is not None],
        errors=[
            RefusedEntity(index=one.index, entityId=one.entity_id, error=_error(one))
            for one in batch.refused
        ],
    )


def _error(refused: Refused) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "status": 413 if refused.code == TOO_LARGE else 400,
        "code": refused.code,
        "title": "The entity was not taken",
        "detail": f"{refused.detail}.",
    }


def _nothing_taken(refused: Sequence[Refused]) -> Problem:
    first = refused[0]
    too_large = all(one.code == TOO_LARGE for one in refused)
    return Problem(
        status=413 if too_large else 400,
        code=first.code,
        title="No entity was taken",
        detail=f"Entity {first.index}: {first.detail}.",
        hint="Nothing was written.",
        errors=[
            {"index": one.index, "entityId": one.entity_id, "error": _error(one)}
            for one in refused[:MAX_REFUSED]
        ],
    )
