"""Whether anything has changed: marks that are cheap to read, and equal as long as nothing has.

Pages ask after every wake-up, of which one job alone brings many, so each mark is read from
the end of an index or from a table of few rows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from flinkjobrunner.store.alerts import alert_history
from flinkjobrunner.store.deployments import deployments
from flinkjobrunner.store.tables import job_events, jobs

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection

_OF_DEPLOYMENTS = (
    deployments.c.name,
    deployments.c.desired,
    deployments.c.epoch,
    deployments.c.acknowledged_epoch,
    deployments.c.observed,
    deployments.c.observed_since,
)


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A mark for each section of the page."""

    deployments: str
    jobs: str
    alerts: str

    def changed(self, before: Pulse | None) -> list[str]:
        """The sections whose mark is another one than before."""
        marks = asdict(self)
        return [name for name in marks if before is None or marks[name] != getattr(before, name)]


def read(connection: Connection) -> Pulse:
    rows = connection.execute(select(*_OF_DEPLOYMENTS).order_by(deployments.c.name)).all()
    seen = "\n".join(str(tuple(row)) for row in rows)
    # A deployment that is undeployed makes its alerts stale, which is no transition of theirs.
    alerts = f"{_newest(connection, alert_history.c.position)} {[row.desired for row in rows]}"
    return Pulse(
        deployments=seen,
        jobs=f"{_newest(connection, jobs.c.sequence)} {_newest(connection, job_events.c.event_id)}",
        alerts=alerts,
    )


def _newest(connection: Connection, column: Column[int]) -> int:
    return int(connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one())
