"""What the pages show of deployments, jobs and alerts: plain values, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flinkjobrunner.alerts import words
from flinkjobrunner.jobs import JobStatus, StepStatus
from flinkjobrunner.store.deployment_state import DeploymentState, StateSince, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flinkjobrunner.jobs import Job
    from flinkjobrunner.store.deployments import Deployment

_DIGEST_CHARACTERS = len("sha256:") + 12
# Severity is told by shape and word as well as by colour.
_MARKS = {"violation": "●", "warning": "▲", "info": "■", "other": "◆"}
_STATE_WORDS = {
    DeploymentState.STARTING: "is starting",
    DeploymentState.UPDATING: "takes up a new program",
    DeploymentState.RUNNING: "validates",
    DeploymentState.RESTARTING: "is restarting",
    DeploymentState.FAILED: "does not run: deploy again, or look at its last job",
    DeploymentState.STOPPING: "is stopping",
    DeploymentState.UNDEPLOYED: "is not deployed",
    DeploymentState.STALE: "has not been observed: does the worker run?",
}
_TONES = {
    DeploymentState.RUNNING: "good",
    DeploymentState.FAILED: "bad",
    DeploymentState.STALE: "bad",
    DeploymentState.UNDEPLOYED: "quiet",
    DeploymentState.STOPPING: "quiet",
}
_JOB_TONES = {
    JobStatus.SUCCEEDED: "good",
    JobStatus.FAILED: "bad",
    JobStatus.CANCELED: "quiet",
}
_STEP_TONES = {
    StepStatus.SUCCEEDED: "good",
    StepStatus.FAILED: "bad",
    StepStatus.RUNNING: "busy",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownSeverity:
    word: str
    kind: str
    iri: str
    mark: str
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownDeployment:
    name: str
    state: str
    words: str
    tone: str
    since: datetime
    observed_at: datetime | None
    detail: str
    program: str
    program_short: str
    epoch: int
    shapes: int
    alerts: tuple[ShownSeverity, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownJob:
    job_id: str
    target: str
    deployment: str
    status: str
    tone: str
    created_at: datetime
    seconds: float | None
    error: Mapping[str, Any] | None
    steps: tuple[ShownStep, ...]
    log_lines: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownStep:
    name: str
    status: str
    tone: str
    seconds: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAlert:
    alert_id: str
    severity: ShownSeverity
    entity: str
    summary: str
    attribute: str
    attribute_iris: str
    value: str
    shape: str
    shape_label: str
    deployment: str
    since: datetime
    stale_since: str | None


def severity(iri: str, count: int = 0) -> ShownSeverity:
    found = words.severity(iri)
    return ShownSeverity(
        word=found.word, kind=found.kind, iri=iri, mark=_MARKS[found.kind], count=count
    )


def severities(counts: Mapping[str, int]) -> tuple[ShownSeverity, ...]:
    """The worst first; severities of one's own stand between violations and warnings."""
    order = ("violation", "other", "warning", "info")
    shown = [severity(iri, count) for iri, count in counts.items()]
    return tuple(sorted(shown, key=lambda one: (order.index(one.kind), one.word)))


def deployment(one: Deployment, now: datetime, alerts: Mapping[str, int]) -> ShownDeployment:
    current: StateSince = state_of(one, now)
    return ShownDeployment(
        name=one.name,
        state=current.state.value,
        words=_STATE_WORDS[current.state],
        tone=_TONES.get(current.state, "busy"),
        since=current.since,
        observed_at=one.observed_at,
        detail=one.observed_detail,
        program=one.digest,
        program_short=one.digest[:_DIGEST_CHARACTERS],
        epoch=one.epoch,
        shapes=one.shapes,
        alerts=severities(alerts),
    )


def job(one: Job, now: datetime) -> ShownJob:
    return ShownJob(
        job_id=one.job_id,
        target=one.target,
        deployment=one.deployment,
        status=one.status.value,
        tone=_JOB_TONES.get(one.status, "busy"),
        created_at=one.created_at,
        seconds=_seconds(one.started_at, one.finished_at, now),
        error=one.error,
        steps=tuple(
            ShownStep(
                name=step.name,
                status=step.status.value,
                tone=_STEP_TONES.get(step.status, "quiet"),
                seconds=_seconds(step.started_at, step.finished_at, now),
            )
            for step in one.steps
        ),
        log_lines=one.log_lines,
    )


def alert(document: Mapping[str, Any]) -> ShownAlert:
    data = dict(document)
    return ShownAlert(
        alert_id=data["alertId"],
        severity=severity(data["severity"]),
        entity=data["entity"],
        summary=words.summary(data),
        attribute=words.path(data),
        attribute_iris=_iris(data),
        value=words.value(data),
        shape=words.shape_name(data["sourceShape"]),
        shape_label=data["sourceShape"],
        deployment=data["deployment"],
        since=datetime.fromisoformat(data["raisedAt"]),
        stale_since=data.get("staleSince"),
    )


def _iris(data: Mapping[str, Any]) -> str:
    path: Iterable[Mapping[str, Any]] = data.get("attributePath", ())
    return " / ".join(str(step.get("name", "")) for step in path) or str(
        data.get("resultPath") or ""
    ).strip("<>")


def _seconds(began: datetime | None, ended: datetime | None, now: datetime) -> float | None:
    return None if began is None else ((ended or now) - began).total_seconds()


def ago(moment: datetime | None, now: datetime) -> str:
    """Such as `2 min ago`; the template has the absolute time beside it."""
    if moment is None:
        return "never"
    seconds = max(0.0, (now - moment).total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def span(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def absolute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
