"""What is asked of the alert tables. Lists are paged by key, so a page costs the same anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import cast, desc, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from flinkjobrunner.store.alerts import alert_history, alerts, projector_positions
from flinkjobrunner.store.notify import ALERTS, notify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, FromClause


class Selection(StrEnum):
    STANDING = "standing"
    CLEARED = "cleared"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertFilter:
    """Conditions that an alert must meet, all of them; `None` is no condition."""

    deployment: str | None = None
    entity: str | None = None
    type: str | None = None
    shape: str | None = None
    severity: str | None = None
    text: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRow:
    """An alert as it is now; `place` orders the list that it was read from."""

    data: dict[str, Any]
    place: int
    stale_since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryRow:
    position: int
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertGroup:
    """The standing alerts that share a shape, a component and a severity."""

    deployment: str
    source_shape: str
    component: str
    severity: str
    count: int
    newest: int
    example: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectorState:
    applied: int
    repeated: int
    rejected: int
    updated_at: datetime | None


def page(
    connection: Connection,
    selection: Selection,
    conditions: AlertFilter,
    *,
    before: int | None,
    limit: int,
) -> list[AlertRow]:
    """Newest first. By when an alert was raised, which does not change while one turns the pages;
    cleared ones by when they were cleared."""
    place = alerts.c.position if selection is Selection.CLEARED else alerts.c.raised_position
    query = (
        select(alerts.c.data, place.label("place"), alerts.c.stale_since)
        .where(_selected(selection), *_conditions(conditions, alerts))
        .order_by(desc(place))
        .limit(limit)
    )
    if before is not None:
        query = query.where(place < before)
    return [AlertRow(**row) for row in connection.execute(query).mappings()]


def one(connection: Connection, alert_id: str) -> AlertRow | None:
    query = select(alerts.c.data, alerts.c.position.label("place"), alerts.c.stale_since).where(
        alerts.c.alert_id == alert_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return AlertRow(**row) if row else None


def history(connection: Connection, alert_id: str, *, limit: int) -> list[HistoryRow]:
    """The newest transitions of an alert, newest first."""
    table = alert_history.c
    query = (
        select(table.position, table.data, table.at)
        .where(table.alert_id == alert_id)
        .order_by(desc(table.position))
        .limit(limit)
    )
    return [HistoryRow(**row) for row in connection.execute(query).mappings()]


def after(
    connection: Connection, position: int, conditions: AlertFilter, *, limit: int
) -> list[HistoryRow]:
    """The transitions that follow a position, in order."""
    table = alert_history.c
    query = (
        select(table.position, table.data, table.at)
        .where(table.position > position, *_conditions(conditions, alert_history))
        .order_by(table.position)
        .limit(limit)
    )
    return [HistoryRow(**row) for row in connection.execute(query).mappings()]


def newest_position(connection: Connection) -> int:
    return int(connection.scalar(select(func.coalesce(func.max(alert_history.c.position), 0))) or 0)


def standing_by_severity(connection: Connection) -> dict[str, int]:
    query = (
        select(alerts.c.severity, func.count())
        .where(_selected(Selection.STANDING))
        .group_by(alerts.c.severity)
    )
    return dict(connection.execute(query).all())


def standing_groups(connection: Connection, *, limit: int) -> list[AlertGroup]:
    """Standing alerts by what they are about, the group with the newest alert first."""
    component = alerts.c.data["sourceConstraintComponent"].astext
    key = (alerts.c.deployment, alerts.c.source_shape, component, alerts.c.severity)
    groups = (
        select(
            *(column.label(name) for column, name in zip(key, _GROUP, strict=True)),
            func.count().label("count"),
            func.max(alerts.c.raised_position).label("newest"),
        )
        .where(_selected(Selection.STANDING))
        .group_by(*key)
        .order_by(desc("newest"))
        .limit(limit)
        .subquery()
    )
    query = (
        select(groups, alerts.c.data.label("example"))
        .join(alerts, alerts.c.raised_position == groups.c.newest)
        .order_by(desc(groups.c.newest))
    )
    return [AlertGroup(**row) for row in connection.execute(query).mappings()]


def mark_stale(connection: Connection, deployment: str, since: datetime | None) -> int:
    """How many alerts of the deployment that stand are stale from now on, or no longer."""
    statement = (
        update(alerts)
        .where(alerts.c.deployment == deployment, _selected(Selection.STANDING))
        .values(stale_since=since)
        .returning(alerts.c.alert_id)
    )
    changed = len(connection.execute(statement).all())
    notify(connection, ALERTS)
    return changed


def projector_state(connection: Connection) -> ProjectorState:
    table = projector_positions.c
    query = select(
        func.coalesce(func.sum(table.applied), 0).label("applied"),
        func.coalesce(func.sum(table.repeated), 0).label("repeated"),
        func.coalesce(func.sum(table.rejected), 0).label("rejected"),
        func.max(table.updated_at).label("updated_at"),
    )
    row = connection.execute(query).one()
    return ProjectorState(
        applied=int(row.applied),
        repeated=int(row.repeated),
        rejected=int(row.rejected),
        updated_at=row.updated_at,
    )


_GROUP = ("deployment", "source_shape", "component", "severity")


def _selected(selection: Selection) -> ColumnElement[bool]:
    if selection is Selection.STANDING:
        return alerts.c.state != "cleared"
    if selection is Selection.CLEARED:
        return alerts.c.state == "cleared"
    return alerts.c.state.is_not(None)


def _conditions(wanted: AlertFilter, table: FromClause) -> Sequence[ColumnElement[bool]]:
    """The same for rows and for history, which holds the data only."""
    data = table.c.data
    conditions: list[ColumnElement[bool]] = []
    for name, value in (
        ("deployment", wanted.deployment),
        ("entity", wanted.entity),
        ("severity", wanted.severity),
    ):
        if value is not None:
            column = table.c[name] if name in table.c else data[name].astext
            conditions.append(column == value)
    if wanted.type is not None:
        conditions.append(data["entityTypes"].contains([wanted.type]))
    if wanted.shape is not None:
        shape = data["sourceShape"].astext
        # A node shape stands for the property shapes in it, whose labels begin with it.
        conditions.append(
            or_(shape == wanted.shape, shape.startswith(f"<{wanted.shape}>/", autoescape=True))
        )
    if wanted.text is not None:
        text = wanted.text
        conditions.append(
            or_(
                data["entity"].astext.icontains(text, autoescape=True),
                data["sourceShape"].astext.icontains(text, autoescape=True),
                select(literal(1)).where(_message(data).icontains(text, autoescape=True)).exists(),
            )
        )
    return conditions


def _message(data: ColumnElement[Any]) -> ColumnElement[str]:
    """Each text of an alert's messages, for use in a subquery of its own."""
    path = cast('$.messages[*]."@value"', JSONPATH)
    message = func.jsonb_path_query(data, path, type_=JSONB).column_valued("message")
    text: ColumnElement[str] = message[()].astext
    return text
