"""Jobs: what may be asked for, and the queue that never loses one."""

from __future__ import annotations

from flinkjobrunner.jobs.model import Attempt, Job, JobError, JobStatus, Step, StepStatus
from flinkjobrunner.jobs.queue import Queue
from flinkjobrunner.jobs.request import JobRequest

__all__ = [
    "Attempt",
    "Job",
    "JobError",
    "JobRequest",
    "JobStatus",
    "Queue",
    "Step",
    "StepStatus",
]
