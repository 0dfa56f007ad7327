"""What the service depends on, observed in the background.

A health endpoint that asks its dependencies blocks exactly when it matters. Here every dependency
has a thread of its own that asks it every two seconds, and readers get what was last observed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from flinkjobrunner.config import Backend
from flinkjobrunner.errors import ConfigurationError, DatabaseUnavailableError
from flinkjobrunner.store import is_current, read
from flinkjobrunner.store.jobs import count_by_status
from flinkjobrunner.telemetry import get_logger, metrics

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings

INTERVAL_SECONDS = 2.0
TIMEOUT_SECONDS = 3.0
log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Whether a dependency answers, since when that is so, and when it was last asked."""

    ready: bool
    since: datetime
    detail: str
    observed_at: datetime | None = None


class NotReadyError(Exception):
    """The dependency answered, or did not, in a way that makes it unusable now."""


class Probe(Protocol):
    def __call__(self) -> None:
        """Return when the dependency is ready; raise `NotReadyError` when it is not."""


class Probes:
    def __init__(self, settings: Settings) -> None:
        self._probes: dict[str, Probe] = {
            "database": _Database(settings),
            "kafka": _Kafka(settings.kafka_bootstrap),
        }
        # With the operator there is no cluster until something is deployed.
        if settings.backend is not Backend.KUBERNETES:
            self._probes["flink"] = _Flink(settings.flink_url)
        now = datetime.now(UTC)
        self._observations = {
            name: Observation(ready=False, since=now, detail="not asked yet")
            for name in self._probes
        }
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start observing; does nothing the second time."""
        with self._lock:
            if self._threads or self._stop.is_set():
                return
            self._threads = [
                threading.Thread(target=self._run, args=(name,), name=f"probe {name}", daemon=True)
                for name in self._probes
            ]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """End observing; when this returns, nothing is asked any more."""
        self._stop.set()
        with self._lock:
            for thread in self._threads:
                thread.join()

    def observations(self) -> dict[str, Observation]:
        return dict(self._observations)

    def _run(self, name: str) -> None:
        while not self._stop.is_set():
            try:
                self._probes[name]()
            except NotReadyError as error:
                self._observed(name, ready=False, detail=str(error))
            except Exception as error:  # noqa: BLE001 - a probe's thread must not die
                log.warning("probe.fault", dependency=name, error=repr(error))
                self._observed(name, ready=False, detail="the probe itself failed; see the log")
            else:
                self._observed(name, ready=True, detail="")
            self._stop.wait(INTERVAL_SECONDS)

    def _observed(self, name: str, *, ready: bool, detail: str) -> None:
        now = datetime.now(UTC)
        before = self._observations[name]
        if before.ready is ready and before.observed_at is not None:
            after = replace(before, detail=detail, observed_at=now)
        else:
            after = Observation(ready=ready, since=now, detail=detail, observed_at=now)
            log.info("dependency.changed", dependency=name, ready=ready, detail=detail)
        self._observations[name] = after
        metrics.dependency_ready.labels(name).set(ready)


class _Database:
    """Ready with the schema that this code expects; counts jobs while it is there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self) -> None:
        try:
            url = self._settings.database()
            if not is_current(url):
                raise NotReadyError("the schema is not of this version; run setup")
            with read(url) as connection:
                counts = count_by_status(connection)
        except ConfigurationError as error:
            raise NotReadyError(str(error)) from error
        except DatabaseUnavailableError as error:
            raise NotReadyError("not reachable") from error
        for status in ("QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED"):
            metrics.jobs_by_status.labels(status).set(counts.get(status, 0))


class _Kafka:
    """Ready when a broker answers a request for metadata."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._client: object | None = None

    def __call__(self) -> None:
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        if self._client is None:
            self._client = AdminClient(
                {"bootstrap.servers": self._bootstrap, "log_level": 0, "client.id": "probe"}
            )
        assert isinstance(self._client, AdminClient)
        try:
            metadata = self._client.list_topics(timeout=TIMEOUT_SECONDS)
        except KafkaException as error:
            raise NotReadyError("no broker answers") from error
        if not metadata.brokers:
            raise NotReadyError("the cluster has no broker")


class _Flink:
    """Ready when the JobManager answers and has at least one TaskManager."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def __call__(self) -> None:
        import httpx2

        try:
            with httpx2.Client(trust_env=False, timeout=TIMEOUT_SECONDS) as client:
                response = client.get(f"{self._url}/overview")
                response.raise_for_status()
                overview = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise NotReadyError("the JobManager does not answer") from error
        if not isinstance(overview, dict) or not overview.get("taskmanagers"):
            raise NotReadyError("no TaskManager has registered")
