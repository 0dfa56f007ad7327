"""`/alerts`: what is wrong now, what was, and every change as it happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flinkjobrunner.alerts.queries import AlertFilter, Alerts, Selection, document
from flinkjobrunner.api import current, sse
from flinkjobrunner.api.problems import problem_responses
from flinkjobrunner.errors import DatabaseUnavailableError, Problem
from flinkjobrunner.store.notify import ALERTS
from flinkjobrunner.telemetry import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterator


log = get_logger(__name__)
blueprint = APIBlueprint("alerts", __name__, abp_tags=[Tag(name="alerts")])

Position = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
Condition = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^[^\x00]+$")]


class Conditions(BaseModel):
    """Which alerts; all conditions must hold."""

    model_config = ConfigDict(extra="forbid")

    deployment: Condition | None = None
    entity: Condition | None = Field(None, description="The id of an entity.")
    type: Condition | None = Field(None, description="The IRI of an entity type.")
    shape: Condition | None = Field(
        None, description="A shape; a node shape's IRI also finds the property shapes in it."
    )
    severity: Condition | None = Field(
        None, description="`violation`, `warning`, `info`, or the IRI of a severity."
    )
    text: Condition | None = Field(
        None, description="Part of the entity's id, of the shape or of a message."
    )

    def filter(self) -> AlertFilter:
        return AlertFilter(
            deployment=self.deployment,
            entity=self.entity,
            type=self.type,
            shape=self.shape,
            severity=self.severity,
            text=self.text,
        )


class AlertsQuery(Conditions):
    state: Selection = Selection.STANDING
    limit: int = Field(100, ge=1, le=500)
    cursor: Position | None = None


class StreamQuery(Conditions):
    after: Position | None = Field(
        None,
        description="Begin after this position, as answered in the header Alerts-Position."
        " A reconnecting reader's Last-Event-ID counts for more.",
    )


class NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AlertPath(BaseModel):
    alert_id: str


class Named(BaseModel):
    """A name of an attribute's path."""

    name: str
    datasetId: str  # noqa: N815 - the wire's name


class Alert(BaseModel):
    """An alert as its last transition published it."""

    model_config = ConfigDict(extra="allow")

    alertId: str  # noqa: N815
    state: str = Field(description="The last transition: raised, updated or cleared.")
    sequence: int
    deployment: str
    program: str | None = None
    entity: str
    entityTypes: list[str]  # noqa: N815
    attributePath: list[Named]  # noqa: N815
    focusNode: str | None = None  # noqa: N815
    resultPath: str | None = None  # noqa: N815
    sourceShape: str  # noqa: N815
    sourceConstraintComponent: str | None = None  # noqa: N815
    severity: str
    value: dict[str, Any] | None = None
    valueCount: int | None = None  # noqa: N815
    values: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    eventTime: str | None = None  # noqa: N815
    raisedAt: str  # noqa: N815
    updatedAt: str  # noqa: N815
    clearedAt: str | None = None  # noqa: N815
    record: dict[str, Any] | None = None
    staleSince: str | None = Field(  # noqa: N815
        None, description="Only when nobody judges the alert any more: its deployment is gone."
    )


class AlertPage(BaseModel):
    """Alerts, newest first; `next` is the cursor of the page after this one."""

    items: list[Alert]
    next: str | None


class AlertDetail(Alert):
    """An alert with its transitions, newest first."""

    history: list[Alert]


@blueprint.get(
    "/alerts",
    summary="Alerts, newest first; those that stand unless `state` says otherwise",
    responses={200: AlertPage} | problem_responses(400, 503),
)
def index(query: AlertsQuery) -> Any:
    alerts = Alerts(current.database_url())
    # Before the page: what changes meanwhile is told again by the stream rather than missed.
    position = alerts.position()
    page = alerts.page(
        query.state,
        query.filter(),
        before=int(query.cursor) if query.cursor else None,
        limit=query.limit,
    )
    body = {
        "items": [document(row) for row in page.items],
        "next": None if page.following is None else str(page.following),
    }
    return body, 200, {"Alerts-Position": str(position)}


@blueprint.get(
    "/alerts/stream",
    summary="Every transition as it happens, as Server-Sent Events",
    description="Unnamed events; the id is the position in the history, the data the alert."
    " Last-Event-ID resumes behind it without loss or repetition (0: from the beginning);"
    " without it the stream begins now.",
    responses={
        200: {
            "description": "Transitions",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    }
    | problem_responses(400, 503),
)
def stream(query: StreamQuery) -> Response:
    alerts = Alerts(current.database_url())
    after = sse.last_event_id()
    if after is None:
        after = int(query.after) if query.after else alerts.position()
    return sse.follow(current.listener(), [ALERTS], lambda: _events(alerts, after, query.filter()))


@blueprint.get(
    "/alerts/<alert_id>",
    summary="One alert and its history",
    responses={200: AlertDetail} | problem_responses(400, 404, 503),
)
def show(path: AlertPath, query: NoQuery) -> Any:
    del query
    alerts = Alerts(current.database_url())
    row = None if "\0" in path.alert_id else alerts.one(path.alert_id)
    if row is None:
        raise Problem(
            status=404,
            code="alert-not-found",
            title="There is no such alert",
            detail="No alert of this id was ever raised here.",
            hint="GET /alerts?state=all lists them.",
        )
    return document(row) | {"history": [one.data for one in alerts.history(path.alert_id)]}


def _events(alerts: Alerts, after: int, conditions: AlertFilter) -> Iterator[sse.Event | None]:
    while True:
        try:
            for row in alerts.after(after, conditions):
                after = row.position
                yield sse.Event(
                    id=row.position,
                    data=json.dumps(row.data, ensure_ascii=False, separators=(",", ":")),
                )
        except DatabaseUnavailableError:
            # The stream stays open: a browser would not come back after an error.
            log.warning("stream.waiting", stream="alerts")
        yield None
