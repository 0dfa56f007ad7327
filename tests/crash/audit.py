"""What must hold of a job when it is over, read from the tables and the processes of the machine.

Each fault has a kind: the four that are counted are `lost`, `duplicated`, `stuck` and `orphan`.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crash.lane import Lane

KINDS = ("lost", "duplicated", "stuck", "orphan", "wrong")
TERMINAL = ("SUCCEEDED", "FAILED", "CANCELED")
SECRET = "X-Amz-Signature"
_DATABASE_SECONDS = 30.0
_ORPHAN_SECONDS = 8.0  # the grace that the guard of a killed worker gives, and a little


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A job as the database has it."""

    job: dict[str, Any]
    steps: Sequence[dict[str, Any]]
    events: Sequence[dict[str, Any]]
    lines: Sequence[dict[str, Any]]

    @property
    def told(self) -> str:
        events = [f"{one['kind']}/{one['attempt']} {one['data']}" for one in self.events]
        return f"{self.job['status']} {self.job['error']}; {'; '.join(events)}"


def query(url: str, text: str, *values: str) -> list[dict[str, Any]]:
    """Rows; of a database that a trial has just killed, once it is back."""
    deadline = time.monotonic() + _DATABASE_SECONDS
    while True:
        try:
            with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
                return connection.execute(text.encode(), values).fetchall()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def find(url: str, job_id: str) -> Found | None:
    jobs = query(url, "SELECT * FROM jobs WHERE job_id = %s", job_id)
    if not jobs:
        return None
    return Found(
        job=jobs[0],
        steps=query(url, "SELECT * FROM steps WHERE job_id = %s ORDER BY position", job_id),
        events=query(url, "SELECT * FROM job_events WHERE job_id = %s ORDER BY event_id", job_id),
        lines=query(
            url, "SELECT line, attempt FROM log_lines WHERE job_id = %s ORDER BY 1", job_id
        ),
    )


def faults(lane: Lane, job_id: str, statuses: Sequence[str]) -> list[Fault]:
    """Of one acknowledged job; `statuses` are those in which it may have ended."""
    found = find(lane.settings.database(), job_id)
    if found is None:
        return [Fault(kind="lost", text=f"{job_id} was acknowledged and is not there")]
    return [*_told(found, statuses), *_orphans(lane, job_id), *_secrets(lane, found)]


def _told(found: Found, statuses: Sequence[str]) -> Iterator[Fault]:
    status = found.job["status"]
    if status not in TERMINAL:
        yield Fault(kind="stuck", text=found.told)
        return
    if status not in statuses:
        yield Fault(kind="wrong", text=f"not {' or '.join(statuses)}: {found.told}")
    if any(step["status"] in ("PENDING", "RUNNING") for step in found.steps):
        yield Fault(kind="stuck", text=f"a step did not end: {found.steps}")
    kinds = [event["kind"] for event in found.events]
    for kind, wanted in (("created", 1), (status.lower(), 1)):
        if kinds.count(kind) != wanted:
            yield Fault(kind="duplicated", text=f"{kinds.count(kind)} x {kind}: {found.told}")
    if kinds[-1] != status.lower():
        yield Fault(kind="duplicated", text=f"something after the end: {found.told}")
    yield from _attempts(found)
    numbers = [line["line"] for line in found.lines]
    if numbers != list(range(1, found.job["log_lines"] + 1)):
        yield Fault(kind="lost", text=f"lines {numbers} of {found.job['log_lines']}")


def _attempts(found: Found) -> Iterator[Fault]:
    """Effects of one attempt at a time: once a later one has begun, nothing of an earlier one."""
    starts = [one["attempt"] for one in found.events if one["kind"] in ("claimed", "taken-over")]
    if starts != list(range(1, found.job["attempt"] + 1)):
        yield Fault(kind="duplicated", text=f"attempts {starts}: {found.told}")
    for name, rows in (("events", found.events), ("lines", found.lines)):
        order = [row["attempt"] for row in rows if row.get("kind") != "cancel-requested"]
        if order != sorted(order):
            yield Fault(kind="duplicated", text=f"{name} of attempts {order}: {found.told}")
    said = [
        (one["attempt"], one["data"]["step"], one["data"]["status"])
        for one in found.events
        if one["kind"] == "step"
    ]
    if len(set(said)) != len(said):
        yield Fault(kind="duplicated", text=f"a step said the same twice: {found.told}")


def _orphans(lane: Lane, job_id: str) -> Iterator[Fault]:
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while left := lane.processes_of(job_id):
        if time.monotonic() > deadline:
            yield Fault(kind="orphan", text=f"processes {left} outlive {job_id}")
            return
        time.sleep(0.05)


def _secrets(lane: Lane, found: Found) -> Iterator[Fault]:
    """A presigned URL is needed no longer than the job runs."""
    folder = lane.settings.work_root / "jobs" / found.job["job_id"]
    texts = {"the request": json.dumps(found.job["request"])}
    for name in ("job.json", ".job.json"):
        if (folder / name).exists():
            texts[name] = (folder / name).read_text()
    for name, text in texts.items():
        if SECRET in text:
            yield Fault(kind="wrong", text=f"{name} still has the secret of a URL: {found.told}")
