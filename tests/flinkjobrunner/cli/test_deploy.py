"""`plan`, `deploy` and `rollback` against a real service; the worker is the test itself."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from flinkjobrunner.cli import build
from flinkjobrunner.jobs import JobError, JobStatus, Queue
from flinkjobrunner.store import begin, claims, deployments, programs
from support.deployed import DIGEST, Deployed
from support.service import serving, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result
    from sqlalchemy import Connection

    from flinkjobrunner.config import Settings
    from flinkjobrunner.jobs import Job

NEWER = "sha256:" + "f" * 64
SHAPES = ("--shapes", "https://store.example/shapes.ttl")


@pytest.fixture
def queue(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("WORK_ROOT", str(tmp_path / "client"))
    with serving(settings, tmp_path) as service:
        monkeypatch.setenv("FLINKJOBRUNNER_URL", service.url)
        yield Queue(settings.database())


def activate(connection: Connection, job: Job, digest: str) -> None:
    deployments.activate(
        connection,
        name="default",
        digest=digest,
        job_id=job.job_id,
        attempt=job.attempt,
        above=0,
        parallelism=2,
    )


@pytest.fixture
def deployed(queue: Queue, settings: Settings) -> Deployed:
    """Two programs, one after the other."""
    made = Deployed(settings.database())
    made.deploy("first")
    made.ask("second")
    job = made.claim()
    program = programs.NewProgram(
        digest=NEWER, compressed=b"", format_version=1, summary={}, inputs_hash="2", sources={}
    )
    with begin(made.url) as connection:
        programs.add(connection, program)
        activate(connection, job, NEWER)
    made.queue.finish(job, JobStatus.SUCCEEDED)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build(arguments), arguments)


@contextmanager
def working(queue: Queue, settings: Settings, result: dict[str, Any] | None) -> Iterator[list[Job]]:
    """Does the next job: it comes to this, or it fails."""
    done: list[Job] = []

    def work() -> None:
        job = until(lambda: queue.claim(worker="w", lease_seconds=60))
        queue.append_lines(job, ["a line of the log"])
        if result is None:
            queue.finish(job, JobStatus.FAILED, JobError(code="shapes-refused", message="no"))
        else:
            with begin(settings.database()) as connection:
                claims.merge_result(connection, job.job_id, job.attempt, result)
            queue.finish(job, JobStatus.SUCCEEDED)
        done.append(job)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield done
    finally:
        worker.join()


def plan(*, up_to_date: bool) -> dict[str, Any]:
    return {"plan": {"formatVersion": 1, "digest": DIGEST, "upToDate": up_to_date}}


@pytest.mark.parametrize(("up_to_date", "code"), [(True, 0), (False, 2)])
def test_the_exit_code_of_a_plan(
    queue: Queue, settings: Settings, *, up_to_date: bool, code: int
) -> None:
    with working(queue, settings, plan(up_to_date=up_to_date)) as done:
        result = run("plan", *SHAPES)
    assert (result.exit_code, result.stdout) == (code, "a line of the log\n")
    assert done[0].target == "plan"


def test_a_plan_that_fails(queue: Queue, settings: Settings) -> None:
    with working(queue, settings, None):
        result = run("plan", *SHAPES)
    assert result.exit_code == 1
    assert "shapes-refused: no" in result.stdout


def test_a_plan_for_programs(queue: Queue, settings: Settings) -> None:
    with working(queue, settings, plan(up_to_date=False)):
        result = run("plan", *SHAPES, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == plan(up_to_date=False)["plan"]
    assert "a line of the log" in result.stderr


@pytest.mark.parametrize("option", ["--plan", "--plan-digest"])
def test_a_deploy_names_its_plan(queue: Queue, option: str) -> None:
    assert run("deploy", *SHAPES, "--no-wait", option, DIGEST).exit_code == 0
    (job,) = queue.page(limit=2)
    assert (job.target, job.request["options"]["planDigest"]) == ("setup-and-deploy", DIGEST)


@pytest.mark.parametrize("to", [(), ("--to", DIGEST), ("--to", "0812"), ("--to", DIGEST[:19])])
def test_a_rollback_names_a_program_and_nothing_else(deployed: Deployed, to: tuple[str]) -> None:
    result = run("rollback", "--no-wait", *to)
    assert result.exit_code == 0, result.stderr
    job = deployed.queue.page(limit=1)[0]
    assert (job.target, job.deployment) == ("flink-deploy", "default")
    assert job.request["options"]["program"] == DIGEST
    assert job.request["urls"] == {"shacl": [], "knowledge": []}


def test_a_rollback_back_and_forth(deployed: Deployed) -> None:
    deployed.ask("third")
    job = deployed.claim()
    with begin(deployed.url) as connection:
        activate(connection, job, DIGEST)
    deployed.queue.finish(job, JobStatus.SUCCEEDED)
    assert run("rollback", "--no-wait").exit_code == 0
    assert deployed.queue.page(limit=1)[0].request["options"]["program"] == NEWER


def test_a_rollback_may_be_planned_first(deployed: Deployed, settings: Settings) -> None:
    with working(deployed.queue, settings, plan(up_to_date=False)) as done:
        result = run("rollback", "--dry-run")
    assert result.exit_code == 2, result.stderr
    assert (done[0].target, done[0].request["options"]["program"]) == ("plan", DIGEST)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "9999"), "9999 is none of the programs that deployment default has had"),
        (("--to", "sha256:"), "sha256: fits 2 of the programs"),
        (("nothing",), "deployment-not-found"),
        (("--to", "sha256:" + "1" * 64), "program-unknown"),
    ],
)
@pytest.mark.usefixtures("deployed")
def test_what_cannot_be_rolled_back_to(arguments: tuple[str, ...], said: str) -> None:
    result = run("rollback", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_first_program_has_nothing_before_it(queue: Queue, settings: Settings) -> None:
    Deployed(settings.database()).deploy()
    result = run("rollback")
    assert result.exit_code == 1
    assert "deployment default has had no other program" in result.stderr


@pytest.mark.parametrize(("arguments", "purge"), [((), None), (("--purge",), True)])
def test_an_undeploy(queue: Queue, arguments: tuple[str, ...], purge: object) -> None:
    assert run("undeploy", "--no-wait", *arguments).exit_code == 0
    (job,) = queue.page(limit=2)
    assert job.target == "flink-undeploy"
    assert job.request["options"].get("purge") is purge
