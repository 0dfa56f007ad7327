"""What the pages show, read in one go from the database: never from Flink, Kafka or Kubernetes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flinkjobrunner.alerts import words
from flinkjobrunner.alerts.queries import AlertFilter, Alerts, Selection
from flinkjobrunner.jobs import JobStatus, Queue
from flinkjobrunner.store import deployments as store
from flinkjobrunner.store import overview, pulse, read
from flinkjobrunner.store.deployment_state import DeploymentState, state_of
from flinkjobrunner.ui.text import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flinkjobrunner.jobs import Job
    from flinkjobrunner.store.deployments import Deployment

ALERTS_SHOWN = 200
JOBS_SHOWN = 12
LINES_SHOWN = 2000
# The order in which severities are listed; those of one's own are presumably no mere information.
_RANKS = ("violation", "other", "warning", "info")
_GOOD = {DeploymentState.RUNNING: "good", DeploymentState.UNDEPLOYED: "off"}
_BAD = (DeploymentState.FAILED, DeploymentState.STALE)


@dataclass(frozen=True, kw_only=True)
class SeverityCount:
    severity: words.Severity
    count: int

    @property
    def words(self) -> str:
        """`6 violations`, but `2 info`: only what is a noun has a plural."""
        plural = self.count != 1 and self.severity.kind in ("violation", "warning")
        return f"{self.severity.word}s" if plural else self.severity.word


@dataclass(frozen=True, kw_only=True)
class DeploymentRow:
    one: Deployment
    state: DeploymentState
    since: datetime
    tone: str
    alerts: tuple[SeverityCount, ...]

    @property
    def advice(self) -> str:
        return _ADVICE.get(self.state, "")


@dataclass(frozen=True, kw_only=True)
class DeploymentSection:
    rows: tuple[DeploymentRow, ...]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class JobSection:
    rows: tuple[Job, ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class AlertView:
    """An alert as one row."""

    data: dict[str, Any]
    severity: words.Severity
    raised: datetime
    stale: datetime | None

    @property
    def sentence(self) -> str:
        text = words.summary(self.data)
        if text != words.message(self.data):
            return text  # it begins with a name, which has its own case
        return text[:1].upper() + text[1:]

    @property
    def place(self) -> str:
        """Where in the entity, the value there, and what it violates: the sentence is often the
        author's, and may be the same for several constraints."""
        found = [words.path(self.data), words.value(self.data)]
        component = words.component(self.data.get("sourceConstraintComponent"))
        return " · ".join(part for part in (" = ".join(filter(None, found)), component) if part)

    @property
    def key(self) -> str:
        return str(self.data["alertId"])


@dataclass(frozen=True, kw_only=True)
class AlertSection:
    rows: tuple[AlertView, ...]
    counts: tuple[SeverityCount, ...]
    deployments: int
    validating: bool

    @property
    def total(self) -> int:
        return sum(one.count for one in self.counts)


@dataclass(frozen=True, kw_only=True)
class JobPage:
    job: Job
    lines: tuple[tuple[int, str], ...]
    left_out: int


_ADVICE = {
    DeploymentState.STARTING: "Its Flink job is being started.",
    DeploymentState.UPDATING: "New shapes are on their way to every instance.",
    DeploymentState.RESTARTING: "Flink restarts the job from its last checkpoint by itself.",
    DeploymentState.FAILED: "Deploy again: the job continues from its last checkpoint.",
    DeploymentState.STALE: "Nobody has been able to look at Flink since then:"
    " is the worker running? `flinkjobrunner status` says.",
    DeploymentState.UNDEPLOYED: "Its alerts stay as they were; nobody judges them.",
}


class Overview:
    """The sections of the page, each by itself: the page has all, a fragment one of them."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url

    def deployments(self) -> DeploymentSection:
        with read(self._url) as connection:
            now = overview.database_now(connection)
            found = store.listing(connection)
            standing = overview.standing_by_severity(connection)
        rows = tuple(_deployment(one, standing.get(one.name, {}), now) for one in found)
        return DeploymentSection(rows=rows, now=now)

    def jobs(self) -> JobSection:
        found = Queue(self._url).page(limit=JOBS_SHOWN + 1)
        return JobSection(rows=tuple(found[:JOBS_SHOWN]), more=len(found) > JOBS_SHOWN)

    def alerts(self) -> AlertSection:
        alerts = Alerts(self._url)
        page = alerts.page(Selection.STANDING, AlertFilter(), before=None, limit=ALERTS_SHOWN)
        counts = alerts.standing(groups=0).by_severity
        with read(self._url) as connection:
            deployed = store.listing(connection)
        return AlertSection(
            rows=tuple(
                AlertView(
                    data=row.data,
                    severity=words.severity(row.data["severity"]),
                    raised=moment_of(row.data["raisedAt"]),
                    stale=row.stale_since,
                )
                for row in page.items
            ),
            counts=_counts(counts),
            deployments=len(deployed),
            validating=any(one.desired is store.Desired.RUNNING for one in deployed),
        )

    def job(self, job_id: str) -> JobPage:
        queue = Queue(self._url)
        job = queue.get(job_id)
        first = max(0, job.log_lines - LINES_SHOWN)
        lines = queue.lines(job.job_id, first, LINES_SHOWN)
        return JobPage(job=job, lines=tuple((n, text) for n, text in lines), left_out=first)

    def pulse(self) -> pulse.Pulse:
        with read(self._url) as connection:
            return pulse.read(connection)


def tone_of(status: str) -> str:
    """The colour family of a job's or step's status, beside its word."""
    return {
        JobStatus.SUCCEEDED: "good",
        JobStatus.FAILED: "bad",
        JobStatus.RUNNING: "busy",
    }.get(JobStatus(status) if status in set(JobStatus) else JobStatus.QUEUED, "off")


def _deployment(one: Deployment, alerts: Mapping[str, int], now: datetime) -> DeploymentRow:
    current = state_of(one, now)
    tone = _GOOD.get(current.state, "bad" if current.state in _BAD else "busy")
    return DeploymentRow(
        one=one, state=current.state, since=current.since, tone=tone, alerts=_counts(alerts)
    )


def _counts(by_iri: Mapping[str, int]) -> tuple[SeverityCount, ...]:
    counts = [SeverityCount(severity=words.severity(iri), count=n) for iri, n in by_iri.items()]
    return tuple(sorted(counts, key=_rank))


def _rank(one: SeverityCount) -> tuple[int, str]:
    return _RANKS.index(one.severity.kind), one.severity.word
