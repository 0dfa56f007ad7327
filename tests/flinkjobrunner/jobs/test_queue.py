"""The queue's promises, each against a real PostgreSQL."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.errors import FencedError, Problem
from flinkjobrunner.jobs import Job, JobError, JobRequest, JobStatus, Queue, StepStatus
from flinkjobrunner.jobs.queue import MAX_ATTEMPTS
from flinkjobrunner.store import begin
from flinkjobrunner.store.notify import JOBS, listener

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "https://store.example/shapes.ttl?X-Signature=0123456789abcdef"


@pytest.fixture
def queue(database_url: str) -> Queue:
    return Queue(database_url)


def request(job_id: str | None = None, **more: Any) -> JobRequest:
    body = {"target": "validate", "urls": {"shacl": SECRET}} | more
    return JobRequest.model_validate(body | ({"jobId": job_id} if job_id else {}))


def claim(queue: Queue, worker: str = "w", lease: float = 30) -> Job:
    job = queue.claim(worker=worker, lease_seconds=lease)
    assert job is not None
    return job


def execute(url: str, statement: str) -> None:
    with begin(url) as connection:
        connection.exec_driver_sql(statement)


def expire(url: str) -> None:
    execute(url, "UPDATE jobs SET lease_until = now() WHERE status = 'RUNNING'")


class TestSubmit:
    def test_new_job_is_queued_with_its_steps(self, queue: Queue) -> None:
        submitted = queue.submit(request("first", target="setup-and-deploy"))
        assert submitted.created
        assert submitted.job.status is JobStatus.QUEUED
        assert [step.name for step in submitted.job.steps] == ["setup", "flink-deploy"]
        assert {step.status for step in submitted.job.steps} == {StepStatus.PENDING}

    def test_same_id_and_body_is_the_same_job(self, queue: Queue) -> None:
        first = queue.submit(request("first"))
        again = queue.submit(request("first"))
        assert not again.created
        assert again.job == first.job
        assert len(queue.page(limit=10)) == 1

    def test_same_id_and_body_after_the_end_is_still_the_same_job(self, queue: Queue) -> None:
        queue.submit(request("first"))
        queue.finish(claim(queue), JobStatus.SUCCEEDED)
        again = queue.submit(request("first"))
        assert not again.created
        assert again.job.status is JobStatus.SUCCEEDED

    def test_same_id_with_another_body_is_refused(self, queue: Queue) -> None:
        queue.submit(request("first"))
        with pytest.raises(Problem) as refused:
            queue.submit(request("first", deployment="other"))
        assert (refused.value.status, refused.value.code) == (409, "job-id-taken")

    def test_defaults_said_or_left_out_are_the_same_body(self, queue: Queue) -> None:
        queue.submit(request("first"))
        said = request("first", deployment="default", urls={"shacl": [SECRET], "knowledge": []})
        assert not queue.submit(said).created

    def test_uuid_is_kept_as_sent_and_is_one_id_in_any_case(self, queue: Queue) -> None:
        sent = "0F8FAD5B-D9CB-469F-A165-70867728950E"
        queue.submit(request(sent))
        assert queue.get(sent.lower()).job_id == sent
        assert not queue.submit(request(sent.lower())).created

    def test_concurrent_posts_of_one_id_make_one_job(self, queue: Queue) -> None:
        created: list[bool] = []
        in_parallel(8, lambda: created.append(queue.submit(request("same")).created))
        assert sorted(created) == [False] * 7 + [True]


class TestClaim:
    def test_oldest_first_and_the_lease_is_in_the_claim(self, queue: Queue) -> None:
        for name in ("a", "b"):
            queue.submit(request(name, deployment=name))
        job = claim(queue)
        assert (job.job_id, job.status, job.attempt) == ("a", JobStatus.RUNNING, 1)
        assert queue.get("a").worker == "w"

    def test_race_claims_each_job_exactly_once(self, queue: Queue) -> None:
        for number in range(200):
            queue.submit(request(f"j{number}", deployment=f"d{number}"))
        claimed: list[str] = []

        def drain() -> None:
            while (job := queue.claim(worker="w", lease_seconds=30)) is not None:
                claimed.append(job.job_id)

        in_parallel(8, drain)
        assert sorted(claimed) == sorted(f"j{number}" for number in range(200))

    def test_race_never_runs_two_jobs_of_a_deployment_and_keeps_their_order(
        self, queue: Queue
    ) -> None:
        for number in range(60):
            queue.submit(request(f"j{number}", deployment=f"d{number % 3}"))
        running: dict[str, list[str]] = {f"d{n}": [] for n in range(3)}
        order: dict[str, list[str]] = {f"d{n}": [] for n in range(3)}
        overlaps: list[str] = []
        guard = threading.Lock()

        def drain() -> None:
            while sum(map(len, order.values())) < 60:
                job = queue.claim(worker="w", lease_seconds=30)
                if job is None:
                    continue
                with guard:
                    if running[job.deployment]:
                        overlaps.append(job.job_id)
                    running[job.deployment].append(job.job_id)
                    order[job.deployment].append(job.job_id)
                with guard:
                    running[job.deployment].remove(job.job_id)
                queue.finish(job, JobStatus.SUCCEEDED)

        in_parallel(6, drain)
        assert not overlaps
        for number in range(3):
            assert order[f"d{number}"] == [f"j{n}" for n in range(number, 60, 3)]

    def test_nothing_of_a_deployment_while_one_of_it_runs(self, queue: Queue) -> None:
        queue.submit(request("a"))
        queue.submit(request("b"))
        first = claim(queue)
        assert queue.claim(worker="other", lease_seconds=30) is None
        queue.finish(first, JobStatus.SUCCEEDED)
        assert claim(queue).job_id == "b"

    def test_submit_wakes_a_listening_worker(self, queue: Queue, database_url: str) -> None:
        with listener(database_url).subscribe(JOBS) as subscription:
            subscription.wait(5)  # connected
            queue.submit(request("a"))
            assert subscription.wait(5)


class TestLease:
    def test_expired_lease_is_taken_over_as_the_next_attempt(
        self, queue: Queue, database_url: str
    ) -> None:
        queue.submit(request("a"))
        claim(queue, "first")
        expire(database_url)
        taken = claim(queue, "second")
        assert (taken.job_id, taken.attempt, taken.worker) == ("a", 2, "second")
        assert [(a.attempt, a.worker, a.outcome) for a in queue.attempts("a")] == [
            (1, "first", "lost"),
            (2, "second", None),
        ]

    def test_heartbeat_keeps_the_job(self, queue: Queue) -> None:
        queue.submit(request("a"))
        job = claim(queue, lease=0.5)
        for _ in range(3):
            assert queue.heartbeat(job, 30) is False
        assert queue.claim(worker="other", lease_seconds=30) is None

    @pytest.mark.parametrize(
        "write",
        [
            lambda queue, job: queue.heartbeat(job, 30),
            lambda queue, job: queue.append_lines(job, ["late"]),
            lambda queue, job: queue.finish(job, JobStatus.SUCCEEDED),
            lambda queue, job: queue.release(job),
        ],
        ids=["heartbeat", "log", "finish", "release"],
    )
    @pytest.mark.parametrize("taken_over", [False, True])
    def test_worker_that_slept_through_its_lease_cannot_write(
        self,
        queue: Queue,
        database_url: str,
        write: Callable[[Queue, Job], object],
        taken_over: bool,
    ) -> None:
        queue.submit(request("a"))
        sleeper = claim(queue, "sleeper")
        expire(database_url)
        if taken_over:
            claim(queue, "second")
        before = queue.get("a")
        with pytest.raises(FencedError):
            write(queue, sleeper)
        assert queue.get("a") == before
        assert not queue.lines("a", 0)

    def test_a_job_that_kills_its_workers_fails_in_the_end(
        self, queue: Queue, database_url: str
    ) -> None:
        queue.submit(request("a"))
        for _ in range(MAX_ATTEMPTS):
            claim(queue)
            expire(database_url)
        assert queue.claim(worker="w", lease_seconds=30) is None
        job = queue.get("a")
        assert job.status is JobStatus.FAILED
        assert job.error is not None
        assert job.error["code"] == "attempts-exhausted"

    def test_leases_of_a_dead_worker_end_at_once(self, queue: Queue) -> None:
        queue.submit(request("a"))
        claim(queue, "dead")
        assert queue.lease_holders() == {"dead"}
        assert queue.expire_leases_of("dead") == 1
        assert claim(queue, "next").attempt == 2

    def test_release_gives_the_job_to_the_next(self, queue: Queue) -> None:
        queue.submit(request("a"))
        queue.release(claim(queue, "first"))
        assert claim(queue, "second").attempt == 2
        assert queue.attempts("a")[0].outcome == "released"


class TestEnd:
    def test_success_ends_job_and_steps(self, queue: Queue) -> None:
        queue.submit(request("a"))
        queue.finish(claim(queue), JobStatus.SUCCEEDED)
        job = queue.get("a")
        assert job.status is JobStatus.SUCCEEDED
        assert job.finished_at is not None
        assert [step.status for step in job.steps] == [StepStatus.SUCCEEDED]

    def test_failure_blames_the_first_step_that_had_not_succeeded(self, queue: Queue) -> None:
        queue.submit(request("a", target="setup-and-deploy"))
        queue.finish(
            claim(queue), JobStatus.FAILED, JobError(code="step-failed", message="it broke")
        )
        job = queue.get("a")
        assert [step.status for step in job.steps] == [StepStatus.FAILED, StepStatus.SKIPPED]
        assert job.error == {"code": "step-failed", "message": "it broke"}
        assert job.steps[0].error == job.error

    def test_secrets_leave_the_database_with_the_end(self, queue: Queue, database_url: str) -> None:
        queue.submit(request("a"))
        job = claim(queue)
        assert job.request["urls"]["shacl"] == [SECRET]
        queue.finish(
            job, JobStatus.FAILED, JobError(code="step-failed", message=f"GET {SECRET} failed")
        )
        with begin(database_url) as connection:
            for table in ("jobs", "steps", "job_events", "log_lines"):
                rows = connection.exec_driver_sql(f"SELECT t::text FROM {table} t").fetchall()
                assert "0123456789abcdef" not in str(rows)
        kept = queue.get("a").request["urls"]["shacl"]
        assert kept == ["https://store.example/shapes.ttl"]

    def test_log_lines_are_numbered_from_one_without_gaps(self, queue: Queue) -> None:
        queue.submit(request("a"))
        job = claim(queue)
        queue.append_lines(job, ["one", "two"])
        queue.append_lines(job, ["three"])
        assert queue.lines("a", 0) == [(1, "one"), (2, "two"), (3, "three")]
        assert queue.lines("a", 2) == [(3, "three")]
        assert queue.last_lines(job, 2) == ["two", "three"]


class TestCancel:
    def test_queued_job_is_canceled_at_once(self, queue: Queue) -> None:
        queue.submit(request("a"))
        assert queue.cancel("a").status is JobStatus.CANCELED
        assert queue.claim(worker="w", lease_seconds=30) is None

    def test_running_job_learns_of_it_by_its_heartbeat(self, queue: Queue) -> None:
        queue.submit(request("a"))
        job = claim(queue)
        assert queue.cancel("a").cancel_requested
        assert queue.heartbeat(job, 30) is True
        queue.finish(job, JobStatus.CANCELED)
        assert queue.get("a").status is JobStatus.CANCELED

    def test_survives_the_death_of_the_worker(self, queue: Queue, database_url: str) -> None:
        queue.submit(request("a"))
        claim(queue)
        queue.cancel("a")
        expire(database_url)
        assert queue.claim(worker="next", lease_seconds=30) is None
        assert queue.get("a").status is JobStatus.CANCELED

    def test_twice_is_once(self, queue: Queue) -> None:
        queue.submit(request("a"))
        queue.cancel("a")
        assert queue.cancel("a").status is JobStatus.CANCELED

    def test_finished_job_cannot_be_canceled(self, queue: Queue) -> None:
        queue.submit(request("a"))
        queue.finish(claim(queue), JobStatus.SUCCEEDED)
        with pytest.raises(Problem) as refused:
            queue.cancel("a")
        assert (refused.value.status, refused.value.code) == (409, "job-finished")

    def test_unknown_job(self, queue: Queue) -> None:
        with pytest.raises(Problem) as refused:
            queue.cancel("nobody")
        assert (refused.value.status, refused.value.code) == (404, "job-not-found")


def in_parallel(number: int, work: Callable[[], object]) -> None:
    """Run it in that many threads; an exception of any of them fails the test."""
    failures: list[BaseException] = []
    barrier = threading.Barrier(number)

    def run() -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed over to the test's thread
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures
