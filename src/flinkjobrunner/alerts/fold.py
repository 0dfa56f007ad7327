"""What a run of records changes, given what is known of the alerts they name.

A pure function, because the whole promise of the projector hangs on it: however the
records are cut into batches and however often they are repeated, the rows are the same.

* A sequence that is not above the known one is a repeat (the job publishes at least once).
* A tombstone lets the topic forget the alert, so its numbering may start anew: the next
  record counts, whatever its sequence. The row and its history stay. An alert that still
  stood is cleared by it: what the topic no longer holds does not stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING

from flinkjobrunner.alerts.records import State, Tombstone, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The newest applied transition of an alert; `sequence` is 0 once the topic forgot it."""

    sequence: int
    state: State
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    transition: Transition
    opens: bool
    """The alert did not stand before: a new time of standing begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    applied: tuple[Applied, ...]
    known: dict[str, Known]
    """The alerts that changed, as they are afterwards."""
    repeated: int


def fold(known: Mapping[str, Known], records: Iterable[Transition | Tombstone]) -> Changes:
    changed: dict[str, Known] = {}
    applied: list[Applied] = []
    repeated = 0
    for record in records:
        before = changed.get(record.alert_id) or known.get(record.alert_id)
        if isinstance(record, Tombstone):
            if before is None or before.sequence == 0:
                repeated += 1
                continue
            if before.state is not State.CLEARED:
                clear = _clear(before, record)
                applied.append(Applied(transition=clear, opens=False))
                before = _known(clear)
            changed[record.alert_id] = replace(before, sequence=0)
        elif before is not None and record.sequence <= before.sequence:
            repeated += 1
        else:
            stood = before is not None and before.state is not State.CLEARED
            opens = record.state is not State.CLEARED and not stood
            applied.append(Applied(transition=record, opens=opens))
            changed[record.alert_id] = _known(record)
    return Changes(applied=tuple(applied), known=changed, repeated=repeated)


def _known(transition: Transition) -> Known:
    return Known(sequence=transition.sequence, state=transition.state, data=transition.data)


def _clear(before: Known, tombstone: Tombstone) -> Transition:
    at = _text(tombstone.at)
    return Transition(
        alert_id=tombstone.alert_id,
        sequence=before.sequence,
        state=State.CLEARED,
        at=tombstone.at,
        data={**before.data, "state": State.CLEARED.value, "updatedAt": at, "clearedAt": at},
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
