"""The worker with real make, real processes and a real database."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.jobs import Job, JobRequest, JobStatus, Queue, StepStatus
from flinkjobrunner.store import begin
from flinkjobrunner.telemetry import redaction
from flinkjobrunner.workflow import jobfile
from flinkjobrunner.workflow.engine import Worker
from flinkjobrunner.workflow.process import kill_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flinkjobrunner.config import Settings

SOURCE = Path(__file__).parents[3] / "src"
SECRET = "CANARY0123456789abcdef"
URL = f"https://store.example/shapes.ttl?X-Amz-Signature={SECRET}"

MAKEFILE = """
setup:
\t@echo preparing
\t@echo done
validate:
\t@cat "$$JOB_DIR/job.json" >&2
\t@echo "seen: $$(stat -c %a "$$JOB_DIR/job.json")" && exit 3
plan:
\t@echo $$$$ > "$$JOB_DIR/pids"; sleep 600 & echo $$! >> "$$JOB_DIR/pids"; \\
\tsetsid sleep 600 & echo $$! >> "$$JOB_DIR/pids"; echo started; trap '' TERM; sleep 600 & wait
flink-deploy:
\t@env
reporting:
\t@"$$PYTHON" "$$JOB_DIR/../../report.py"
"""


@pytest.fixture
def queue(settings: Settings) -> Queue:
    settings.digitaltwin_root.mkdir()
    (settings.digitaltwin_root / "Makefile").write_text(MAKEFILE)
    return Queue(settings.database())


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=Worker(settings, watchers={}).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def submit(queue: Queue, target: str, **more: Any) -> Job:
    body = {"target": target, "urls": {"shacl": URL}} | more
    return queue.submit(JobRequest.model_validate(body)).job


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def ended(queue: Queue, job: Job) -> Job:
    return until(lambda: (now := queue.get(job.job_id)).status.terminal and now)


def texts(queue: Queue, job: Job) -> list[str]:
    return [text for _, text in queue.lines(job.job_id, 0)]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def pids_of(settings: Settings, job: Job) -> list[int]:
    path = settings.work_root / "jobs" / job.job_id / "pids"
    return until(
        lambda: path.exists() and len(pids := path.read_text().split()) == 3 and [*map(int, pids)]
    )


def test_success_with_the_log_in_order(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "setup")
    with working(settings):
        done = ended(queue, job)
    assert done.status is JobStatus.SUCCEEDED
    assert [step.status for step in done.steps] == [StepStatus.SUCCEEDED]
    assert queue.lines(job.job_id, 0) == [(1, "preparing"), (2, "done")]


def test_a_job_starts_within_milliseconds_of_its_submission(
    settings: Settings, queue: Queue
) -> None:
    with working(settings):
        ended(queue, submit(queue, "setup"))
        done = ended(queue, submit(queue, "setup"))
    assert done.started_at is not None
    assert (done.started_at - done.created_at).total_seconds() < 0.5


def test_failure_without_a_reporting_step_quotes_the_log(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "validate")
    with working(settings):
        done = ended(queue, job)
    assert done.status is JobStatus.FAILED
    assert done.error is not None
    assert done.error["code"] == "step-failed"
    assert "seen: 600" in done.error["hint"]
    assert done.steps[0].status is StepStatus.FAILED


def test_a_target_that_make_does_not_know(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "flink-undeploy")
    with working(settings):
        done = ended(queue, job)
    assert done.error is not None
    assert "No rule to make target" in done.error["hint"]


def test_secrets_reach_the_step_and_nothing_else(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "validate")
    seen: list[str] = []
    with working(settings):
        ended(queue, job)
    job_file = settings.work_root / "jobs" / job.job_id / "job.json"
    seen.append(job_file.read_text())
    assert stat.S_IMODE(job_file.stat().st_mode) == 0o600
    with begin(settings.database()) as connection:
        seen += [
            str(connection.exec_driver_sql(f"SELECT t::text FROM {table} t").all())
            for table in ("jobs", "steps", "job_events", "log_lines")
        ]
    assert SECRET not in "".join(seen)
    # The recipe printed its job file, so the log shows where the secret was.
    assert any("https://store.example/shapes.ttl?[redacted]" in line for line in texts(queue, job))
    assert SECRET not in redaction._registered or not redaction._registered[SECRET]


def test_a_step_gets_a_minimal_environment(
    settings: Settings, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nobody-may-see-this")
    monkeypatch.setenv("RUNNER_TOKEN", "nor-this-one")
    job = submit(queue, "flink-deploy")
    with working(settings):
        ended(queue, job)
    names = {line.partition("=")[0] for line in texts(queue, job)}
    assert {"JOB_DIR", "PYTHON", "RUNNER_DATABASE_URL"} <= names
    assert not {"AWS_SECRET_ACCESS_KEY", "RUNNER_TOKEN"} & names


def test_a_step_reports_for_itself(settings: Settings, queue: Queue) -> None:
    (settings.work_root).mkdir()
    (settings.work_root / "report.py").write_text(
        "import json, os, sys\n"
        "from flinkjobrunner.jobs import JobError, steps\n"
        "job = json.load(open(os.environ['JOB_DIR'] + '/job.json'))\n"
        "steps.start(job['jobId'], 'reporting', job['attempt'])\n"
        "steps.record_result(job['jobId'], job['attempt'], {'epoch': 7})\n"
        "error = JobError(code='shapes-refused', message='GET ' + job['urls']['shacl'][0])\n"
        "steps.fail(job['jobId'], 'reporting', job['attempt'], error)\n"
        "sys.exit(1)\n"
    )
    allowed = submit(queue, "reporting")
    with working(settings):
        done = ended(queue, allowed)
    assert done.error == {
        "code": "shapes-refused",
        "message": "GET https://store.example/shapes.ttl?[redacted]",
    }
    assert done.steps[0].error == done.error
    assert done.result == {"epoch": 7}


def test_cancel_leaves_no_process(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "plan")
    with working(settings):
        pids = pids_of(settings, job)
        assert all(map(alive, pids))
        queue.cancel(job.job_id)
        assert ended(queue, job).status is JobStatus.CANCELED
        assert not any(map(alive, pids))


def test_a_job_over_its_time_fails(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "plan")
    with working(settings.model_copy(update={"job_timeout_seconds": 0.5})):
        pids = pids_of(settings, job)
        done = ended(queue, job)
    assert done.error is not None
    assert done.error["code"] == "timed-out"
    assert not any(map(alive, pids))


def test_a_stopping_worker_gives_its_job_back(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "plan")
    with working(settings):
        pids = pids_of(settings, job)
    assert queue.get(job.job_id).status is JobStatus.QUEUED
    assert not any(map(alive, pids))


def test_a_lost_lease_ends_the_process_and_writes_nothing(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "plan")
    with working(settings):
        pids = pids_of(settings, job)
        with begin(settings.database()) as connection:
            connection.exec_driver_sql(
                "UPDATE jobs SET attempt = attempt + 1, worker = 'elsewhere',"
                " lease_until = now() + interval '1 hour'"
            )
        queue.cancel(job.job_id)  # makes the worker look
        until(lambda: not any(map(alive, pids)))
    after = queue.get(job.job_id)
    assert (after.status, after.worker) == (JobStatus.RUNNING, "elsewhere")


@pytest.fixture
def killed_worker(settings: Settings, queue: Queue) -> Iterator[tuple[Job, list[int]]]:
    """A job whose worker was killed while it ran."""
    job = submit(queue, "plan")
    process = subprocess.Popen(
        [sys.executable, "-m", "flinkjobrunner", "worker"],
        env=settings.environment() | {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
        stderr=subprocess.DEVNULL,
    )
    try:
        pids = pids_of(settings, job)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    yield job, pids
    kill_leftovers(settings.work_root / "jobs" / job.job_id)


def test_no_process_outlives_a_killed_worker(killed_worker: tuple[Job, list[int]]) -> None:
    _, pids = killed_worker
    until(lambda: not any(map(alive, pids)))


def test_the_job_of_a_killed_worker_is_taken_over_at_once(
    settings: Settings, queue: Queue, killed_worker: tuple[Job, list[int]]
) -> None:
    job, _ = killed_worker
    started = time.monotonic()
    with working(settings):
        until(lambda: queue.get(job.job_id).attempt == 2)
        assert time.monotonic() - started < settings.lease_seconds / 2
        queue.cancel(job.job_id)
        ended(queue, job)
    assert [one.outcome for one in queue.attempts(job.job_id)] == ["lost", "canceled"]


def test_a_canceled_job_whose_worker_and_guard_died_leaves_nothing(
    settings: Settings, queue: Queue
) -> None:
    submitted = submit(queue, "plan")
    job = queue.claim(worker="dead", lease_seconds=30)
    assert job is not None
    folder = jobfile.folder(settings.work_root, job.job_id)
    jobfile.write(folder, job)
    left = subprocess.Popen(["sleep", "600"], env={"JOB_DIR": str(folder)})
    queue.cancel(job.job_id)
    queue.expire_leases_of("dead")
    try:
        with working(settings):
            assert ended(queue, submitted).status is JobStatus.CANCELED
        assert left.wait(0) == -signal.SIGKILL
        assert SECRET not in (folder / jobfile.NAME).read_text()
    finally:
        left.kill()
        left.wait()


def test_leftovers_are_recognised_by_their_job(tmp_path: Path) -> None:
    mine = subprocess.Popen(["sleep", "600"], env={"JOB_DIR": str(tmp_path)})
    other = subprocess.Popen(["sleep", "600"], env={"JOB_DIR": str(tmp_path / "other")})
    try:
        assert kill_leftovers(tmp_path) == 1
        assert mine.wait(10) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        for process in (mine, other):
            process.kill()
            process.wait()


def test_the_job_file_says_all_a_step_needs(settings: Settings, queue: Queue) -> None:
    job = submit(queue, "setup", deployment="plant", options={"numbers": "double"})
    with working(settings):
        ended(queue, job)
    written = json.loads((settings.work_root / "jobs" / job.job_id / "job.json").read_text())
    assert written["jobId"] == job.job_id
    assert written["attempt"] == 1
    assert (written["target"], written["deployment"]) == ("setup", "plant")
    assert written["options"]["numbers"] == "double"
