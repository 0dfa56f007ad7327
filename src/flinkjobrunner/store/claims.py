"""Statements that only the owner of a job may make: a worker, and the steps it runs.

A claim writes the lease along with the new attempt number. From then on every write first locks
the job's row by (id, attempt, running, lease not over); whoever does not get it raises
`FencedError` and has written nothing. So effects of at most one attempt are recorded at a time,
and a worker that slept through its lease cannot write any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, insert, null, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import cast, literal

from flinkjobrunner.errors import FencedError
from flinkjobrunner.store.jobs import add_event
from flinkjobrunner.store.notify import JOB_LOG, JOBS, notify
from flinkjobrunner.store.tables import jobs, log_lines, steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping


def claim(connection: Connection, *, worker: str, lease_seconds: float) -> RowMapping | None:
    """The oldest job that may run now, made ours; an expired lease is taken over.

    Of a deployment only the first waiting job is a candidate and only while none runs, so jobs of
    a deployment run in the order of their arrival, one at a time.
    """
    other = jobs.alias("other")
    blocked = exists().where(
        other.c.deployment == jobs.c.deployment,
        other.c.job_id != jobs.c.job_id,
        or_(
            other.c.status == "RUNNING",
            and_(other.c.status == "QUEUED", other.c.sequence < jobs.c.sequence),
        ),
    )
    expired = and_(jobs.c.status == "RUNNING", jobs.c.lease_until <= func.now())
    candidate = (
        connection.execute(
            select(jobs.c.job_id, jobs.c.status, jobs.c.attempt, jobs.c.worker)
            .where(or_(expired, and_(jobs.c.status == "QUEUED", ~blocked)))
            .order_by(jobs.c.sequence)
            .limit(1)
            .with_for_update(skip_locked=True, of=jobs)
        )
        .mappings()
        .one_or_none()
    )
    if candidate is None:
        return None
    row = _take(connection, candidate["job_id"], worker, lease_seconds)
    taken_over = candidate["status"] == "RUNNING"
    data = {"worker": worker} | ({"from": candidate["worker"]} if taken_over else {})
    add_event(
        connection, row["job_id"], row["attempt"], "taken-over" if taken_over else "claimed", data
    )
    notify(connection, JOB_LOG, row["job_id"])
    return row


def expire(connection: Connection, *, worker: str) -> int:
    """End the leases of a worker that is known to be dead, rather than wait for their end."""
    ended = connection.execute(
        update(jobs)
        .where(jobs.c.status == "RUNNING", jobs.c.worker == worker)
        .values(lease_until=func.now())
    )
    if ended.rowcount:
        notify(connection, JOBS, "")
    return ended.rowcount


def workers(connection: Connection) -> Sequence[str]:
    """Who holds leases now."""
    return connection.scalars(select(jobs.c.worker).where(jobs.c.status == "RUNNING")).all()


def own(connection: Connection, job_id: str, attempt: int) -> RowMapping:
    """Lock the job for the rest of the transaction, as its owner."""
    row = (
        connection.execute(
            select(jobs)
            .where(
                jobs.c.job_id == job_id,
                jobs.c.attempt == attempt,
                jobs.c.status == "RUNNING",
                jobs.c.lease_until > func.now(),
            )
            .with_for_update()
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise FencedError(f"attempt {attempt} no longer owns job {job_id}")
    return row


def heartbeat(connection: Connection, job_id: str, attempt: int, lease_seconds: float) -> bool:
    """Prolong the lease; the answer is whether the job is to be canceled."""
    row = own(connection, job_id, attempt)
    connection.execute(
        update(jobs).where(jobs.c.job_id == job_id).values(lease_until=_until(lease_seconds))
    )
    return bool(row["cancel_requested"])


def release(connection: Connection, job_id: str, attempt: int) -> None:
    """Back into the queue: the worker goes, the job is for the next one."""
    own(connection, job_id, attempt)
    connection.execute(
        update(jobs)
        .where(jobs.c.job_id == job_id)
        .values(status="QUEUED", lease_until=None, worker=None)
    )
    add_event(connection, job_id, attempt, "released")
    notify(connection, JOBS, job_id)
    notify(connection, JOB_LOG, job_id)


def append_lines(connection: Connection, job_id: str, attempt: int, texts: Sequence[str]) -> int:
    """Add lines to the log; the answer is the number of the last one."""
    row = own(connection, job_id, attempt)
    first = row["log_lines"] + 1
    connection.execute(
        insert(log_lines),
        [
            {"job_id": job_id, "attempt": attempt, "line": line, "text": text}
            for line, text in enumerate(texts, first)
        ],
    )
    last: int = row["log_lines"] + len(texts)
    connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(log_lines=last))
    notify(connection, JOB_LOG, job_id)
    return last


def set_step(
    connection: Connection,
    *,
    job_id: str,
    name: str,
    attempt: int,
    status: str,
    error: dict[str, Any] | None = None,
) -> None:
    """A step starts or ends within this attempt."""
    own(connection, job_id, attempt)
    started = status == "RUNNING"
    times = {"started_at": func.now(), "finished_at": None} if started else {}
    changed = connection.execute(
        update(steps)
        .where(steps.c.job_id == job_id, steps.c.name == name)
        .values(
            status=status,
            attempt=attempt,
            error=error if error is not None else null(),
            **(times or {"finished_at": func.now()}),
        )
    )
    if changed.rowcount != 1:
        raise LookupError(f"job {job_id} has no step {name!r}")
    data: dict[str, Any] = {"step": name, "status": status}
    add_event(connection, job_id, attempt, "step", data | ({"error": error} if error else {}))
    notify(connection, JOB_LOG, job_id)


def merge_result(connection: Connection, job_id: str, attempt: int, result: dict[str, Any]) -> None:
    """Add members to what the job came to."""
    own(connection, job_id, attempt)
    present = func.coalesce(jobs.c.result, cast(literal("{}"), JSONB))
    connection.execute(
        update(jobs)
        .where(jobs.c.job_id == job_id)
        .values(result=present.op("||")(cast(result, JSONB)))
    )


def _take(connection: Connection, job_id: str, worker: str, lease_seconds: float) -> RowMapping:
    row = (
        connection.execute(
            update(jobs)
            .where(jobs.c.job_id == job_id)
            .values(
                status="RUNNING",
                attempt=jobs.c.attempt + 1,
                worker=worker,
                lease_until=_until(lease_seconds),
                started_at=func.coalesce(jobs.c.started_at, func.now()),
                result=null(),
            )
            .returning(*jobs.columns)
        )
        .mappings()
        .one()
    )
    # Make runs the whole target again, so what an earlier attempt reported is void.
    connection.execute(
        update(steps)
        .where(steps.c.job_id == job_id, steps.c.status != "PENDING")
        .values(status="PENDING", started_at=None, finished_at=None, error=null())
    )
    return row


def _until(lease_seconds: float) -> ColumnElement[Any]:
    return func.now() + func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds)
