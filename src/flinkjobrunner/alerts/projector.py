"""Keeps the alert tables equal to the alert topic, each record counted exactly once.

The Flink job publishes alerts at least once, in partitions. People ask for alerts in
SQL, with filters and history. In between stands this loop, which must survive whatever
Kafka and PostgreSQL do: positions live in the same transaction as the rows, never in
Kafka, so a crash at any point neither loses nor repeats an effect. After any failure it
forgets everything in memory and starts again from the positions in the database.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints, store
from flinkjobrunner.alerts import records
from flinkjobrunner.alerts.fold import Known, fold
from flinkjobrunner.alerts.records import RecordError, State
from flinkjobrunner.alerts.topic import AlertTopic, Message, TopicUnavailableError
from flinkjobrunner.store.projection import (
    CurrentAlert,
    NewTransition,
    Progress,
    Projection,
    ProjectionError,
    Reject,
    SupersededError,
)
from flinkjobrunner.telemetry import get_logger

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Mapping, Sequence

    from flinkjobrunner.alerts.fold import Applied
    from flinkjobrunner.alerts.records import Tombstone, Transition
    from flinkjobrunner.config import Settings

log = get_logger(__name__)

TOPIC = "shacl.alerts"
FIRST_BACK_OFF_SECONDS = 0.2
LAST_BACK_OFF_SECONDS = 10.0
# How often a stand-by looks whether the projector of another worker is gone.
STAND_BY_SECONDS = 1.0


class Projector:
    def __init__(self, settings: Settings, *, topic: str = TOPIC) -> None:
        self._database_url = settings.database_url
        self._bootstrap = settings.kafka_bootstrap
        self._topic = topic

    def run(self, stop: threading.Event) -> None:
        """Projects until told to stop; outages are logged once and waited for."""
        back_off = _BackOff()
        engine = store.engine(self._database_url)
        while not stop.is_set():
            try:
                with Projection.open(engine, self._topic) as projection:
                    self._lead(projection, stop, back_off)
            except (ProjectionError, TopicUnavailableError) as error:
                back_off.failed(error)
                stop.wait(back_off.seconds)

    def _lead(self, projection: Projection, stop: threading.Event, back_off: _BackOff) -> None:
        while not projection.lead():
            if stop.wait(STAND_BY_SECONDS):
                return
        with closing(AlertTopic(self._bootstrap, self._topic)) as topic:
            while not stop.is_set():
                try:
                    self._project(projection, topic, stop, back_off)
                except SupersededError as error:
                    log.warning("projector.superseded", error=str(error))

    def _project(
        self, projection: Projection, topic: AlertTopic, stop: threading.Event, back_off: _BackOff
    ) -> None:
        """Follows the topic until its set of partitions changes."""
        positions = projection.positions()
        topic_id, partitions = topic.describe()
        if _made_anew((one.topic_id for one in positions.values()), topic_id):
            log.warning("projector.topic-made-anew", topic=self._topic)
            projection.start_anew(topic_id, datetime.now(UTC))
            positions = projection.positions()
        offsets = {
            partition: positions[partition].next_offset if partition in positions else 0
            for partition in partitions
        }
        topic.assign(offsets)
        while not stop.is_set() and not topic.has_changed():
            messages = topic.poll()
            if messages:
                apply(projection, messages, offsets, topic_id)
            back_off.succeeded()


def _made_anew(known: Iterable[str | None], topic_id: str | None) -> bool:
    return topic_id is not None and any(one not in (None, topic_id) for one in known)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """What a batch holds of one partition, read."""

    end: int
    records: list[Transition | Tombstone]
    rejects: list[Reject]


def apply(
    projection: Projection,
    messages: Sequence[Message],
    offsets: dict[int, int],
    topic_id: str | None,
) -> None:
    """One batch, one transaction; `offsets` moves with it."""
    parts = {partition: _read(part) for partition, part in _by_partition(messages).items()}
    failpoints.reach("projector.before")
    with projection.transaction():
        named = {record.alert_id for part in parts.values() for record in part.records}
        stored = projection.stored(named)
        known = {
            one.alert_id: Known(sequence=one.sequence, state=State(one.state), data=one.data)
            for one in stored.values()
        }
        applied: list[Applied] = []
        progress: list[Progress] = []
        for partition, part in parts.items():
            changes = fold(known, part.records)
            known |= changes.known
            applied += changes.applied
            progress.append(
                Progress(
                    partition=partition,
                    start=offsets[partition],
                    end=part.end,
                    applied=len(changes.applied),
                    repeated=changes.repeated,
                    rejected=len(part.rejects),
                )
            )
        _write(projection, applied, known, stored)
        projection.reject([reject for part in parts.values() for reject in part.rejects])
        projection.advance(progress, topic_id)
        failpoints.reach("projector.uncommitted")
    failpoints.reach("projector.committed")
    offsets |= {one.partition: one.end for one in progress}
    for part in parts.values():
        for reject in part.rejects:
            log.warning(
                "projector.record-set-aside",
                partition=reject.partition,
                offset=reject.offset,
                reason=reject.reason,
            )


def _write(
    projection: Projection,
    applied: Sequence[Applied],
    known: Mapping[str, Known],
    stored: Mapping[str, CurrentAlert],
) -> None:
    """History in order, then each alert's row as it is after all of it."""
    history = projection.append(
        [
            NewTransition(
                alert_id=one.transition.alert_id,
                sequence=one.transition.sequence,
                state=one.transition.state.value,
                data=one.transition.data,
                at=one.transition.at,
            )
            for one in applied
        ]
    )
    places = {one.alert_id: (one.position, one.raised_position) for one in stored.values()}
    for position, one in zip(history, applied, strict=True):
        alert_id = one.transition.alert_id
        _, raised = places.get(alert_id, (position, position))
        places[alert_id] = (position, position if one.opens else raised)
    projection.save(
        [
            CurrentAlert(
                alert_id=alert_id,
                sequence=now.sequence,
                state=now.state.value,
                data=now.data,
                position=places[alert_id][0],
                raised_position=places[alert_id][1],
            )
            for alert_id, now in known.items()
        ]
    )
    if history:
        projection.notify()


def _by_partition(messages: Iterable[Message]) -> dict[int, list[Message]]:
    found: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        found[message.partition].append(message)
    return found


def _read(messages: Sequence[Message]) -> _Part:
    read: list[Transition | Tombstone] = []
    rejects: list[Reject] = []
    for message in messages:
        try:
            read.append(records.read(message.key, message.value, message.timestamp_ms))
        except RecordError as error:
            rejects.append(
                Reject(
                    partition=message.partition,
                    offset=message.offset,
                    key=message.key,
                    value=message.value,
                    reason=str(error),
                )
            )
    return _Part(end=messages[-1].offset + 1, records=read, rejects=rejects)


class _BackOff:
    """Waits longer after each failure in a row, and logs an outage at its two ends only."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def failed(self, error: Exception) -> None:
        if not self.seconds:
            log.warning("projector.waits", error=str(error))
        self.seconds = min(LAST_BACK_OFF_SECONDS, max(FIRST_BACK_OFF_SECONDS, self.seconds * 2))

    def succeeded(self) -> None:
        if self.seconds:
            log.info("projector.goes-on")
        self.seconds = 0.0
