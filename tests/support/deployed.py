"""A database as it is when something is deployed, without a Flink that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.jobs import JobError, JobRequest, JobStatus, Queue, StepStatus
from flinkjobrunner.store import begin, claims, deployments, programs

if TYPE_CHECKING:
    from flinkjobrunner.jobs import Job

DIGEST = "sha256:" + "081201cde810" + "9" * 52


class Deployed:
    """Does what a worker would do, one step after the other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.queue = Queue(url)

    def ask(self, job_id: str, target: str = "setup-and-deploy") -> None:
        body = {"jobId": job_id, "target": target, "urls": {"shacl": "https://store.example/s.ttl"}}
        self.queue.submit(JobRequest.model_validate(body))

    def claim(self) -> Job:
        job = self.queue.claim(worker="w", lease_seconds=60)
        assert job is not None
        return job

    def step(self, job: Job, name: str, status: StepStatus) -> None:
        with begin(self.url) as connection:
            claims.set_step(
                connection, job_id=job.job_id, name=name, attempt=job.attempt, status=status.value
            )

    def deploy(self, job_id: str = "first", *, shapes: int = 34) -> None:
        self.ask(job_id)
        job = self.claim()
        self.step(job, "setup", StepStatus.RUNNING)
        self.queue.append_lines(job, ["the schema is there", "the topics are there"])
        self.step(job, "setup", StepStatus.SUCCEEDED)
        self.step(job, "flink-deploy", StepStatus.RUNNING)
        with begin(self.url) as connection:
            programs.add(connection, _program(shapes))
            activation = deployments.activate(
                connection,
                name="default",
                digest=DIGEST,
                job_id=job.job_id,
                attempt=job.attempt,
                above=0,
                parallelism=2,
            )
            deployments.acknowledged(connection, name="default", epoch=activation.epoch)
        self.observe("RUNNING")
        self.step(job, "flink-deploy", StepStatus.SUCCEEDED)
        self.queue.finish(job, JobStatus.SUCCEEDED)

    def observe(self, state: str, detail: str = "") -> None:
        with begin(self.url) as connection:
            deployments.observe(connection, name="default", state=state, detail=detail)

    def fail(self, job_id: str) -> None:
        self.ask(job_id, "validate")
        job = self.claim()
        self.step(job, "validate", StepStatus.RUNNING)
        error = JobError(
            code="fetch-refused",
            message="store.example answered 403",
            hint="The link has probably expired: presign it anew and post the job again.",
        )
        self.queue.finish(job, JobStatus.FAILED, error)


def _program(shapes: int) -> programs.NewProgram:
    return programs.NewProgram(
        digest=DIGEST,
        compressed=b"\x1f\x8b",
        format_version=1,
        summary={"shapes": shapes},
        inputs_hash="1",
        sources={},
    )
