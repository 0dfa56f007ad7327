"""What the projector writes: rows and Kafka positions, always in one transaction.

One connection belongs to the projector for as long as it runs. It holds a session lock,
so that there is one projector however many workers there are, and every write goes
through that same connection: a projector that lost its connection lost the lock with it,
and can no longer write anything.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from flinkjobrunner.store.alerts import (
    alert_history,
    alert_rejects,
    alerts,
    projector_positions,
)
from flinkjobrunner.store.batches import parameters, rows_of
from flinkjobrunner.store.notify import ALERTS, notify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Engine
    from sqlalchemy.dialects.postgresql import Insert

# Any number will do, as long as nothing else of the service takes the same one.
_PROJECTOR_LOCK = 0x5348_4143_4C01


_HISTORY = ("alert_id", "sequence", "type", "data", "at")


def _saving() -> Insert:
    names = [column.name for column in alerts.columns]
    statement = upsert(alerts).from_select(names, rows_of(alerts, names))
    changed = {name: statement.excluded[name] for name in names if name != "alert_id"}
    return statement.on_conflict_do_update(index_elements=["alert_id"], set_=changed)


_APPEND = (
    insert(alert_history)
    .from_select(_HISTORY, rows_of(alert_history, _HISTORY))
    .returning(alert_history.c.position)
)
_SAVE = _saving()


class ProjectionError(Exception):
    """The database could not be reached or written; nothing of the transaction remains."""


class SupersededError(ProjectionError):
    """Somebody else moved the positions: what is in memory is no longer true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    next_offset: int
    topic_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a batch took one partition; it moves from `start` to `end` or not at all."""

    partition: int
    start: int
    end: int
    applied: int
    repeated: int
    rejected: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrentAlert:
    """An alert's row after a batch; `sequence` is 0 when the topic forgot the alert."""

    alert_id: str
    sequence: int
    state: str
    data: dict[str, Any]
    position: int
    raised_position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTransition:
    alert_id: str
    sequence: int
    state: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    reason: str


class Projection:
    """The writing end of the alert tables."""

    def __init__(self, connection: Connection, topic: str) -> None:
        self._connection = connection
        self._topic = topic

    @classmethod
    @contextmanager
    def open(cls, engine: Engine, topic: str) -> Iterator[Projection]:
        """A connection of its own, which ends, and its lock with it, rather than be reused."""
        with _translated():
            connection = engine.connect()
            connection.detach()
        try:
            yield cls(connection, topic)
        finally:
            # A broken connection cannot be closed in order; it is gone either way.
            with suppress(SQLAlchemyError):
                connection.close()

    def lead(self) -> bool:
        """Whether this is now the one projector."""
        with _translated(), self._connection.begin():
            return bool(self._connection.scalar(select(func.pg_try_advisory_lock(_PROJECTOR_LOCK))))

    def positions(self) -> dict[int, Position]:
        table = projector_positions.c
        query = select(table.partition, table.next_offset, table.topic_id).where(
            table.topic == self._topic
        )
        with _translated(), self._connection.begin():
            return {
                row.partition: Position(next_offset=row.next_offset, topic_id=row.topic_id)
                for row in self._connection.execute(query)
            }

    def start_anew(self, topic_id: str | None, at: datetime) -> None:
        """The topic was deleted and made again: its offsets and the job's numbering restart.

        What stands is kept, marked stale until the new topic says something about it.
        """
        with _translated(), self._connection.begin():
            self._connection.execute(
                update(projector_positions)
                .where(projector_positions.c.topic == self._topic)
                .values(next_offset=0, topic_id=topic_id)
            )
            self._connection.execute(update(alerts).values(sequence=0))
            self._connection.execute(
                update(alerts)
                .where(alerts.c.state != "cleared", alerts.c.stale_since.is_(None))
                .values(stale_since=at)
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with _translated(), self._connection.begin():
            yield

    def stored(self, alert_ids: Iterable[str]) -> dict[str, CurrentAlert]:
        table = alerts.c
        query = select(
            table.alert_id,
            table.sequence,
            table.state,
            table.data,
            table.position,
            table.raised_position,
        ).where(table.alert_id == func.any(list(alert_ids)))
        return {
            row["alert_id"]: CurrentAlert(**row)
            for row in self._connection.execute(query).mappings()
        }

    def append(self, transitions: Sequence[NewTransition]) -> list[int]:
        """Writes history, in order; answers the position of each."""
        if not transitions:
            return []
        rows = [
            {
                "alert_id": one.alert_id,
                "sequence": one.sequence,
                "type": one.state,
                "data": one.data,
                "at": one.at,
            }
            for one in transitions
        ]
        return list(self._connection.scalars(_APPEND, parameters(rows)))

    def save(self, current: Sequence[CurrentAlert]) -> None:
        """Writes the current rows of alerts; what an alert says is true again, so not stale."""
        if not current:
            return
        self._connection.execute(_SAVE, parameters([_row(one) for one in current]))

    def reject(self, rejects: Sequence[Reject]) -> None:
        if not rejects:
            return
        self._connection.execute(
            upsert(alert_rejects).on_conflict_do_nothing(),
            [
                {
                    "topic": self._topic,
                    "partition": one.partition,
                    "record_offset": one.offset,
                    "key": one.key,
                    "value": one.value,
                    "reason": one.reason,
                }
                for one in rejects
            ],
        )

    def advance(self, progress: Iterable[Progress], topic_id: str | None) -> None:
        for one in progress:
            table = projector_positions
            statement = upsert(table).values(
                topic=self._topic,
                partition=one.partition,
                next_offset=one.end,
                topic_id=topic_id,
                applied=one.applied,
                repeated=one.repeated,
                rejected=one.rejected,
            )
            moved = self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["topic", "partition"],
                    set_={
                        "next_offset": one.end,
                        "topic_id": topic_id,
                        "applied": table.c.applied + one.applied,
                        "repeated": table.c.repeated + one.repeated,
                        "rejected": table.c.rejected + one.rejected,
                        "updated_at": func.now(),
                    },
                    where=table.c.next_offset == one.start,
                ).returning(table.c.partition)
            )
            if moved.first() is None:
                raise SupersededError(f"partition {one.partition} is no longer at {one.start}")

    def notify(self) -> None:
        """Wakes whoever waits for alerts, when the transaction commits."""
        notify(self._connection, ALERTS)


def _row(current: CurrentAlert) -> dict[str, Any]:
    data = current.data
    cleared_at = data.get("clearedAt") if current.state == "cleared" else None
    return {
        "alert_id": current.alert_id,
        "deployment": data["deployment"],
        "entity": data["entity"],
        "state": current.state,
        "sequence": current.sequence,
        "severity": data["severity"],
        "source_shape": data["sourceShape"],
        "data": data,
        "raised_at": _time(data["raisedAt"]),
        "updated_at": _time(data["updatedAt"]),
        "cleared_at": _time(cleared_at) if cleared_at else None,
        "stale_since": None,
        "position": current.position,
        "raised_position": current.raised_position,
    }


def _time(lexical: str) -> datetime:
    at = datetime.fromisoformat(lexical)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@contextmanager
def _translated() -> Iterator[None]:
    """Callers outside `store` know no SQL library."""
    try:
        yield
    except SQLAlchemyError as error:
        # The first line says what happened; the rest repeats the statement and its values.
        raise ProjectionError(str(error).partition("\n")[0]) from error
