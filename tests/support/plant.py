"""Steps of jobs with a real database and a real Kafka; Flink is a server that answers as real."""

from __future__ import annotations

import hashlib
import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from flinkjobrunner.fetch import InputStore
from flinkjobrunner.jobs import JobRequest, JobStatus, Queue
from flinkjobrunner.kafka.topics import Topics, wanted
from flinkjobrunner.store import begin
from flinkjobrunner.store.alerts import alerts
from flinkjobrunner.workflow import jobfile
from flinkjobrunner.workflow.steps import runner
from flinkjobrunner.workflow.steps.base import Work
from support.flink import FakeFlink
from support.instances import Instances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from flinkjobrunner.jobs import Job
    from support.kafka import Broker

_numbers = itertools.count(1)
PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ngsi-ld: <https://uri.etsi.org/ngsi-ld/> .
@prefix ex: <https://example.org/> .
"""


def shapes(*attributes: str, limit: int = 80) -> str:
    """One shape for each of these attributes."""
    return PREFIXES + "".join(
        f"""
        ex:{name}Shape a sh:NodeShape ; sh:targetClass ex:Cutter ;
            sh:property [ sh:path ex:{name} ; sh:minCount 1 ;
                sh:property [ sh:path ngsi-ld:hasValue ; sh:maxInclusive {limit} ] ] .
        """
        for name in attributes
    )


@dataclass(kw_only=True)
class Plant:
    """One deployment, and what is needed to run steps for it."""

    settings: Settings
    flink: FakeFlink
    deployment: str
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.settings.database()

    @property
    def queue(self) -> Queue:
        return Queue(self.url)

    def instances(self, **more: Any) -> AbstractContextManager[Instances]:
        return Instances.running(self.settings.kafka_bootstrap, self.deployment, **more)

    def job(self, target: str, text: str = "", **options: Any) -> Job:
        """A job that runs now, its file written, its shapes sent before."""
        body: dict[str, Any] = {"target": target, "deployment": self.deployment}
        if text:
            content = text.encode()
            sha256 = hashlib.sha256(content).hexdigest()
            send(self.settings, content, sha256)
            body["urls"] = {"shacl": f"input:{sha256}"}
        body["options"] = options
        self.queue.submit(JobRequest.model_validate(body))
        job = self.queue.claim(worker="test", lease_seconds=60)
        assert job is not None
        self.write(job)
        return job

    def write(self, job: Job) -> None:
        jobfile.write(self.folder(job), job)

    def folder(self, job: Job) -> Path:
        return jobfile.folder(self.settings.work_root, job.job_id)

    def run(self, job: Job, *names: str) -> bool:
        """The steps of the job, or those named; what they say is in `lines`."""
        self.lines = []
        work = Work.of(self.folder(job), self.settings, self.lines.append)
        names = names or tuple(step.name for step in self.queue.get(job.job_id).steps)
        return all(runner.run(work, name) for name in names)

    def done(self, target: str, text: str = "", **options: Any) -> dict[str, Any]:
        """A job from its submission to its success; what it came to."""
        job = self.job(target, text, **options)
        assert self.run(job), self.lines
        self.queue.finish(job, JobStatus.SUCCEEDED, None)
        return self.queue.get(job.job_id).result or {}

    def failed(self, target: str, text: str = "", **options: Any) -> dict[str, Any]:
        """The same to its failure; the error of the step."""
        job = self.job(target, text, **options)
        assert not self.run(job), self.lines
        (error,) = [step.error for step in self.queue.get(job.job_id).steps if step.error]
        self.queue.finish(job, JobStatus.FAILED, None)
        return error

    def said(self, text: str) -> bool:
        return any(text in line for line in self.lines)


def send(settings: Settings, content: bytes, sha256: str) -> None:
    store = InputStore(settings.work_root)
    store.put(sha256, [content], "text/turtle", most_bytes=1 << 20)


@contextmanager
def running_plant(settings: Settings, broker: Broker, folder: Path) -> Iterator[Plant]:
    topics = Topics(broker.bootstrap)
    topics.create(topics.missing(wanted(("ngsi-ld", "iff"))), replication=1)
    runtime = folder / "runtime"
    runtime.mkdir()
    (runtime / "validator.jar").write_bytes(b"a jar")
    savepoints = folder / "savepoints"
    savepoints.mkdir()
    with FakeFlink.start() as flink:
        flink.savepoints = savepoints
        changed = settings.model_copy(
            update={
                "kafka_bootstrap": broker.bootstrap,
                "flink_url": flink.url,
                "runtime": runtime,
                "sources": ("ngsi-ld", "iff"),
                "parallelism": 2,
            }
        )
        yield Plant(settings=changed, flink=flink, deployment=f"plant-{next(_numbers)}")


def add_alert(
    url: str,
    alert_id: str,
    deployment: str,
    *,
    shape: str = "https://example.org/speedShape",
    severity: str = "http://www.w3.org/ns/shacl#Violation",
    state: str = "raised",
) -> None:
    """As the projector would have written it."""
    now = datetime.now(UTC)
    with begin(url) as connection:
        connection.execute(
            insert(alerts).values(
                alert_id=alert_id,
                deployment=deployment,
                entity="urn:x",
                state=state,
                sequence=1,
                severity=severity,
                source_shape=shape,
                data={},
                raised_at=now,
                updated_at=now,
                position=1,
                raised_position=1,
            )
        )
