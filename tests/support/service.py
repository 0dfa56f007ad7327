"""The service in a process of its own, and a database that a whole module of tests may share."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

import httpx2
import psycopg

from flinkjobrunner.store import engine
from flinkjobrunner.store.notify import listener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flinkjobrunner.config import Settings

shared_databases: set[str] = set()
SOURCE = Path(__file__).parents[2] / "src"
_numbers = itertools.count(1)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Running:
    """One `flinkjobrunner serve`."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def http(self, **headers: str) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.url, trust_env=False, timeout=10, headers=headers, verify=False
        )

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def serving(
    settings: Settings, folder: Path, *, port: int | None = None, **environment: str
) -> Iterator[Running]:
    port = port or free_port()
    variables = settings.environment() | {
        "RUNNER_PORT": str(port),
        "PYTHONPATH": str(SOURCE),
        "PATH": os.environ["PATH"],
        "RUNNER_RATE_LIMIT": str(settings.rate_limit),
    }
    log = folder / f"serve-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flinkjobrunner", "serve"],
            env=variables | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    running = Running(url=f"http://127.0.0.1:{port}", port=port, process=process, log=log)
    try:
        until(lambda: _answers(running), log.read_text)
        yield running
    finally:
        if process.poll() is None:
            assert running.terminate() == 0, log.read_text()


def _answers(running: Running) -> bool:
    assert running.process.poll() is None, running.log.read_text()
    try:
        with running.http() as client:
            return client.get("/healthz").status_code == 200
    except httpx2.HTTPError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def shared_database(server: str, template: str) -> Iterator[str]:
    """A database for longer than one test; the fixtures of conftest.py make one for each."""
    name = f"shared_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    shared_databases.add(url)
    try:
        yield url
    finally:
        shared_databases.discard(url)
        listener(url).close()
        engine(url).dispose()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def until(condition: Callable[[], T], explain: Callable[[], str] = str, seconds: float = 30) -> T:
    """What the condition came to once it is true."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not happen in time: {explain()}")
        time.sleep(0.02)
    return result
