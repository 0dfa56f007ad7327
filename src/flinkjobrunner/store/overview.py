"""What `status`, the plan and the list of deployments ask: figures over several tables."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from flinkjobrunner.store import deployments, reading
from flinkjobrunner.store.alerts import alerts
from flinkjobrunner.store.deployment_state import state_of
from flinkjobrunner.store.engine import read as connect
from flinkjobrunner.store.metadata import metadata

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_standing = alerts.c.state != "cleared"


def read(database_url: str) -> dict[str, Any]:
    """Deployments and alerts at a glance; a database without tables has none of either."""
    with connect(database_url) as connection:
        if not deployments.exist(connection):
            return {"deployments": [], "alerts": None}
        now = database_now(connection)
        return {
            "deployments": [_summary(one, now) for one in deployments.listing(connection)],
            "alerts": _alerts(connection, now),
        }


def database_now(connection: Connection) -> datetime:
    """The clock by which everything was written that is compared with it."""
    now: datetime = connection.execute(select(func.now())).scalar_one()
    return now


def standing_by_constraint(
    connection: Connection, deployment: str
) -> list[tuple[str, str | None, int]]:
    """Shape, constraint component, how many alerts stand that tell of them."""
    component = alerts.c.data["sourceConstraintComponent"].astext
    query = (
        select(alerts.c.source_shape, component, func.count())
        .where(_standing, alerts.c.deployment == deployment)
        .group_by(alerts.c.source_shape, component)
    )
    return [(shape, found, count) for shape, found, count in connection.execute(query)]


def objects(connection: Connection) -> tuple[list[str], list[str]]:
    """The tables and views that this version has: those that are missing, and those that are there.
    A table is called by its name alone, a view with its schema."""
    query = text(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        " UNION ALL SELECT schemaname || '.' || viewname FROM pg_views WHERE schemaname = 'shacl'"
    )
    present = set(connection.scalars(query))
    wanted = sorted((*metadata.tables, *(f"shacl.{view}" for view in reading.VIEWS)))
    return (
        [name for name in wanted if name not in present],
        [name for name in wanted if name in present],
    )


def standing_by_severity(connection: Connection) -> dict[str, dict[str, int]]:
    """By deployment."""
    query = (
        select(alerts.c.deployment, alerts.c.severity, func.count())
        .where(_standing)
        .group_by(alerts.c.deployment, alerts.c.severity)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for deployment, severity, count in connection.execute(query):
        found[deployment][severity] = count
    return found


def _summary(deployment: deployments.Deployment, now: datetime) -> dict[str, Any]:
    seen = deployment.observed_at
    state = state_of(deployment, now)
    return {
        "name": deployment.name,
        "state": state.state.value,
        "since": state.since.isoformat(),
        "program": deployment.digest,
        "epoch": deployment.epoch,
        "flink_job_id": deployment.flink_job_id,
        "age_seconds": _seconds(seen, now),
    }


def _alerts(connection: Connection, now: datetime) -> dict[str, Any]:
    query = select(
        func.count().filter(_standing).label("standing"),
        func.count().filter(~_standing).label("cleared"),
        func.max(alerts.c.updated_at).label("newest"),
    )
    row = connection.execute(query).one()
    return {
        "standing": row.standing,
        "cleared": row.cleared,
        "age_seconds": _seconds(row.newest, now),
    }


def _seconds(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round((now - moment).total_seconds(), 1)
