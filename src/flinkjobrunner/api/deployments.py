"""`/deployments`: what is deployed, and how it is doing; what the page shows, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from flinkjobrunner.api import current
from flinkjobrunner.api.problems import problem_responses
from flinkjobrunner.errors import Problem
from flinkjobrunner.store import deployments, overview, read
from flinkjobrunner.store.deployment_state import DeploymentState, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACTIVATIONS = 50
blueprint = APIBlueprint("deployments", __name__, abp_tags=[Tag(name="deployments")])


class NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DeploymentPath(BaseModel):
    name: str


class DeploymentView(BaseModel):
    """A deployment: what is wanted, and what was last seen of its Flink job."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    name: str
    state: DeploymentState = Field(
        description="By what is wanted, what was seen, and how fresh that is. STALE: nobody has"
        " been able to look since `since`."
    )
    since: datetime
    stale: bool
    observed: str | None = Field(description="The state of the Flink job when last seen.")
    observed_at: datetime | None
    detail: str = Field(description="Why it is not well, where Flink says so.")
    program: str = Field(description="The digest of the program that is wanted.")
    epoch: int = Field(description="Counts the programs that were activated.")
    acknowledged_epoch: int = Field(
        description="The newest epoch that every instance of the Flink job has acknowledged."
    )
    flink_job_id: str | None
    parallelism: int
    shapes: int
    alerts: dict[str, int] = Field(description="Standing alerts by the IRI of their severity.")
    created_at: datetime


class ActivationView(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    epoch: int
    program: str
    job_id: str
    at: datetime


class DeploymentDetail(DeploymentView):
    """A deployment with the programs that it has had."""

    activations: list[ActivationView] = Field(
        description="The newest 50, newest first; each program can be deployed again."
    )


class DeploymentList(BaseModel):
    """All deployments by name; there are few, so `next` is always null."""

    items: list[DeploymentView]
    next: str | None


@blueprint.get(
    "/deployments",
    summary="What is deployed, and how it is doing",
    responses={200: DeploymentList} | problem_responses(400, 503),
)
def index(query: NoQuery) -> Any:
    del query
    with read(current.database_url()) as connection:
        now = overview.database_now(connection)
        found = deployments.listing(connection)
        standing = overview.standing_by_severity(connection)
    views = [_view(one, standing.get(one.name, {}), now) for one in found]
    return DeploymentList(items=views, next=None).model_dump(mode="json", by_alias=True)


@blueprint.get(
    "/deployments/<name>",
    summary="One deployment",
    responses={200: DeploymentDetail} | problem_responses(400, 404, 503),
)
def show(path: DeploymentPath, query: NoQuery) -> Any:
    del query
    with read(current.database_url()) as connection:
        now = overview.database_now(connection)
        one = None if "\0" in path.name else deployments.find(connection, path.name)
        if one is None:
            raise Problem(
                status=404,
                code="deployment-not-found",
                title="There is no such deployment",
                detail="No deployment of this name was ever made here.",
                hint="GET /deployments lists them; a job with target flink-deploy makes one.",
            )
        standing = overview.standing_by_severity(connection)
        past = deployments.history(connection, one.name, limit=_ACTIVATIONS)
    view = DeploymentDetail(
        **_view(one, standing.get(one.name, {}), now).model_dump(),
        activations=[
            ActivationView(epoch=each.epoch, program=each.digest, job_id=each.job_id, at=each.at)
            for each in past
        ],
    )
    return view.model_dump(mode="json", by_alias=True)


def _view(one: deployments.Deployment, alerts: Mapping[str, int], now: datetime) -> DeploymentView:
    current_state = state_of(one, now)
    return DeploymentView(
        name=one.name,
        state=current_state.state,
        since=current_state.since,
        stale=current_state.state is DeploymentState.STALE,
        observed=one.observed,
        observed_at=one.observed_at,
        detail=one.observed_detail,
        program=one.digest,
        epoch=one.epoch,
        acknowledged_epoch=one.acknowledged_epoch,
        flink_job_id=one.flink_job_id,
        parallelism=one.parallelism,
        shapes=one.shapes,
        alerts=dict(alerts),
        created_at=one.created_at,
    )
