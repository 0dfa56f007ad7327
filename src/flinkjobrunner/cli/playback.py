"""Plays a recording to Kafka as if it happened now, faster than it did."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from confluent_kafka import Producer

if TYPE_CHECKING:
    from pathlib import Path

TOPIC = "ngsi-ld.entities"
# Two minutes become half a minute. What lasts for a fifth of a second in the recording, to show
# that it is not told, still lasts less than `settle`; every violation that is told, much longer.
SPEED = 4.0
_FLUSH_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class _Line:
    at: datetime
    key: str
    operation: str | None
    document: dict[str, Any] | None


class Playback:
    """A context; `play` returns when Kafka has acknowledged the last record."""

    def __init__(self, bootstrap: str, recording: Path) -> None:
        self._lines = _read(recording)
        # Quiet: the terminal is for what the service says, and Kafka may end before the client.
        self._producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 2, "log_level": 0})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.purge()
        self._producer.flush(1)

    @property
    def seconds(self) -> float:
        return (self._lines[-1].at - self._lines[0].at).total_seconds() / SPEED

    def play(self) -> None:
        shift = _Shift(recorded=self._lines[0].at, now=datetime.now(UTC))
        for line in self._lines:
            self._producer.poll(max(0.0, shift.due(line.at) - time.time()))
            # `poll` returns early when there is something to report.
            time.sleep(max(0.0, shift.due(line.at) - time.time()))
            self._send(line, shift)
        if self._producer.flush(_FLUSH_SECONDS):
            raise TimeoutError("Kafka did not acknowledge the recording in time")

    def _send(self, line: _Line, shift: _Shift) -> None:
        value = None
        if line.document is not None:
            value = json.dumps(shift.moved(line.document), ensure_ascii=False).encode()
        headers: list[tuple[str, str | bytes | None]] = []
        if line.operation is not None:
            headers.append(("ngsi-ld-operation", line.operation))
        self._producer.produce(TOPIC, key=line.key, value=value, headers=headers)


@dataclass(frozen=True, kw_only=True)
class _Shift:
    """From recorded time to now. Each start is later than all of the last run was, so that what is
    played again counts as newer."""

    recorded: datetime
    now: datetime

    def of(self, moment: datetime) -> datetime:
        return self.now + (moment - self.recorded) / SPEED

    def due(self, moment: datetime) -> float:
        return self.of(moment).timestamp()

    def moved(self, value: Any) -> Any:
        """A document with every `observedAt` moved."""
        if isinstance(value, list):
            return [self.moved(one) for one in value]
        if isinstance(value, dict):
            return {
                name: _text(self.of(_moment(one))) if name == "observedAt" else self.moved(one)
                for name, one in value.items()
            }
        return value


def _read(recording: Path) -> list[_Line]:
    lines: list[_Line] = []
    at = datetime.now(UTC)
    with recording.open(encoding="utf-8") as file:
        for text in file:
            document = json.loads(text)
            with suppress(KeyError):
                at = _moment(document.pop("_timestamp"))
            operation = document.pop("_operation", None)
            tombstone = document.pop("_tombstone", False)
            lines.append(
                _Line(
                    at=at,
                    key=_key(document),
                    operation=operation,
                    document=None if tombstone else document,
                )
            )
    return lines


def _key(document: dict[str, Any]) -> str:
    """The entity's id; of a notification that of the first entity in it."""
    inside = document.get("data")
    return str(inside[0]["id"] if isinstance(inside, list) and inside else document["id"])


def _moment(value: str | int) -> datetime:
    if isinstance(value, int):
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=value)
    return datetime.fromisoformat(value)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
