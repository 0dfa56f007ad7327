"""What the service itself can do, apart from Flink: answers, jobs, streams, and what it needs.

PostgreSQL, the web server and a worker are real, in a stack of their own; the target of the jobs is
a recipe that does nothing, so what is measured is the queue and not what a job does. The client has
a share of the same cores.
"""

from __future__ import annotations

import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2

from flinkjobrunner.bench import BenchError, procfs, stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flinkjobrunner.bench.stack import Stack

TARGET = "nothing"
MOST_STREAMS = 200  # that a process holds
_CLIENTS = 4
_AT_ONCE = 10
_PATIENCE_SECONDS = 300.0
_CALM_SECONDS = 3.0
_WARM_UP = 5


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything; the defaults are what the figures of the documentation are of."""

    jobs: int = 10_000
    run_jobs: int = 200
    requests: int = 500
    streams: int = MOST_STREAMS
    cycles: int = 50


@dataclass(frozen=True, kw_only=True)
class Latency:
    """In milliseconds, as a client sees it."""

    count: int
    p50: float
    p95: float
    most: float

    @classmethod
    def of(cls, seconds: list[float]) -> Latency:
        cuts = quantiles(seconds, n=20, method="inclusive")
        return cls(
            count=len(seconds),
            p50=1000 * cuts[9],
            p95=1000 * cuts[18],
            most=1000 * max(seconds),
        )


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a process and its descendants hold, which must not grow by being used."""

    files: int
    threads: int
    processes: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    at: str
    machine: str
    size: Size
    answers: dict[str, Latency]  # by request
    accepted_per_second: float
    run_per_second: float
    resident: dict[str, dict[str, int]]  # by moment, then by part
    health_with_streams: Latency
    before: dict[str, Held]  # by part
    after: dict[str, Held]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(size: Size | None = None, say: Callable[[str], None] = lambda _: None) -> Figures:
    size = size or Size()
    with small_stack() as running, client(running) as http:
        resident = {"idle": _resident(running)}
        say(f"{size.run_jobs} jobs that do nothing, run by the worker")
        run_per_second = _run(http, size.run_jobs)
        say(f"{size.jobs:,} jobs accepted and canceled")
        posts, accepted_per_second = _accept(running, size.jobs)
        resident[f"after {size.jobs:,} jobs"] = _resident(running)
        say("answers")
        answers = {"POST /jobs": Latency.of(posts)} | _answers(http, size.requests)
        say(f"{size.streams} event streams")
        with streams(running, size.streams):
            health = Latency.of(_times(http, "/healthz", size.requests))
            resident[f"with {size.streams} streams"] = _resident(running)
        say(f"{size.cycles} cycles of everything")
        before, after = leaks(running, size.cycles)
    return Figures(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=str(procfs.machine(stack.java_version())),
        size=size,
        answers=answers,
        accepted_per_second=accepted_per_second,
        run_per_second=run_per_second,
        resident=resident,
        health_with_streams=health,
        before=before,
        after=after,
    )


@contextmanager
def small_stack() -> Iterator[Stack]:
    """PostgreSQL, the web server and a worker; where Kafka and Flink would be, nothing listens."""
    with tempfile.TemporaryDirectory(prefix="flinkjobrunner-bench-") as folder:
        (Path(folder) / "Makefile").write_text(f"{TARGET}:\n\t@true\n", encoding="utf-8")
        environment = {
            "RUNNER_BACKEND": "session",
            "RUNNER_KAFKA_BOOTSTRAP": "127.0.0.1:1",
            "RUNNER_FLINK_URL": "http://127.0.0.1:1",
            "RUNNER_RATE_LIMIT": "0",
            "ALLOWED_TARGETS": TARGET,
            "DIGITALTWIN_ROOT": folder,
        }
        with stack.running(environment) as running:
            yield running


def client(running: Stack) -> httpx2.Client:
    return httpx2.Client(base_url=running.service_url, timeout=30, trust_env=False)


def leaks(running: Stack, cycles: int) -> tuple[dict[str, Held], dict[str, Held]]:
    """What the processes hold before and after so many rounds of all that the service does."""
    with client(running) as http:
        _calm(running)
        # Pools fill and threads start when they are first needed: more than a cycle needs.
        with streams(running, MOST_STREAMS // 2):
            _cycle(running, http, 0)
        _calm(running)
        for number in range(1, _WARM_UP + 1):
            _cycle(running, http, number)
        before = _calm(running)
        for number in range(_WARM_UP + 1, _WARM_UP + cycles + 1):
            _cycle(running, http, number)
        return before, _calm(running)


def _calm(running: Stack) -> dict[str, Held]:
    """The least of some seconds: that a reader has left is noticed within one, and what looks at
    Kafka and Flink comes and goes by itself."""
    until = time.monotonic() + _CALM_SECONDS
    seen = [_held(running)]
    while time.monotonic() < until:
        time.sleep(0.25)
        seen.append(_held(running))
    return {
        part: Held(
            files=min(one[part].files for one in seen),
            threads=min(one[part].threads for one in seen),
            processes=min(one[part].processes for one in seen),
        )
        for part in seen[0]
    }


def _cycle(running: Stack, http: httpx2.Client, number: int) -> None:
    job = http.post("/jobs", json=_job(f"cycle-{number}")).json()["jobId"]
    with streams(running, _AT_ONCE), http.stream("GET", f"/jobs/{job}/logs") as log:
        if not any(line == "event: end" for line in log.iter_lines()):
            raise BenchError(f"the log of {job} did not end")
    http.post("/jobs", content=b"{", headers={"Content-Type": "application/json"})
    http.put(f"/inputs/{'0' * 64}", content=b"x")
    for path in ("/jobs", "/alerts", "/", "/docs", "/nowhere"):
        http.get(path)


def _job(deployment: str) -> dict[str, Any]:
    # Any URL: the recipe looks at none.
    return {
        "target": TARGET,
        "deployment": deployment,
        "urls": {"shacl": "https://store.example/shapes.ttl"},
    }


def _run(http: httpx2.Client, jobs: int) -> float:
    """Jobs a second from the first POST to the end of the last, of many deployments at once."""
    began = time.monotonic()
    for number in range(jobs):
        http.post("/jobs", json=_job(f"run-{number % 20}")).raise_for_status()
    while _left(http):
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise BenchError("the worker does not come to the end of the queue")
        time.sleep(0.05)
    return jobs / (time.monotonic() - began)


def _left(http: httpx2.Client) -> bool:
    return bool(http.get("/jobs?status=QUEUED&status=RUNNING&limit=1").json()["items"])


def _accept(running: Stack, jobs: int) -> tuple[list[float], float]:
    """The times of the POSTs, and how many a second. Each job is canceled at once: what is measured
    is accepting, and a queue of this length would be worked off for minutes."""

    def some(numbers: range) -> list[float]:
        times = []
        with client(running) as http:
            for number in numbers:
                began = time.monotonic()
                answer = http.post("/jobs", json=_job(f"accepted-{number}"))
                times.append(time.monotonic() - began)
                http.post(f"{answer.raise_for_status().json()['links']['cancel']}")
        return times

    began = time.monotonic()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        shares = [range(first, jobs, _CLIENTS) for first in range(_CLIENTS)]
        times = [one for share in pool.map(some, shares) for one in share]
    return times, jobs / (time.monotonic() - began)


def _answers(http: httpx2.Client, requests: int) -> dict[str, Latency]:
    job = http.get("/jobs?limit=1").json()["items"][0]["links"]["self"]
    paths = {
        "GET /jobs, 50 of them": "/jobs",
        "GET /jobs/{jobId}": job,
        "GET /alerts": "/alerts",
        "GET /": "/",
        "GET /healthz": "/healthz",
    }
    return {name: Latency.of(_times(http, path, requests)) for name, path in paths.items()}


def _times(http: httpx2.Client, path: str, requests: int) -> list[float]:
    times = []
    for _ in range(requests):
        began = time.monotonic()
        http.get(path).raise_for_status()
        times.append(time.monotonic() - began)
    return times


@contextmanager
def streams(running: Stack, count: int) -> Iterator[None]:
    """So many event streams, each of which has begun."""
    where = urlsplit(running.service_url)
    with ExitStack() as opened:
        connections = []
        for _ in range(count):
            connection = socket.create_connection((where.hostname or "", where.port or 80), 30)
            connections.append(opened.enter_context(connection))
            connection.sendall(b"GET /alerts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for connection in connections:
            head = connection.recv(4096)
            if not head.startswith(b"HTTP/1.1 200"):
                raise BenchError(f"a stream was refused: {head[:200]!r}")
        yield


def _resident(running: Stack) -> dict[str, int]:
    return {
        part: sum(map(procfs.resident_bytes, procfs.family(pid)))
        for part, pid in sorted(running.pids().items())
        if part != "up"  # the parent of all the others
    }


def _held(running: Stack) -> dict[str, Held]:
    return {part: _held_by(running.pids()[part]) for part in ("web", "worker")}


def _held_by(pid: int) -> Held:
    family = procfs.family(pid)
    return Held(
        files=sum(map(procfs.open_files, family)),
        threads=sum(map(procfs.threads, family)),
        processes=len(family),
    )
