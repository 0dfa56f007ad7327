"""`up` with a database and Kafka of others: only the service's own processes are started."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sysconfig
from typing import TYPE_CHECKING

import psycopg
import pytest

from flinkjobrunner.backends.local import leftovers
from flinkjobrunner.backends.local.process import MARK
from support.up import ROOT, Up, eventually

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = {
    "RUNNER_BACKEND": "session",
    "RUNNER_KAFKA_BOOTSTRAP": "127.0.0.1:1",
    "RUNNER_FLINK_URL": "http://127.0.0.1:1",
}


@pytest.fixture
def up(tmp_path: Path, empty_database_url: str) -> Up:
    variables = {**ELSEWHERE, "RUNNER_DATABASE_URL": empty_database_url}
    return Up(work_root=tmp_path / "a folder", variables=variables)


def test_when_it_is_ready_jobs_can_be_asked_for(up: Up) -> None:
    """On an empty database: the schema is there by then."""
    with up.running():
        assert set(up.stack()["parts"]) == {"web", "worker"}
        answer = up.get("/jobs")
        assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})
        listed = up.run("jobs")
        assert (listed.returncode, listed.stdout) == (0, "There are no jobs.\n")


def test_a_token_that_was_made_is_told_once(up: Up) -> None:
    up.variables = {**up.variables, "RUNNER_BIND": "0.0.0.0"}
    with up.running() as running:
        assert up.get("/jobs").status_code == 401
        code, said, _ = running.end(signal.SIGTERM)
    assert code == 0
    token = re.search(r"^    (\S{40,})$", said, re.MULTILINE)
    assert token
    files = [path for path in up.work_root.rglob("*") if path.is_file()]
    assert not any(token[1].encode() in path.read_bytes() for path in files)
    with up.running() as running:
        _, said, _ = running.end(signal.SIGTERM)
    assert "token" not in said


def test_an_ipv6_address(up: Up) -> None:
    up.variables = {**up.variables, "RUNNER_BIND": "[::1]"}
    with up.running():
        assert up.stack()["service_url"].startswith("http://[::1]:")
        assert up.get("/healthz").status_code == 200


def test_a_schema_of_a_newer_version_ends_the_start(up: Up, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    up.variables = {**up.variables, "RUNNER_DATABASE_URL": database_url}
    ended = up.run("up")
    assert ended.returncode == 1
    assert re.fullmatch(
        r"the database has schema 9999, which .* use another database\n", ended.stderr
    )
    assert up.processes() == []


def test_what_a_killed_stack_left_behind_is_ended(up: Up) -> None:
    up.work_root.mkdir()
    environment = {**os.environ, MARK: leftovers.mark_of(up.work_root)}
    for command in ("down", "up"):
        with subprocess.Popen(["/bin/sleep", "600"], env=environment) as left:
            if command == "down":
                assert "1 processes were left over and are ended" in up.run("down").stdout
            else:
                with up.running():
                    pass
            assert left.wait(10) == -signal.SIGTERM
    assert up.processes() == []


def test_a_dead_service_process_is_started_again(up: Up) -> None:
    with up.running() as running:
        for name in ("web", "worker"):
            before = up.pid(name)
            assert before
            os.kill(before, signal.SIGKILL)
            eventually(
                lambda n=name, b=before: up.pid(n) not in (b, None) and up.state(n) == "ready"
            )
        assert up.get("/healthz").status_code == 200
        code, said, _ = running.end(signal.SIGTERM)
    assert code == 0
    for name in ("web", "worker"):
        assert re.search(rf"{name} ended \(SIGKILL\), is restarted\n.*{name} is again ready", said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(up: Up, number: signal.Signals) -> None:
    with up.running() as running:
        assert len(up.processes()) >= 3
        code, said, error = running.end(number)
    assert (code, error) == (0, "")
    assert said.endswith("Ended.\n")
    assert up.processes() == []
    assert up.stack() == {}


def test_app_py_needs_only_the_requirements(up: Up, tmp_path: Path) -> None:
    """Without the path file that the checkout's own environment has (-S), from elsewhere."""
    up.variables = {**up.variables, "PYTHONPATH": sysconfig.get_path("purelib")}
    with up.running(("-S", str(ROOT / "app.py"))) as running:
        assert up.get("/healthz").status_code == 200
        code, _, error = running.end(signal.SIGINT)
    assert (code, error) == (0, "")
    assert up.processes() == []
