"""An existing Flink cluster, reached through its REST interface only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.backends.base import Action, observed
from flinkjobrunner.backends.flink_rest import FlinkRest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flinkjobrunner.backends.base import Observation, Wanted

_SAVEPOINT_SECONDS = 300.0


class SessionBackend:
    def __init__(self, url: str) -> None:
        self._flink = FlinkRest(url)

    def close(self) -> None:
        self._flink.close()

    def observe(self) -> Mapping[str, Observation]:
        return self._flink.jobs()

    def diff(self, deployment: str) -> Action:
        return Action.KEEP if observed(self, deployment).state.alive else Action.START

    def apply(self, wanted: Wanted, flink_job_id: str) -> None:
        self._flink.submit(wanted, flink_job_id)

    def cancel(self, flink_job_id: str) -> None:
        self._flink.cancel(flink_job_id)

    def savepoint(self, flink_job_id: str) -> str:
        return self._flink.stop(flink_job_id, _SAVEPOINT_SECONDS)

    def newest_state(self, flink_job_id: str) -> str | None:
        """Known to the JobManager only: one that was started anew has forgotten it."""
        return self._flink.newest_checkpoint(flink_job_id)

    def discard(self, savepoint: str) -> None:
        self._flink.discard(savepoint, _SAVEPOINT_SECONDS)

    def usable(self, _path: str) -> bool:
        """Where the cluster keeps its files is its own affair; it says so when they are gone."""
        return True

    def cause(self, flink_job_id: str) -> str:
        return self._flink.cause(flink_job_id)

    def describe(self) -> str:
        overview = self._flink.overview()
        slots = f"{overview['slots-available']} of {overview['slots-total']} slots are free"
        return f"{overview['flink-version']}, {overview['taskmanagers']} TaskManagers, {slots}"
