"""Deployments: what is wanted, which program is active since when, and what was seen of the job.

Three things are kept apart: what is *desired* changes with a job that a user posted, under the
fence of its attempt; what was *observed* is written by whoever has just looked at Flink; and what
is *acknowledged* are the epochs that every instance of the Flink job has confirmed.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    case,
    func,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from flinkjobrunner.store import claims
from flinkjobrunner.store.alert_queries import mark_stale
from flinkjobrunner.store.engine import begin
from flinkjobrunner.store.metadata import metadata
from flinkjobrunner.store.programs import programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

# Any constant, as long as no other advisory lock with two keys in this database has it.
_LOCK = 0x464A44
_LOCK_WAIT = "150s"
# Longer than a savepoint may take, during which the one who has the lock says nothing to us.
_LOCK_IDLE = "400s"


class Desired(StrEnum):
    RUNNING = "running"
    UNDEPLOYED = "undeployed"


def _time(name: str, *, now: bool = False) -> Column[object]:
    if now:
        return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())
    return Column(name, DateTime(timezone=True))


deployments = Table(
    "deployments",
    metadata,
    Column("name", Text, primary_key=True),
    Column("desired", Text, nullable=False),
    # Counts activations; it goes on counting over an undeploy.
    Column("epoch", BigInteger, nullable=False),
    Column("acknowledged_epoch", BigInteger, nullable=False, server_default="0"),
    Column("digest", Text, ForeignKey("programs.digest"), nullable=False),
    Column("parallelism", Integer, nullable=False),
    # The newest submission, written before it is made: so it is known after any crash.
    Column("flink_job_id", Text),
    # The savepoint or checkpoint that it starts from; once it has checkpoints those are newer.
    Column("restore_from", Text),
    # Jar, sources and parallelism of the newest submission.
    Column("submitted", JSONB(none_as_null=True)),
    Column("observed", Text),
    Column("observed_detail", Text, nullable=False, server_default=""),
    _time("observed_since"),
    _time("observed_at"),
    _time("desired_since", now=True),
    _time("created_at", now=True),
    CheckConstraint("desired IN ('running', 'undeployed')", name="desired"),
)

activations = Table(
    "activations",
    metadata,
    Column(
        "deployment", Text, ForeignKey("deployments.name", ondelete="CASCADE"), primary_key=True
    ),
    Column("epoch", BigInteger, primary_key=True),
    Column("digest", Text, ForeignKey("programs.digest"), nullable=False),
    Column("job_id", Text, nullable=False),
    _time("at", now=True),
    Index("activations_job_id_idx", "job_id"),
)


@dataclass(frozen=True, kw_only=True)
class Deployment:
    name: str
    desired: Desired
    epoch: int
    acknowledged_epoch: int
    digest: str
    parallelism: int
    flink_job_id: str | None
    restore_from: str | None
    submitted: dict[str, Any] | None
    observed: str | None
    observed_detail: str
    observed_since: datetime | None
    observed_at: datetime | None
    desired_since: datetime
    created_at: datetime
    shapes: int

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        return cls(**dict(row) | {"desired": Desired(row["desired"])})


@dataclass(frozen=True, kw_only=True)
class Activation:
    epoch: int
    # Whether this call made it; otherwise it was there, of this job or of one that wanted the same.
    new: bool


@dataclass(frozen=True, kw_only=True)
class PastActivation:
    epoch: int
    digest: str
    job_id: str
    at: datetime


_shapes = func.coalesce(programs.c.summary["shapes"].as_integer(), 0).label("shapes")
_columns = [*(column for column in deployments.columns), _shapes]
_joined = deployments.join(programs, programs.c.digest == deployments.c.digest)


def find(connection: Connection, name: str) -> Deployment | None:
    query = select(*_columns).select_from(_joined).where(deployments.c.name == name)
    row = connection.execute(query).mappings().one_or_none()
    return Deployment.of(row) if row else None


def listing(connection: Connection) -> list[Deployment]:
    query = select(*_columns).select_from(_joined).order_by(deployments.c.name)
    return [Deployment.of(row) for row in connection.execute(query).mappings()]


def exist(connection: Connection) -> bool:
    """Whether the schema knows deployments yet: a fresh database has no tables."""
    return connection.scalar(text("SELECT to_regclass('deployments')")) is not None


@contextmanager
def exclusive(url: str, name: str) -> Iterator[None]:
    """One at a time per deployment looks for its Flink job and submits it, whatever process it is:
    two that both find none would submit two."""
    with begin(url) as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{_LOCK_WAIT}'"))
        idle = f"SET LOCAL idle_in_transaction_session_timeout = '{_LOCK_IDLE}'"
        connection.execute(text(idle))
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key, hashtext(:name))"),
            {"key": _LOCK, "name": name},
        )
        yield


def history(connection: Connection, name: str, *, limit: int) -> list[PastActivation]:
    """The programs that the deployment has had, newest first."""
    query = (
        select(activations.c.epoch, activations.c.digest, activations.c.job_id, activations.c.at)
        .where(activations.c.deployment == name)
        .order_by(activations.c.epoch.desc())
        .limit(limit)
    )
    return [PastActivation(**row) for row in connection.execute(query).mappings()]


def activated_by(connection: Connection, name: str, job_id: str) -> bool:
    """Whether an earlier attempt of this job got as far as activating its program."""
    query = select(activations.c.epoch).where(
        activations.c.deployment == name, activations.c.job_id == job_id
    )
    return connection.scalar(query) is not None


def activate(
    connection: Connection,
    *,
    name: str,
    digest: str,
    job_id: str,
    attempt: int,
    above: int,
    parallelism: int,
) -> Activation:
    """Make a program the desired one; its epoch is higher than any that the job can have seen.

    `above` is the highest epoch that instances have acknowledged: it matters when the database is
    younger than the topics. A repetition by the same job, or the same program again while its
    activation is acknowledged, is no new activation.
    """
    claims.own(connection, job_id, attempt)
    row = _locked(connection, name)
    if row is not None and row["desired"] == Desired.RUNNING and row["digest"] == digest:
        acknowledged = row["acknowledged_epoch"] == row["epoch"]
        if acknowledged or _epoch_of(connection, name, job_id) == row["epoch"]:
            return Activation(epoch=row["epoch"], new=False)
    epoch = max(row["epoch"] if row else 0, above) + 1
    _desire_running(connection, name, epoch=epoch, digest=digest, parallelism=parallelism)
    if row is not None and row["desired"] == Desired.UNDEPLOYED:
        mark_stale(connection, name, None)
    connection.execute(
        insert(activations).values(deployment=name, epoch=epoch, digest=digest, job_id=job_id)
    )
    return Activation(epoch=epoch, new=True)


def acknowledged(connection: Connection, *, name: str, epoch: int) -> None:
    connection.execute(
        update(deployments)
        .where(deployments.c.name == name)
        .values(acknowledged_epoch=func.greatest(deployments.c.acknowledged_epoch, epoch))
    )


def submitting(
    connection: Connection,
    *,
    name: str,
    flink_job_id: str,
    restore_from: str | None,
    submitted: dict[str, Any],
) -> None:
    """Before the submission itself, so that a crash in between leaves a trace of it."""
    connection.execute(
        update(deployments)
        .where(deployments.c.name == name)
        .values(
            flink_job_id=flink_job_id,
            restore_from=restore_from,
            submitted=submitted,
            parallelism=submitted["parallelism"],
        )
    )


def stopped(connection: Connection, *, name: str, savepoint: str | None) -> None:
    """To be submitted anew at once: until then it is about to start, not failed."""
    values: dict[str, object] = {"flink_job_id": null(), "desired_since": func.now()}
    if savepoint is not None:
        values["restore_from"] = savepoint
    connection.execute(update(deployments).where(deployments.c.name == name).values(**values))


def observe(
    connection: Connection, *, name: str, state: str, detail: str, flink_job_id: str | None = None
) -> None:
    """What was seen just now; `observed_since` moves only with the state."""
    same = deployments.c.observed == state
    values: dict[str, object] = {
        "observed": state,
        "observed_detail": detail,
        "observed_at": func.now(),
        "observed_since": case((same, deployments.c.observed_since), else_=func.now()),
    }
    if flink_job_id is not None:
        values["flink_job_id"] = flink_job_id
    connection.execute(update(deployments).where(deployments.c.name == name).values(**values))


def undeploy(
    connection: Connection,
    *,
    name: str,
    job_id: str,
    attempt: int,
    savepoint: str | None,
    forget: bool = False,
) -> int:
    """Its job is gone; the next one starts from the savepoint, or when that is to be forgotten from
    what the topics hold. How many alerts became stale: none the second time, since they have been
    ever since the first."""
    claims.own(connection, job_id, attempt)
    row = _locked(connection, name)
    values: dict[str, object] = {
        "desired": Desired.UNDEPLOYED.value,
        "desired_since": case(
            (deployments.c.desired == Desired.UNDEPLOYED.value, deployments.c.desired_since),
            else_=func.now(),
        ),
    }
    if forget:
        values |= {"restore_from": null(), "flink_job_id": null()}
    elif savepoint is not None:
        values |= {"restore_from": savepoint, "flink_job_id": null()}
    connection.execute(update(deployments).where(deployments.c.name == name).values(**values))
    if row is None or row["desired"] == Desired.UNDEPLOYED:
        return 0
    return mark_stale(connection, name, connection.scalar(select(func.now())))


def _locked(connection: Connection, name: str) -> RowMapping | None:
    query = select(deployments).where(deployments.c.name == name).with_for_update()
    return connection.execute(query).mappings().one_or_none()


def _epoch_of(connection: Connection, name: str, job_id: str) -> int:
    query = select(func.coalesce(func.max(activations.c.epoch), 0)).where(
        activations.c.deployment == name, activations.c.job_id == job_id
    )
    return int(connection.execute(query).scalar_one())


def _desire_running(
    connection: Connection, name: str, *, epoch: int, digest: str, parallelism: int
) -> None:
    """The parallelism stays as it was until a Flink job with another one is submitted."""
    desired = Desired.RUNNING.value
    statement = upsert(deployments).values(
        name=name, desired=desired, epoch=epoch, digest=digest, parallelism=parallelism
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "desired": desired,
                "epoch": epoch,
                "digest": digest,
                "desired_since": case(
                    (deployments.c.desired == desired, deployments.c.desired_since),
                    else_=func.now(),
                ),
            },
        )
    )
