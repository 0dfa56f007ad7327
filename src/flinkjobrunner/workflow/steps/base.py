"""What every step is given, and the one way in which it fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flinkjobrunner.workflow import jobfile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from flinkjobrunner.workflow.compiler import Compiler


class StepError(Exception):
    """The step cannot do its work, for a reason that the user can act on.

    `code` is stable and in kebab-case; the job's error and its last log line are made of it.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, kw_only=True)
class Work:
    """One attempt of a job, as its steps see it. `say` writes one line to the job's log."""

    job_id: str
    attempt: int
    job_dir: Path
    request: dict[str, Any]
    settings: Settings
    say: Callable[[str], None]
    # Started already where the first step will need it; else each compilation starts its own.
    compiler: Compiler | None = None

    @property
    def deployment(self) -> str:
        return str(self.request["deployment"])

    @property
    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = self.request.get("options", {})
        return options

    @classmethod
    def of(cls, job_dir: Path, settings: Settings, say: Callable[[str], None]) -> Work:
        """Reads `job.json` (see `jobfile`), whose URLs are secrets: nothing of it is logged."""
        document = json.loads((job_dir / jobfile.NAME).read_bytes())
        return cls(
            job_id=document["jobId"],
            attempt=document["attempt"],
            job_dir=job_dir,
            request=document,
            settings=settings,
            say=say,
        )
