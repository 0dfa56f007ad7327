"""The folder of a job and the file in it that tells its steps what to do.

The file is the only place besides the queue's row where presigned URLs are, so it is readable by
its owner only, and loses them when the attempt ends.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from flinkjobrunner.jobs.request import without_secrets

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.jobs import Job

NAME = "job.json"


def folder(work_root: Path, job_id: str) -> Path:
    return work_root.resolve() / "jobs" / job_id


def write(job_dir: Path, job: Job) -> None:
    job_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(job_dir, _document(job, job.request))


def forget_secrets(job_dir: Path, job: Job) -> None:
    """Unless the file is a later attempt's already, which still needs them."""
    try:
        written = json.loads((job_dir / NAME).read_bytes())
    except FileNotFoundError:
        return
    if written["attempt"] <= job.attempt:
        _write(job_dir, _document(job, without_secrets(job.request)))


def _document(job: Job, request: dict[str, Any]) -> dict[str, Any]:
    return {
        "formatVersion": 1,
        "jobId": job.job_id,
        "attempt": job.attempt,
        "createdAt": job.created_at.isoformat(),
    } | request


def _write(job_dir: Path, document: dict[str, Any]) -> None:
    """Into a new file that then takes the old one's place: a step never reads half of it."""
    draft = job_dir / f".{NAME}"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    draft.replace(job_dir / NAME)
