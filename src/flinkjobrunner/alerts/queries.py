"""What is asked about alerts, in the words of those who ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flinkjobrunner import store
from flinkjobrunner.store import alert_queries
from flinkjobrunner.store.alert_queries import (
    AlertFilter,
    AlertGroup,
    AlertRow,
    HistoryRow,
    ProjectorState,
    Selection,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = [
    "AlertFilter",
    "AlertGroup",
    "AlertRow",
    "Alerts",
    "HistoryRow",
    "Page",
    "ProjectorState",
    "Selection",
    "Standing",
    "document",
    "severity_iri",
]

SHACL = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {name.lower(): f"{SHACL}{name}" for name in ("Violation", "Warning", "Info")}
_TRANSITIONS_AT_ONCE = 500


def severity_iri(text: str) -> str:
    """`warning` is what people type; the alert has `sh:Warning`. Other severities are IRIs."""
    return _SEVERITIES.get(text.lower().removeprefix("sh:"), text)


def document(row: AlertRow) -> dict[str, Any]:
    """The alert as it was published; a stale one also says since when nobody judges it."""
    if row.stale_since is None or row.data["state"] == "cleared":
        return row.data
    return row.data | {"staleSince": row.stale_since.isoformat().replace("+00:00", "Z")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    items: tuple[AlertRow, ...]
    following: int | None
    """Where the next page begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What stands, at a glance, and the position up to which that is so."""

    by_severity: dict[str, int]
    groups: tuple[AlertGroup, ...]
    position: int


class Alerts:
    """The reading end; every call sees the newest committed state."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url

    def page(
        self, selection: Selection, conditions: AlertFilter, *, before: int | None, limit: int
    ) -> Page:
        with store.read(self._url) as connection:
            rows = alert_queries.page(
                connection, selection, _resolved(conditions), before=before, limit=limit + 1
            )
        items = tuple(rows[:limit])
        return Page(items=items, following=items[-1].place if len(rows) > limit else None)

    def one(self, alert_id: str) -> AlertRow | None:
        with store.read(self._url) as connection:
            return alert_queries.one(connection, alert_id)

    def history(self, alert_id: str, *, limit: int = 100) -> list[HistoryRow]:
        with store.read(self._url) as connection:
            return alert_queries.history(connection, alert_id, limit=limit)

    def position(self) -> int:
        with store.read(self._url) as connection:
            return alert_queries.newest_position(connection)

    def after(self, position: int, conditions: AlertFilter) -> Iterator[HistoryRow]:
        """All transitions that follow a position and are there now."""
        wanted = _resolved(conditions)
        while True:
            with store.read(self._url) as connection:
                rows = alert_queries.after(connection, position, wanted, limit=_TRANSITIONS_AT_ONCE)
            yield from rows
            if len(rows) < _TRANSITIONS_AT_ONCE:
                return
            position = rows[-1].position

    def standing(self, *, groups: int) -> Standing:
        with store.read(self._url) as connection:
            # Read first: what changes meanwhile is told again rather than missed.
            position = alert_queries.newest_position(connection)
            return Standing(
                by_severity=alert_queries.standing_by_severity(connection),
                groups=tuple(alert_queries.standing_groups(connection, limit=groups)),
                position=position,
            )

    def mark_stale(self, deployment: str, since: datetime | None) -> int:
        """An undeployed deployment's alerts stand on, but nobody judges them; None undoes it."""
        with store.begin(self._url) as connection:
            return alert_queries.mark_stale(connection, deployment, since)

    def projector(self) -> ProjectorState:
        with store.read(self._url) as connection:
            return alert_queries.projector_state(connection)


def _resolved(conditions: AlertFilter) -> AlertFilter:
    if conditions.severity is None:
        return conditions
    return replace(conditions, severity=severity_iri(conditions.severity))
