"""The product as its users see it: jobs by HTTP, with the time that each step of one took."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from flinkjobrunner.bench import BenchError

_PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """A job that has succeeded, and the seconds from its POST to that."""

    posted_at: float  # wall clock
    seconds: float
    job: dict[str, Any]


class Service:
    def __init__(self, url: str) -> None:
        self._http = httpx2.Client(base_url=url, timeout=30, trust_env=False)

    def deploy(self, deployment: str, shapes: str, target: str) -> Run:
        body = shapes.encode()
        name = hashlib.sha256(body).hexdigest()
        self._accepted(
            self._http.put(f"/inputs/{name}", content=body, headers={"Content-Type": "text/turtle"})
        )
        return self.run(
            {"target": target, "deployment": deployment, "urls": {"shacl": f"input:{name}"}}
        )

    def setup(self) -> Run:
        return self.run({"target": "setup"})

    def undeploy(self, deployment: str) -> Run:
        return self.run({"target": "flink-undeploy", "deployment": deployment})

    def run(self, request: dict[str, Any]) -> Run:
        posted_at, began = time.time(), time.monotonic()
        job = self._accepted(self._http.post("/jobs", json=request))
        while job["status"] in {"QUEUED", "RUNNING"}:
            if time.monotonic() - began > _PATIENCE_SECONDS:
                raise BenchError(f"the job {job['jobId']} does not end: {job}")
            time.sleep(0.02)
            job = self._accepted(self._http.get(f"/jobs/{job['jobId']}"))
        if job["status"] != "SUCCEEDED":
            log = self._http.get(f"/jobs/{job['jobId']}/logs", headers={"Accept": "text/plain"})
            raise BenchError(f"the job {job['jobId']} is {job['status']}: {job}\n{log.text}")
        return Run(posted_at=posted_at, seconds=time.monotonic() - began, job=job)

    @staticmethod
    def _accepted(answer: httpx2.Response) -> dict[str, Any]:
        if answer.is_error:
            raise BenchError(f"the service refuses {answer.request.url.path}: {answer.text}")
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body
