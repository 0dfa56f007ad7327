"""What a place where Flink jobs run must be able to do, whatever it is.

A deployment is one Flink job, named `shacl-<deployment>`. The protocol is small on purpose: look,
compare, make it so, end it, and end it with a savepoint. Waiting and deciding is the steps' affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "shacl-"


class FlinkUnavailableError(Exception):
    """Flink does not answer; asking again later is right."""


class FlinkRefusedError(Exception):
    """Flink answered, and would not do it; the text is its reason."""


class JobState(StrEnum):
    """Of the Flink job of a deployment. RUNNING means that every task of it runs."""

    ABSENT = "ABSENT"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    RESTARTING = "RESTARTING"
    STOPPING = "STOPPING"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    FINISHED = "FINISHED"

    @property
    def alive(self) -> bool:
        """Whether it runs or will without anybody's help, so that another one must not start."""
        return self in _ALIVE


_ALIVE = frozenset({JobState.STARTING, JobState.RUNNING, JobState.RESTARTING, JobState.STOPPING})


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A Flink job as it was seen just now."""

    state: JobState
    flink_job_id: str | None = None
    detail: str = ""


ABSENT = Observation(state=JobState.ABSENT)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The Flink job that a deployment needs."""

    deployment: str
    jar: Path
    bootstrap: str
    sources: tuple[str, ...]
    parallelism: int
    restore_from: str | None = None
    # Sources that the state has and this job has not: of those, and only then, state is given up.
    without: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return job_name(self.deployment)


class Action(StrEnum):
    START = "start"
    KEEP = "keep"
    # Stopped with a savepoint, and started from it as another one.
    UPGRADE = "upgrade"


class Backend(Protocol):
    def observe(self) -> Mapping[str, Observation]:
        """Every deployment's Flink job, by deployment; one that is not named is absent."""

    def diff(self, deployment: str) -> Action:
        """What `apply` would do now."""

    def apply(self, wanted: Wanted, flink_job_id: str) -> None:
        """Submit the job under this id, which makes a repetition harmless; does not wait for it."""

    def cancel(self, flink_job_id: str) -> None:
        """End it without a savepoint; returns when it has ended."""

    def savepoint(self, flink_job_id: str) -> str:
        """Stop it with a savepoint; returns where that is, when the job has ended."""

    def newest_state(self, flink_job_id: str) -> str | None:
        """The newest checkpoint that a new job could start from."""

    def discard(self, savepoint: str) -> None:
        """Remove the files of a savepoint from which nothing will start any more."""

    def usable(self, path: str) -> bool:
        """Whether a savepoint or checkpoint is still there, as far as can be seen from here."""

    def cause(self, flink_job_id: str) -> str:
        """Why it failed last; empty when it never did."""

    def describe(self) -> str:
        """Version and size in a few words, as proof that it answers."""

    def close(self) -> None:
        """Give up the connections."""


def job_name(deployment: str) -> str:
    return f"{PREFIX}{deployment}"


def observed(backend: Backend, deployment: str) -> Observation:
    return backend.observe().get(deployment, ABSENT)
