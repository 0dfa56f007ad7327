"""`jobs`, `logs` and `alerts` against a real service: what people read, what programs read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

import psycopg
import pytest
from typer.testing import CliRunner

from flinkjobrunner.cli import build
from flinkjobrunner.config import Settings
from flinkjobrunner.jobs import JobRequest, JobStatus, Queue
from support.alerts import SHACL, Seed, alert
from support.service import SOURCE, free_port, serving, shared_database, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

SECRET = "https://store.example/shapes.ttl?X-Signature=0123456789abcdef"


@pytest.fixture(scope="module")
def shared(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """A database and a service on it for all tests of this module: its URL and the service's."""
    folder = tmp_path_factory.mktemp("service")
    with (
        shared_database(postgres, template) as database,
        serving(Settings(database_url=database, work_root=folder / "work"), folder) as service,
    ):
        yield database, service.url


@pytest.fixture
def database_url(shared: tuple[str, str]) -> str:
    """Empty, as one of a test's own would be."""
    database, _ = shared
    with psycopg.connect(database, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT string_agg(tablename, ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchone()
        assert tables is not None
        connection.execute(f"TRUNCATE {tables[0]} RESTART IDENTITY".encode())
    return database


@pytest.fixture
def url(
    shared: tuple[str, str], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    _, service = shared
    monkeypatch.setenv("WORK_ROOT", str(tmp_path / "client"))
    monkeypatch.setenv("FLINKJOBRUNNER_URL", service)
    return service


@pytest.fixture
def queue(settings: Settings) -> Queue:
    return Queue(settings.database())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build(arguments), arguments)


def shown(*arguments: str) -> Any:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def submit(queue: Queue, job_id: str, target: str = "validate", **more: Any) -> None:
    body = {"jobId": job_id, "target": target, "urls": {"shacl": SECRET}} | more
    queue.submit(JobRequest.model_validate(body))


def claim(queue: Queue) -> Any:
    job = queue.claim(worker="w", lease_seconds=60)
    assert job is not None
    return job


class Follower:
    """A command that goes on, in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flinkjobrunner", *arguments],
            env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
        self._reader.join()

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> tuple[int, str]:
        code = self._process.wait(30)
        self._reader.join()
        assert self._process.stderr is not None
        return code, self._process.stderr.read()


@pytest.mark.usefixtures("url")
class TestJobs:
    def test_the_list(self, queue: Queue) -> None:
        assert run("jobs").stdout == "There are no jobs.\n"
        submit(queue, "first")
        submit(queue, "the-second-one", "setup-and-deploy", deployment="other")
        lines = run("jobs").stdout.splitlines()
        assert [line.split()[:4] for line in lines] == [
            ["the-second-one", "QUEUED", "setup-and-deploy", "other"],
            ["first", "QUEUED", "validate", "default"],
        ]
        page = shown("jobs", "--json")
        assert [job["jobId"] for job in page["items"]] == ["the-second-one", "first"]

    def test_the_list_is_filtered_and_limited(self, queue: Queue) -> None:
        for number in range(3):
            submit(queue, f"v{number}")
        submit(queue, "plan-a", "plan")
        listed = shown("jobs", "list", "--target", "validate", "--limit", "2", "--json")
        assert [job["jobId"] for job in listed["items"]] == ["v2", "v1"]
        assert shown("jobs", "list", "--status", "FAILED", "--json")["items"] == []
        both = shown("jobs", "list", "--target", "plan", "--target", "validate", "--json")
        assert len(both["items"]) == 4

    def test_one_job_with_its_steps_and_without_its_secret(self, queue: Queue) -> None:
        submit(queue, "one", "setup-and-deploy")
        text = run("jobs", "show", "one").stdout.splitlines()
        assert text[0] == "one: setup-and-deploy of default: QUEUED"
        assert [line.split() for line in text[1:]] == [
            ["setup", "PENDING"],
            ["flink-deploy", "PENDING"],
        ]
        assert "0123456789abcdef" not in run("jobs", "show", "one", "--json").stdout

    def test_cancel(self, queue: Queue) -> None:
        submit(queue, "one")
        assert run("jobs", "cancel", "one").stdout.startswith("one: validate of default: CANCELED")
        assert shown("jobs", "show", "one", "--json")["status"] == "CANCELED"

    def test_a_job_that_is_not_there(self) -> None:
        for command in (["jobs", "show"], ["jobs", "cancel"], ["logs"], ["logs", "-f"]):
            for job_id in ("nobody", "../healthz", "a b?c#d"):
                result = run(*command, job_id)
                assert (result.exit_code, result.stdout) == (1, ""), (command, job_id)
                assert re.match(r"[a-z-]+: .", result.stderr), result.stderr
                assert isinstance(result.exception, SystemExit), (command, job_id)


@pytest.mark.usefixtures("url")
class TestLogs:
    def test_what_is_there(self, queue: Queue) -> None:
        submit(queue, "one")
        queue.append_lines(claim(queue), ["first", "second, with ümlaut"])
        assert run("logs", "one").stdout == "first\nsecond, with ümlaut\n"
        numbered = [json.loads(line) for line in run("logs", "one", "--json").stdout.splitlines()]
        assert numbered == [
            {"line": 1, "text": "first"},
            {"line": 2, "text": "second, with ümlaut"},
        ]

    @pytest.mark.parametrize(("status", "code"), [(JobStatus.SUCCEEDED, 0), (JobStatus.FAILED, 1)])
    def test_followed_to_the_end_its_exit_code_is_the_jobs(
        self, queue: Queue, status: JobStatus, code: int
    ) -> None:
        submit(queue, "one")
        job = claim(queue)
        queue.append_lines(job, ["before"])
        with Follower("logs", "one", "--follow") as follower:
            until(lambda: follower.lines == ["before"])
            queue.append_lines(job, ["while it looks"])
            until(lambda: len(follower.lines) == 2)
            queue.append_lines(job, ["last"])
            queue.finish(job, status)
            assert follower.ended() == (code, "")
        assert follower.lines == ["before", "while it looks", "last"]

    def test_a_restarted_service_is_no_end(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, queue: Queue
    ) -> None:
        """Every line once, also those that were written while there was no service."""
        port = free_port()
        monkeypatch.setenv("FLINKJOBRUNNER_URL", f"http://127.0.0.1:{port}")
        submit(queue, "one")
        job = claim(queue)
        queue.append_lines(job, ["before"])
        with serving(settings, tmp_path, port=port) as first:
            follower = Follower("logs", "one", "-f")
            until(lambda: follower.lines == ["before"])
            first.terminate()
            queue.append_lines(job, ["meanwhile"])
        with follower, serving(settings, tmp_path, port=port):
            until(lambda: len(follower.lines) == 2)
            queue.append_lines(job, ["after"])
            queue.finish(job, JobStatus.SUCCEEDED)
            assert follower.ended() == (0, "")
        assert follower.lines == ["before", "meanwhile", "after"]


@pytest.mark.usefixtures("url")
class TestAlerts:
    @pytest.fixture
    def seed(self, database_url: str) -> Seed:
        return Seed(database_url)

    def test_none(self) -> None:
        assert run("alerts").stdout == "No alert stands.\n"
        assert run("alerts", "--state", "all").stdout == "There are no alerts.\n"
        assert run("alerts", "--json").stdout == ""

    def test_standing_cleared_and_all(self, seed: Seed) -> None:
        seed.say(alert("a", 1), alert("b", 1), alert("b", 2, "cleared"))
        (line,) = run("alerts").stdout.splitlines()
        assert line == (
            "2026-01-01T00:00:01Z  raised   violation   "
            "urn:test:a: the state is none of the machine states"
        )
        assert [one["alertId"] for one in documents("--state", "cleared")] == ["b"]
        assert [one["alertId"] for one in documents("--state", "all")] == ["b", "a"]

    def test_more_than_a_page_up_to_the_limit(self, seed: Seed) -> None:
        seed.say(*(alert(f"a{number:04d}", 1) for number in range(520)))
        found = [one["alertId"] for one in documents("--limit", "510")]
        assert found == [f"a{number:04d}" for number in range(519, 9, -1)]

    def test_filters(self, seed: Seed) -> None:
        seed.say(
            alert("a", 1, deployment="other"),
            alert("b", 1, severity=f"{SHACL}Warning"),
            alert("c", 1),
        )
        assert [one["alertId"] for one in documents("--deployment", "other")] == ["a"]
        assert [one["alertId"] for one in documents("--severity", "warning")] == ["b"]
        assert [one["alertId"] for one in documents("--entity", "urn:test:c")] == ["c"]
        refused = run("alerts", "--severity", "no severity")
        assert refused.exit_code in (0, 1)
        assert "Traceback" not in refused.stderr

    def test_followed_every_change_comes_once(self, seed: Seed) -> None:
        seed.say(alert("a", 1))
        with Follower("alerts", "--follow", "--json") as follower:
            until(lambda: len(follower.lines) == 1)
            seed.say(alert("b", 1))
            seed.say(alert("a", 2, "cleared"))
            until(lambda: len(follower.lines) == 3)
            follower.interrupt()
            assert follower.ended() == (0, "")
        seen = [json.loads(line) for line in follower.lines]
        assert [(one["alertId"], one["state"]) for one in seen] == [
            ("a", "raised"),
            ("b", "raised"),
            ("a", "cleared"),
        ]


def documents(*arguments: str) -> list[dict[str, Any]]:
    result = run("alerts", "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("clean_environment")
class TestTheServiceItself:
    def test_nobody_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FLINKJOBRUNNER_URL", f"http://127.0.0.1:{free_port()}")
        for command in (["jobs"], ["logs", "x"], ["logs", "x", "-f"], ["alerts", "-f"]):
            result = run(*command)
            assert (result.exit_code, result.stdout) == (1, "")
            assert re.fullmatch(
                r"the service at http://127.* does not answer \(ConnectError\);"
                r" start it with `flinkjobrunner up`, or set FLINKJOBRUNNER_URL\n",
                result.stderr,
            )

    @pytest.mark.parametrize("url", ["", "127.0.0.1:8080", "ftp://x", "http://[", "http://h:port"])
    def test_what_is_no_url(
        self, monkeypatch: pytest.MonkeyPatch, url: str, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("WORK_ROOT", str(tmp_path))
        monkeypatch.setenv("FLINKJOBRUNNER_URL", url or "http://")
        result = run("jobs")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "FLINKJOBRUNNER_URL" in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_a_token(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with serving(settings, tmp_path, RUNNER_TOKEN="right") as service:
            monkeypatch.setenv("FLINKJOBRUNNER_URL", service.url)
            result = run("jobs")
            assert result.exit_code == 1
            assert result.stderr.startswith("token-missing: ")
            monkeypatch.setenv("FLINKJOBRUNNER_TOKEN", "right")
            assert run("jobs").exit_code == 0

    @pytest.mark.usefixtures("url")
    def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        assert run("jobs").exit_code == 0
