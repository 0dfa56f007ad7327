"""Flink's REST interface: the few calls that deployments need, and what their answers mean."""

from __future__ import annotations

import hashlib
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx2

from flinkjobrunner.backends.base import (
    PREFIX,
    FlinkRefusedError,
    FlinkUnavailableError,
    JobState,
    Observation,
    Wanted,
)

if TYPE_CHECKING:
    from pathlib import Path

MAIN_CLASS = "org.flinkjobrunner.validator.stream.ValidatorJob"
_TIMEOUT = httpx2.Timeout(60.0, connect=3.0)
_POLL_SECONDS = 0.05
_STATES = {
    "INITIALIZING": JobState.STARTING,
    "CREATED": JobState.STARTING,
    "RECONCILING": JobState.STARTING,
    "RUNNING": JobState.RUNNING,
    "FAILING": JobState.RESTARTING,
    "RESTARTING": JobState.RESTARTING,
    "CANCELLING": JobState.STOPPING,
    "SUSPENDED": JobState.FAILED,
    "FAILED": JobState.FAILED,
    "CANCELED": JobState.CANCELED,
    "FINISHED": JobState.FINISHED,
}
_CAUSE = re.compile(r"^(?:Caused by: )?((?:[\w$]+\.)+[\w$]+(?:: .*)?)$", re.MULTILINE)
_STARTING = "Not all required tasks are currently running"
_STARTING_SECONDS = 30.0
_STARTING_LOOK_SECONDS = 0.2
_NOT_ADDRESSABLE = "<checkpoint-not-externally-addressable>"


class FlinkRest:
    """One Flink cluster by the address of its REST interface."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http = httpx2.Client(base_url=self._url, timeout=_TIMEOUT, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def overview(self) -> dict[str, Any]:
        return self._call("GET", "/overview")

    def jobs(self) -> dict[str, Observation]:
        """By deployment. Of several jobs of a name one that lives counts, else the newest."""
        found: dict[str, tuple[tuple[bool, int], Observation]] = {}
        for job in self._call("GET", "/jobs/overview")["jobs"]:
            if not job["name"].startswith(PREFIX):
                continue
            seen = _observation(job)
            rank = (seen.state.alive, int(job["start-time"]))
            name = job["name"].removeprefix(PREFIX)
            if name not in found or rank > found[name][0]:
                found[name] = (rank, seen)
        return {name: seen for name, (_, seen) in found.items()}

    def submit(self, wanted: Wanted, flink_job_id: str) -> None:
        """Under an id of our own: when the answer is lost, the job is known all the same."""
        request: dict[str, Any] = {
            "entryClass": MAIN_CLASS,
            "programArgsList": _arguments(wanted),
            "jobId": flink_job_id,
            "allowNonRestoredState": bool(wanted.without),
        }
        if wanted.restore_from is not None:
            request["savepointPath"] = wanted.restore_from
        self._call("POST", f"/jars/{self._jar_id(wanted.jar)}/run", json=request)

    def cancel(self, flink_job_id: str) -> None:
        try:
            self._call("PATCH", f"/jobs/{flink_job_id}", params={"mode": "cancel"})
        except FlinkRefusedError:
            # Flink refuses to cancel what has ended, or what it does not know any more.
            if (state := self._state(flink_job_id)) is not None and state.alive:
                raise
        self._await_end(flink_job_id)

    def stop(self, flink_job_id: str, seconds: float) -> str:
        """Stop with a savepoint in the cluster's own folder for them; where it lies."""
        until = time.monotonic() + _STARTING_SECONDS
        while True:
            asked = self._call("POST", f"/jobs/{flink_job_id}/stop", json={"drain": False})
            path = f"/jobs/{flink_job_id}/savepoints/{asked['request-id']}"
            try:
                done = self._await_done(path, seconds)
            except FlinkRefusedError as error:
                # A job that was started just now says RUNNING before all of its tasks do.
                if _STARTING not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(_STARTING_LOOK_SECONDS)
            else:
                self._await_end(flink_job_id)
                return str(done["location"])

    def discard(self, savepoint: str, seconds: float) -> None:
        asked = self._call("POST", "/savepoint-disposal", json={"savepoint-path": savepoint})
        self._await_done(f"/savepoint-disposal/{asked['request-id']}", seconds)

    def newest_checkpoint(self, flink_job_id: str) -> str | None:
        """As long as the JobManager remembers the job: the newest one, or what it started from.
        A stop discards the checkpoints before its savepoint."""
        try:
            latest = self._call("GET", f"/jobs/{flink_job_id}/checkpoints").get("latest") or {}
        except FlinkRefusedError:
            return None
        kept = [latest.get("completed"), latest.get("savepoint")]
        newest = max(
            (one for one in kept if one and not one["discarded"]),
            key=lambda one: int(one["id"]),
            default=latest.get("restored"),
        )
        path = newest["external_path"] if newest else None
        return None if path in (None, _NOT_ADDRESSABLE) else str(path)

    def cause(self, flink_job_id: str) -> str:
        try:
            answer = self._call("GET", f"/jobs/{flink_job_id}/exceptions")
        except FlinkRefusedError:
            return ""
        entries = (answer.get("exceptionHistory") or {}).get("entries") or []
        return root_cause(entries[0]["stacktrace"]) if entries else ""

    def _await_done(self, path: str, seconds: float) -> dict[str, Any]:
        """An operation that Flink carries out by itself; what it came to."""
        deadline = time.monotonic() + seconds
        while (answer := self._call("GET", path))["status"]["id"] != "COMPLETED":
            if time.monotonic() > deadline:
                raise FlinkRefusedError(f"the savepoint was not complete within {seconds:.0f} s")
            time.sleep(_POLL_SECONDS)
        operation: dict[str, Any] = answer["operation"] or {}
        failure = operation.get("failure-cause")
        if failure is not None:
            raise FlinkRefusedError(root_cause(failure["stack-trace"]))
        return operation

    def _await_end(self, flink_job_id: str, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while (state := self._state(flink_job_id)) is not None and state.alive:
            if time.monotonic() > deadline:
                raise FlinkRefusedError(f"the job {flink_job_id} does not end: it is {state}")
            time.sleep(_POLL_SECONDS)

    def _state(self, flink_job_id: str) -> JobState | None:
        for job in self._call("GET", "/jobs/overview")["jobs"]:
            if job["jid"] == flink_job_id:
                return _observation(job).state
        return None

    def _jar_id(self, jar: Path) -> str:
        """Sent once for each content: the name under which Flink lists it holds the hash."""
        name = f"{jar.stem}-{content_hash(jar)[:16]}.jar"
        for listed in self._call("GET", "/jars")["files"]:
            if listed["name"] == name:
                return str(listed["id"])
        with jar.open("rb") as file:
            uploaded = self._call(
                "POST", "/jars/upload", files={"jarfile": (name, file, "application/java-archive")}
            )
        return str(uploaded["filename"]).rpartition("/")[2]

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **content)
            body = answer.json() if answer.content else {}
        except httpx2.HTTPError as error:
            raise FlinkUnavailableError(
                f"Flink does not answer at {self._url}: {type(error).__name__}"
            ) from error
        except ValueError as error:
            raise FlinkUnavailableError(f"what answers at {self._url} is not Flink") from error
        if answer.is_error:
            errors = body.get("errors") if isinstance(body, dict) else None
            raise FlinkRefusedError(_reason(errors or [answer.reason_phrase]))
        if not isinstance(body, dict):
            raise FlinkUnavailableError(f"what answers at {self._url} is not Flink")
        return body


def root_cause(trace: str) -> str:
    """The innermost `Caused by` of a Java stack trace, without its place."""
    causes = _CAUSE.findall(trace)
    if not causes:
        return trace.strip().partition("\n")[0]
    name, separator, message = causes[-1].partition(": ")
    return f"{name.rpartition('.')[2]}{separator}{message}"


def _reason(errors: list[str]) -> str:
    """Flink answers with sentences of its own, a stack trace, or one inside the other."""
    return root_cause(max(errors, key=len))


def _observation(job: dict[str, Any]) -> Observation:
    state = _STATES.get(job["state"], JobState.STARTING)
    tasks = job["tasks"]
    detail = ""
    if state is JobState.RUNNING and not 0 < tasks["total"] == tasks["running"]:
        state = JobState.STARTING
        detail = f"{tasks['running']} of {tasks['total']} tasks run"
    return Observation(state=state, flink_job_id=job["jid"], detail=detail)


def _arguments(wanted: Wanted) -> list[str]:
    return [
        *("--deployment", wanted.deployment),
        *("--bootstrap", wanted.bootstrap),
        *("--sources", ",".join(wanted.sources)),
        *("--parallelism", str(wanted.parallelism)),
    ]


@lru_cache(maxsize=4)
def content_hash(jar: Path) -> str:
    try:
        return hashlib.sha256(jar.read_bytes()).hexdigest()
    except OSError as error:
        raise FlinkRefusedError(
            f"the job's jar {jar.name} cannot be read: {error.strerror}"
        ) from error
