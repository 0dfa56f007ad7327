"""The log as a stream, read from the service as users run it."""

from __future__ import annotations

import json
import random
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.api import sse
from flinkjobrunner.jobs import Job, JobError, JobRequest, JobStatus, Queue
from support.service import Running, serving, until
from support.sse import Event, reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings

ODD = [
    "",
    "plain",
    " leading and trailing ",
    "data: no field",
    ": no comment",
    "id: 7",
    "\u2028 and \u0085 are no line ends",
    "tab\tand 😀",
    "x" * 100_000,
]


@pytest.fixture(scope="module")
def jobs(shared: Settings) -> Queue:
    return Queue(shared.database())


def start(queue: Queue, job_id: str) -> Job:
    request = {"jobId": job_id, "target": "setup", "deployment": job_id}
    queue.submit(JobRequest.model_validate(request))
    job = queue.claim(worker="w", lease_seconds=300)
    assert job is not None
    assert job.job_id == job_id
    return job


def log_of(running: Running, job: str | Job) -> str:
    return f"{running.url}/jobs/{job if isinstance(job, str) else job.job_id}/logs"


def lines(events: list[Event]) -> list[tuple[int, str]]:
    return [(int(event.id), event.data) for event in events if not event.name]


def statuses(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.name, json.loads(event.data)["status"]) for event in events if event.name]


def test_a_whole_log(running: Running, jobs: Queue) -> None:
    job = start(jobs, "whole")
    jobs.append_lines(job, ODD)
    jobs.append_lines(job, [f"line {number}" for number in range(2500)])
    error = JobError(code="step-failed", message="it broke", hint="mend it")
    jobs.finish(job, JobStatus.FAILED, error)
    with reading(log_of(running, job)) as stream:
        events = list(stream)
    assert lines(events) == list(enumerate([*ODD, *(f"line {n}" for n in range(2500))], 1))
    assert all(event.own_id for event in events if not event.name)
    # Only lines have an id, so that a reader resumes behind the last line whatever came after it.
    assert [event.own_id for event in events if event.name] == [False]
    assert events[-1].name == "end"
    assert json.loads(events[-1].data) == {
        "jobId": "whole",
        "status": "FAILED",
        "error": error.document(),
    }


def test_the_log_as_text(running: Running, jobs: Queue) -> None:
    job = start(jobs, "text")
    jobs.append_lines(job, ODD)
    jobs.append_lines(job, [f"line {number}" for number in range(2500)])
    with running.http(Accept="text/plain") as http:
        answer = http.get("/jobs/text/logs")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().split("\n") == [*ODD, *(f"line {n}" for n in range(2500)), ""]
    jobs.finish(job, JobStatus.SUCCEEDED)


@pytest.mark.parametrize("accept", ["*/*", "text/event-stream", "application/json", ""])
def test_a_stream_unless_text_is_asked_for(client: FlaskClient, queue: Queue, accept: str) -> None:
    jobs_end(queue, "one")
    answer = client.get("/jobs/one/logs", headers={"Accept": accept})
    assert answer.content_type == "text/event-stream; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith("retry: 2000\n\n")


def jobs_end(queue: Queue, job_id: str, *texts: str) -> None:
    job = start(queue, job_id)
    if texts:
        queue.append_lines(job, texts)
    queue.finish(job, JobStatus.SUCCEEDED)


def test_it_follows_a_job_from_its_queue_to_its_end(running: Running, jobs: Queue) -> None:
    request = {"jobId": "followed", "target": "setup", "deployment": "followed"}
    jobs.submit(JobRequest.model_validate(request))
    with reading(log_of(running, "followed")) as stream:
        first = next(stream)
        job = jobs.claim(worker="w", lease_seconds=60)
        assert job is not None
        second = next(stream)
        jobs.append_lines(job, ["one"])
        third = next(stream)
        jobs.append_lines(job, ["two", "three"])
        jobs.finish(job, JobStatus.SUCCEEDED)
        events = [first, second, third, *stream]
    assert statuses(events) == [("status", "QUEUED"), ("status", "RUNNING"), ("end", "SUCCEEDED")]
    assert lines(events) == [(1, "one"), (2, "two"), (3, "three")]


def test_a_uuid_is_followed_in_whatever_case(running: Running, jobs: Queue) -> None:
    uuid = "0F8FAD5B-D9CB-469F-A165-70867728950E"
    jobs.submit(JobRequest.model_validate({"jobId": uuid, "target": "setup", "deployment": "u"}))
    with reading(log_of(running, uuid.lower())) as stream:
        assert json.loads(next(stream).data) == {"jobId": uuid, "status": "QUEUED"}
        jobs.cancel(uuid)
        assert statuses(list(stream)) == [("end", "CANCELED")]


@contextmanager
def written_meanwhile(queue: Queue, job: Job, total: int) -> Iterator[list[str]]:
    """Lines appear in pieces of odd sizes while the block runs; then the job ends."""
    texts = [f"line {number}" for number in range(1, total + 1)]
    go_on = threading.Event()

    def write() -> None:
        rest, sizes = texts[:], random.Random(7)
        while rest:
            size = sizes.randint(1, 9)
            queue.append_lines(job, rest[:size])
            del rest[:size]
            go_on.wait(0.001)
        queue.finish(job, JobStatus.SUCCEEDED)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield texts
    finally:
        go_on.set()
        writer.join()


def test_a_hundred_reconnects_lose_and_repeat_nothing(running: Running, jobs: Queue) -> None:
    job = start(jobs, "reconnects")
    found: list[tuple[int, str]] = []
    reconnects, ended, random_points = 0, False, random.Random(11)
    with written_meanwhile(jobs, job, 1500) as texts:
        while not ended:
            last = str(found[-1][0]) if found else None
            leave_after = random_points.randint(0, 20) if reconnects < 100 else len(texts) + 9
            reconnects += 1
            with reading(log_of(running, job), last) as stream:
                for event in stream:
                    ended = event.name == "end"
                    if not event.name:
                        found.append((int(event.id), event.data))
                    leave_after -= 1
                    if leave_after < 0:
                        break
    assert reconnects >= 100
    assert found == list(enumerate(texts, 1))


def test_many_readers_at_once_read_the_same(running: Running, jobs: Queue) -> None:
    job = start(jobs, "readers")
    seen: list[list[Event]] = []

    def read() -> None:
        with reading(log_of(running, job)) as stream:
            seen.append(list(stream))

    readers = [threading.Thread(target=read) for _ in range(16)]
    with written_meanwhile(jobs, job, 300) as texts:
        for reader in readers:
            reader.start()
    for reader in readers:
        reader.join()
    assert [lines(events) for events in seen] == [list(enumerate(texts, 1))] * 16
    assert all(statuses(events)[-1] == ("end", "SUCCEEDED") for events in seen)


@pytest.mark.parametrize("last", ["0", "2", "3", "9" * 10, "9" * 18, " 2 "])
def test_resuming_anywhere(client: FlaskClient, queue: Queue, last: str) -> None:
    jobs_end(queue, "one", "a", "b", "c")
    answer = client.get("/jobs/one/logs", headers={"Last-Event-ID": last})
    assert answer.status_code == 200
    expected = [number for number in (1, 2, 3) if number > int(last)]
    assert [int(x[4:]) for x in answer.text.splitlines() if x.startswith("id: ")] == expected
    assert answer.text.splitlines()[-3:-1] == [
        "event: end",
        'data: {"jobId": "one", "status": "SUCCEEDED"}',
    ]


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "9" * 19, "\u0663", "1 2"])
def test_an_id_that_is_none_of_ours(client: FlaskClient, queue: Queue, last: str) -> None:
    jobs_end(queue, "one")
    answer = client.get("/jobs/one/logs", headers={"Last-Event-ID": last})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == "invalid-last-event-id"


def test_heartbeats_are_comments(
    client: FlaskClient, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.02)
    start(queue, "one")
    answer = client.get("/jobs/one/logs", buffered=False)
    chunks = answer.iter_encoded()
    found = [next(chunks) for _ in range(4)]
    answer.close()
    assert found == [
        b"retry: 2000\n\n",
        b'event: status\ndata: {"jobId": "one", "status": "RUNNING"}\n\n',
        b": still here\n\n",
        b": still here\n\n",
    ]


def test_the_end_of_any_line_ends_no_event() -> None:
    event = sse.Event(id="1\r\n2", event="a\nb", data="one\rtwo\r\nthree\n")
    assert event.encode() == (
        b"event: a b\nid: 1  2\ndata: one\ndata: two\ndata: three\ndata: \n\n"
    )


class TestCap:
    @pytest.fixture(autouse=True)
    def _two_slots(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sse, "_slots", threading.BoundedSemaphore(2))

    def test_a_slot_is_given_back_however_a_stream_ends(
        self, client: FlaskClient, queue: Queue
    ) -> None:
        start(queue, "open")
        jobs_end(queue, "done")
        for _ in range(3):
            client.get("/jobs/done/logs").close()  # read to its end
            unread = client.get("/jobs/open/logs", buffered=False)
            half_read = client.get("/jobs/open/logs", buffered=False)
            next(half_read.iter_encoded())
            refused = client.get("/jobs/open/logs")
            assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
            assert refused.json is not None
            assert refused.json["code"] == "too-many-streams"
            assert refused.headers["Retry-After"] == "10"
            unread.close()
            half_read.close()

    def test_asking_for_the_head_takes_no_slot(self, client: FlaskClient, queue: Queue) -> None:
        start(queue, "open")
        for _ in range(5):
            answer = client.head("/jobs/open/logs", buffered=True)
            assert (answer.status_code, answer.data) == (200, b"")

    def test_a_refusal_takes_no_slot(self, client: FlaskClient, queue: Queue) -> None:
        start(queue, "open")
        for _ in range(5):
            assert client.get("/jobs/missing/logs").status_code == 404
            bad = client.get("/jobs/open/logs", headers={"Last-Event-ID": "x"})
            assert bad.status_code == 400
        text = client.get("/jobs/open/logs", headers={"Accept": "text/plain"})
        assert text.status_code == 200


def test_a_full_house_still_answers_and_ends_when_told(
    settings: Settings, queue: Queue, tmp_path: Path
) -> None:
    job = start(queue, "open")
    queue.append_lines(job, ["one"])
    with serving(settings, tmp_path) as service, ExitStack() as streams:
        readers = [
            streams.enter_context(reading(log_of(service, job))) for _ in range(sse.MAX_STREAMS)
        ]
        assert [next(reader).name for reader in readers] == ["status"] * sse.MAX_STREAMS
        with service.http() as http:
            assert http.get("/jobs/open/logs").json()["code"] == "too-many-streams"
            for path in ("/healthz", "/jobs", "/jobs/open", "/metrics"):
                answer = http.get(path)
                assert answer.status_code == 200
                assert answer.elapsed.total_seconds() < 2
            assert f"flinkjobrunner_event_streams {sse.MAX_STREAMS}.0" in answer.text
            # The benchmark measures about a millisecond; this only says that nobody starves.
            times = sorted(http.get("/healthz").elapsed.total_seconds() for _ in range(41))
            assert times[20] < 0.25
        service.process.terminate()
        # Each ends as a complete answer, without an event `end`: a reader comes back for the rest.
        for reader in readers:
            assert [event.data for event in reader] == ["one"]
        assert service.process.wait(10) == 0
    with serving(settings, tmp_path) as again, reading(log_of(again, job), "1") as stream:
        assert next(stream).name == "status"
        queue.append_lines(job, ["two"])
        assert next(stream).data == "two"


def test_readers_that_left_are_noticed(running: Running, jobs: Queue) -> None:
    job = start(jobs, "left")

    def open_now() -> float:
        with running.http() as http:
            text = http.get("/metrics").text
        return float(text.partition("\nflinkjobrunner_event_streams ")[2].split("\n")[0])

    before = open_now()
    with ExitStack() as streams:
        readers = [streams.enter_context(reading(log_of(running, job))) for _ in range(5)]
        assert [next(reader).name for reader in readers] == ["status"] * 5
        assert open_now() == before + 5
    assert until(lambda: open_now() <= before, seconds=10)
    jobs.finish(job, JobStatus.SUCCEEDED)


def test_the_database_going_away_does_not_end_a_stream(
    client: FlaskClient, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flinkjobrunner.errors import DatabaseUnavailableError

    job = start(queue, "one")
    answer = client.get("/jobs/one/logs", buffered=False)
    chunks = answer.iter_encoded()
    assert b"RUNNING" in [next(chunks), next(chunks)][1]
    real, away = Queue.lines, [True]

    def lines_or_not(*arguments: Any, **more: Any) -> Any:
        if away.pop() if away else False:
            raise DatabaseUnavailableError
        return real(*arguments, **more)

    monkeypatch.setattr(Queue, "lines", lines_or_not)
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.02)
    queue.append_lines(job, ["after the absence"])
    told = next(chunk for chunk in chunks if not chunk.startswith(b":"))
    answer.close()
    assert told == b"id: 1\ndata: after the absence\n\n"
    assert not away
