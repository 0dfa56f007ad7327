"""Statements about jobs as their callers see them: submit, look up, cancel, end.

Every change of state is one guarded UPDATE and one event in the same transaction. Functions take
the transaction; what it means when a guard does not hold is their callers' business. What only a
worker does is in `store.claims`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from flinkjobrunner.store.notify import JOB_LOG, JOBS, notify
from flinkjobrunner.store.tables import job_events, jobs, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, RowMapping


def add(
    connection: Connection, *, values: dict[str, Any], step_names: Sequence[str], by: str = ""
) -> RowMapping | None:
    """A new queued job; None when its id is taken. `by`: who asked for it."""
    row = (
        connection.execute(
            upsert(jobs)
            .values(status="QUEUED", **values)
            .on_conflict_do_nothing()
            .returning(*jobs.columns)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    connection.execute(
        insert(steps),
        [
            {"job_id": row["job_id"], "name": name, "position": position, "status": "PENDING"}
            for position, name in enumerate(step_names)
        ],
    )
    add_event(connection, row["job_id"], 0, "created", {"by": by})
    notify(connection, JOBS, row["job_id"])
    return row


def find(connection: Connection, job_id: str, *, lock: bool = False) -> RowMapping | None:
    """The job of this id; a UUID is found in whatever case it is asked for."""
    query = select(jobs).where(func.lower(jobs.c.job_id) == job_id.lower())
    if lock:
        query = query.with_for_update()
    return connection.execute(query).mappings().one_or_none()


def page(
    connection: Connection,
    *,
    limit: int,
    before: int | None = None,
    statuses: Collection[str] = (),
    targets: Collection[str] = (),
    deployment: str | None = None,
) -> Sequence[RowMapping]:
    """Jobs, newest first, that arrived before the one of this sequence number."""
    query = select(jobs).order_by(jobs.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(jobs.c.sequence < before)
    if statuses:
        query = query.where(jobs.c.status.in_(statuses))
    if targets:
        query = query.where(jobs.c.target.in_(targets))
    if deployment is not None:
        query = query.where(jobs.c.deployment == deployment)
    return connection.execute(query).mappings().all()


def planned(connection: Connection, digest: str) -> RowMapping | None:
    """The newest job whose plan has this digest."""
    query = (
        select(jobs.c.job_id, jobs.c.deployment, jobs.c.result)
        .where(jobs.c.target == "plan", jobs.c.result[("plan", "digest")].astext == digest)
        .order_by(jobs.c.sequence.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().one_or_none()


def has_others(connection: Connection, deployment: str, job_id: str) -> bool:
    """Whether other jobs of the deployment wait or run."""
    query = select(jobs.c.job_id).where(
        jobs.c.deployment == deployment,
        jobs.c.job_id != job_id,
        jobs.c.status.in_(("QUEUED", "RUNNING")),
    )
    return connection.scalar(query.limit(1)) is not None


def steps_of(connection: Connection, job_ids: Collection[str]) -> Sequence[RowMapping]:
    query = select(steps).where(steps.c.job_id.in_(job_ids)).order_by(steps.c.position)
    return connection.execute(query).mappings().all()


def events_of(connection: Connection, job_id: str) -> Sequence[RowMapping]:
    query = select(job_events).where(job_events.c.job_id == job_id).order_by(job_events.c.event_id)
    return connection.execute(query).mappings().all()


def count_by_status(connection: Connection) -> dict[str, int]:
    query = select(jobs.c.status, func.count().label("number")).group_by(jobs.c.status)
    return {row.status: row.number for row in connection.execute(query)}


def request_cancel(connection: Connection, job_id: str, attempt: int, *, by: str = "") -> None:
    """Note the wish; the worker that runs the job, or takes it over, carries it out."""
    connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(cancel_requested=True))
    add_event(connection, job_id, attempt, "cancel-requested", {"by": by})
    notify(connection, JOBS, job_id)
    notify(connection, JOB_LOG, job_id)


def end(
    connection: Connection,
    *,
    job_id: str,
    attempt: int,
    status: str,
    error: dict[str, Any] | None,
    request: dict[str, Any],
) -> None:
    """Into a terminal state, steps included; the caller holds the job's row lock.

    `request` replaces the stored one: it is the request without what was secret in it.
    """
    connection.execute(
        update(jobs)
        .where(jobs.c.job_id == job_id)
        .values(
            status=status,
            error=error if error is not None else null(),
            request=request,
            finished_at=func.now(),
            lease_until=None,
            worker=None,
        )
    )
    _end_steps(connection, job_id, status, error)
    add_event(connection, job_id, attempt, status.lower(), {"error": error} if error else {})
    notify(connection, JOB_LOG, job_id)
    # A job of the same deployment may have waited for this one.
    notify(connection, JOBS, "")


def add_event(
    connection: Connection,
    job_id: str,
    attempt: int,
    kind: str,
    data: dict[str, Any] | None = None,
) -> None:
    connection.execute(
        insert(job_events).values(job_id=job_id, attempt=attempt, kind=kind, data=data or {})
    )


def _end_steps(
    connection: Connection, job_id: str, status: str, error: dict[str, Any] | None
) -> None:
    """Steps follow their job; the recipe of an operator may have reported none of them."""
    rows = steps_of(connection, [job_id])
    blamed = any(row["status"] == "FAILED" for row in rows)
    for row in rows:
        new = _final(row["status"], status, blamed=blamed)
        if new is None:
            continue
        blamed = blamed or new == "FAILED"
        connection.execute(
            update(steps)
            .where(steps.c.job_id == job_id, steps.c.name == row["name"])
            .values(
                status=new,
                finished_at=None if new == "SKIPPED" else func.now(),
                error=error if new == "FAILED" and error is not None else null(),
            )
        )


def _final(step: str, job: str, *, blamed: bool) -> str | None:
    if step not in ("PENDING", "RUNNING"):
        return None
    if job == "SUCCEEDED":
        return job
    if step == "RUNNING":
        return job
    return "FAILED" if job == "FAILED" and not blamed else "SKIPPED"
