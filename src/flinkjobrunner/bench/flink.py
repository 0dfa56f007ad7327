"""The few calls to Flink's REST interface that the benchmark needs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2

from flinkjobrunner.bench import BenchError

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE_SECONDS = 120.0
_ENDED = {"CANCELED", "FINISHED", "FAILED"}


class Flink:
    def __init__(self, url: str) -> None:
        self._http = httpx2.Client(base_url=url, timeout=30, trust_env=False)

    def submit(self, jar: Path, main_class: str, arguments: list[str]) -> str:
        """Starts a job and returns its id once every task runs."""
        with jar.open("rb") as file:
            uploaded = self._post("/jars/upload", files={"jarfile": (jar.name, file)})
        jar_id = uploaded["filename"].rpartition("/")[2]
        request = {"entryClass": main_class, "programArgsList": arguments}
        started = self._post(f"/jars/{jar_id}/run", json=request)
        self.await_running(started["jobid"])
        return str(started["jobid"])

    def await_running(self, flink_job: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self.runs(flink_job):
            if time.monotonic() > deadline:
                raise BenchError(f"the Flink job {flink_job} does not run: {self._job(flink_job)}")
            time.sleep(0.02)

    def runs(self, flink_job: str) -> bool:
        job = self._job(flink_job)
        if job["state"] in _ENDED:
            raise BenchError(f"the Flink job {job['name']} is {job['state']}")
        return job["state"] == "RUNNING" and all(
            vertex["status"] == "RUNNING" for vertex in job["vertices"]
        )

    def job_named(self, name: str) -> str:
        for job in self._get("/jobs/overview")["jobs"]:
            if job["name"] == name and job["state"] not in _ENDED:
                return str(job["jid"])
        raise BenchError(f"Flink runs no job named {name}")

    def cancel(self, flink_job: str) -> None:
        self._http.patch(f"/jobs/{flink_job}", params={"mode": "cancel"}).raise_for_status()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._job(flink_job)["state"] not in _ENDED:
            if time.monotonic() > deadline:
                raise BenchError(f"the Flink job {flink_job} does not end")
            time.sleep(0.02)

    def checkpoint(self, flink_job: str) -> dict[str, Any]:
        """The latest completed checkpoint: its size and duration; empty if there is none yet."""
        latest = self._get(f"/jobs/{flink_job}/checkpoints")["latest"] or {}
        completed: dict[str, Any] = latest.get("completed") or {}
        return completed

    def _job(self, flink_job: str) -> dict[str, Any]:
        return self._get(f"/jobs/{flink_job}")

    def _get(self, path: str) -> dict[str, Any]:
        answer = self._http.get(path)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    def _post(self, path: str, **content: Any) -> dict[str, Any]:
        answer = self._http.post(path, **content)
        if answer.is_error:
            raise BenchError(f"Flink refuses {path}: {answer.text}")
        body: dict[str, Any] = answer.json()
        return body
