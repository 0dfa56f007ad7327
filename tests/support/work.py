"""One attempt of a job without database, Kafka or Flink: what steps that touch nothing need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flinkjobrunner.config import Settings
from flinkjobrunner.jobs import JobRequest
from flinkjobrunner.workflow.steps.base import Work

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(kw_only=True)
class Job:
    """`lines` are what the step said of the job that was asked for last."""

    folder: Path
    allow: tuple[str, ...] = ("127.0.0.1",)
    lines: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return Settings(work_root=self.folder / "work", fetch_allow=self.allow)

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def work(self, *, options: dict[str, Any] | None = None, **urls: str | list[str]) -> Work:
        body = {"target": "validate", "urls": urls, "options": options or {}}
        request = JobRequest.model_validate(body).document()
        self.lines = []
        job_dir = self.folder / "work" / "jobs" / "j"
        job_dir.mkdir(parents=True, exist_ok=True)
        return Work(
            job_id="j",
            attempt=1,
            job_dir=job_dir,
            request=request,
            settings=self.settings,
            say=self.lines.append,
        )
