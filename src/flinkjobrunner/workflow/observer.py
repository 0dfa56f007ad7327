"""Looks at every deployment's Flink job each second, and writes what it sees, with the time.

An observer that sees nothing changes nothing: what was observed stays, and grows old. Readers tell
by its age that it is stale; a state is never made of an error.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from flinkjobrunner.backends import backend_of
from flinkjobrunner.backends.base import ABSENT, FlinkRefusedError, FlinkUnavailableError, JobState
from flinkjobrunner.errors import ConfigurationError, DatabaseUnavailableError
from flinkjobrunner.store import begin, deployments, read
from flinkjobrunner.telemetry import get_logger

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from flinkjobrunner.backends.base import Backend, Observation
    from flinkjobrunner.config import Settings
    from flinkjobrunner.store.deployments import Deployment

INTERVAL_SECONDS = 1.0
log = get_logger(__name__)


def run(settings: Settings, stop: threading.Event) -> None:
    """Until it is told to stop."""
    try:
        backend = backend_of(settings)
    except ConfigurationError as error:
        log.warning("observer.off", reason=str(error))
        stop.wait()
        return
    with closing(backend):
        _look_on(settings, backend, stop)


def _look_on(settings: Settings, backend: Backend, stop: threading.Event) -> None:
    blind = False
    while not stop.is_set():
        try:
            look(settings.database(), backend)
        except (FlinkUnavailableError, FlinkRefusedError, DatabaseUnavailableError) as error:
            if not blind:
                log.warning("observer.sees-nothing", error=str(error))
            blind = True
        else:
            if blind:
                log.info("observer.sees-again")
            blind = False
        stop.wait(INTERVAL_SECONDS)


def look(url: str, backend: Backend) -> None:
    """One look at everything; nothing is asked of Flink while there are no deployments."""
    with read(url) as connection:
        known = deployments.listing(connection)
    if not known:
        return
    jobs = backend.observe()
    causes = {one.name: _cause(backend, one, jobs) for one in known}
    with begin(url) as connection:
        for one in known:
            seen = jobs.get(one.name, ABSENT)
            deployments.observe(
                connection,
                name=one.name,
                state=seen.state.value,
                detail=seen.detail or causes[one.name],
                flink_job_id=seen.flink_job_id if seen.state.alive else None,
            )


def _cause(backend: Backend, one: Deployment, jobs: Mapping[str, Observation]) -> str:
    """Why it is not well. Asked once for each change: the reason does not change with time."""
    seen = jobs.get(one.name, ABSENT)
    if seen.state not in (JobState.FAILED, JobState.RESTARTING) or seen.flink_job_id is None:
        return ""
    if one.observed == seen.state and one.observed_detail:
        return one.observed_detail
    return backend.cause(seen.flink_job_id)
