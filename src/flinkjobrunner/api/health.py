"""Is it alive, is it ready, how does it do: three addresses that never wait for anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from flinkjobrunner import __version__
from flinkjobrunner.api import current
from flinkjobrunner.telemetry import metrics

blueprint = APIBlueprint("health", __name__, abp_tags=[Tag(name="health")])


class Health(BaseModel):
    status: str
    version: str


class Dependency(BaseModel):
    """What was last observed of something the service depends on."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    ready: bool
    since: datetime
    observed_at: datetime | None
    detail: str


class Readiness(BaseModel):
    ready: bool
    dependencies: dict[str, Dependency]


@blueprint.get("/healthz", summary="Alive: the process serves", responses={200: Health})
def healthz() -> dict[str, Any]:
    return Health(status="ok", version=__version__).model_dump(mode="json")


@blueprint.get(
    "/readyz",
    summary="Ready: what each dependency was last observed to be, and since when",
    responses={200: Readiness, 503: Readiness},
)
def readyz() -> tuple[dict[str, Any], int]:
    probes = current.probes()
    probes.start()
    dependencies = {
        name: Dependency(
            ready=seen.ready, since=seen.since, observed_at=seen.observed_at, detail=seen.detail
        )
        for name, seen in probes.observations().items()
    }
    ready = all(dependency.ready for dependency in dependencies.values())
    body = Readiness(ready=ready, dependencies=dependencies)
    return body.model_dump(mode="json", by_alias=True), 200 if ready else 503


@blueprint.get(
    "/metrics",
    summary="Metrics in Prometheus' text format",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def prometheus() -> Response:
    current.probes().start()
    return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)
