"""The REST client against answers as Flink 2.3 gives them."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.base import (
    Action,
    FlinkRefusedError,
    FlinkUnavailableError,
    JobState,
    Wanted,
    observed,
)
from flinkjobrunner.backends.flink_rest import root_cause
from flinkjobrunner.backends.session import SessionBackend
from support.flink import FakeFlink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def flink() -> Iterator[FakeFlink]:
    with FakeFlink.start() as fake:
        yield fake


@pytest.fixture
def backend(flink: FakeFlink) -> Iterator[SessionBackend]:
    with closing(SessionBackend(flink.url)) as made:
        yield made


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    jar = tmp_path / "validator.jar"
    jar.write_bytes(b"a jar")
    return Wanted(
        deployment="plant",
        jar=jar,
        bootstrap="kafka:9092",
        sources=("ngsi-ld", "iff"),
        parallelism=3,
    )


def test_a_job_is_submitted_with_its_arguments(
    flink: FakeFlink, backend: SessionBackend, wanted: Wanted
) -> None:
    backend.apply(wanted, ID)
    job = flink.jobs[ID]
    assert job.arguments == [
        *("--deployment", "plant"),
        *("--bootstrap", "kafka:9092"),
        *("--sources", "ngsi-ld,iff"),
        *("--parallelism", "3"),
    ]
    assert job.restored_from is None
    assert observed(backend, "plant").state is JobState.RUNNING
    assert observed(backend, "plant").flink_job_id == ID
    assert observed(backend, "other").state is JobState.ABSENT
    assert backend.diff("plant") is Action.KEEP
    assert backend.diff("other") is Action.START


def test_a_jar_is_sent_once_for_each_content(
    flink: FakeFlink, backend: SessionBackend, wanted: Wanted
) -> None:
    backend.apply(wanted, ID)
    with closing(SessionBackend(flink.url)) as another:
        another.apply(wanted, ID.replace("0", "1"))
    assert flink.count("POST /jars/upload") == 1
    other = wanted.jar.with_name("other.jar")
    other.write_bytes(b"another jar")
    backend.apply(Wanted(**vars(wanted) | {"jar": other}), ID.replace("0", "2"))
    assert flink.count("POST /jars/upload") == 2


def test_a_savepoint_is_where_the_job_starts(
    flink: FakeFlink, backend: SessionBackend, wanted: Wanted
) -> None:
    backend.apply(Wanted(**vars(wanted) | {"restore_from": "file:/s/savepoint-1"}), ID)
    assert flink.jobs[ID].restored_from == "file:/s/savepoint-1"


def test_a_refused_submission_says_why(backend: SessionBackend, wanted: Wanted) -> None:
    backend.apply(wanted, ID)
    with pytest.raises(
        FlinkRefusedError,
        match=r"^DuplicateApplicationSubmissionException: Application has already been submitted\.",
    ):
        backend.apply(wanted, ID)


def test_a_missing_jar_is_named(backend: SessionBackend, wanted: Wanted, tmp_path: Path) -> None:
    with pytest.raises(FlinkRefusedError, match=r"gone\.jar"):
        backend.apply(Wanted(**vars(wanted) | {"jar": tmp_path / "gone.jar"}), ID)


@pytest.mark.parametrize(
    ("state", "running", "seen"),
    [
        ("INITIALIZING", 0, JobState.STARTING),
        ("CREATED", 0, JobState.STARTING),
        ("RUNNING", 0, JobState.STARTING),
        ("RUNNING", 3, JobState.STARTING),
        ("RUNNING", 4, JobState.RUNNING),
        ("RESTARTING", 0, JobState.RESTARTING),
        ("FAILING", 0, JobState.RESTARTING),
        ("CANCELLING", 0, JobState.STOPPING),
        ("CANCELED", 0, JobState.CANCELED),
        ("FAILED", 0, JobState.FAILED),
        ("FINISHED", 0, JobState.FINISHED),
    ],
)
def test_running_means_that_every_task_runs(
    flink: FakeFlink, backend: SessionBackend, state: str, running: int, seen: JobState
) -> None:
    flink.add("plant", state=state, running=running)
    assert observed(backend, "plant").state is seen


def test_a_job_without_tasks_yet_does_not_run(flink: FakeFlink, backend: SessionBackend) -> None:
    flink.add("plant", total=0, running=0)
    assert observed(backend, "plant").state is JobState.STARTING


def test_of_a_name_the_living_job_counts_else_the_newest(
    flink: FakeFlink, backend: SessionBackend
) -> None:
    alive = flink.add("plant")
    alive.started -= 1000
    newest = flink.add("plant", state="FAILED")
    assert observed(backend, "plant").flink_job_id == alive.jid
    alive.state = "CANCELED"
    assert observed(backend, "plant").flink_job_id == newest.jid


def test_other_jobs_of_the_cluster_are_none_of_ours(
    flink: FakeFlink, backend: SessionBackend
) -> None:
    flink.add("plant").name = "somebody's"
    assert backend.observe() == {}


def test_stopping_waits_for_the_savepoint(flink: FakeFlink, backend: SessionBackend) -> None:
    job = flink.add("plant")
    assert backend.savepoint(job.jid).startswith("file:/savepoints/savepoint-")
    assert job.state == "FINISHED"
    assert flink.count("GET /jobs/.*/savepoints/.*") == 2


def test_a_savepoint_that_fails_says_why(flink: FakeFlink, backend: SessionBackend) -> None:
    flink.savepoint_fails = True
    job = flink.add("plant")
    with pytest.raises(FlinkRefusedError, match=r"^IllegalStateException: topic x is gone$"):
        backend.savepoint(job.jid)
    assert job.state == "RUNNING"


def test_a_savepoint_is_removed_by_flink(flink: FakeFlink, backend: SessionBackend) -> None:
    backend.discard("file:/s/savepoint-1")
    assert flink.disposed == ["file:/s/savepoint-1"]
    flink.disposal_fails = True
    with pytest.raises(FlinkRefusedError, match=r"^IllegalStateException: topic x is gone$"):
        backend.discard("file:/s/savepoint-1")


def test_cancel_ends_and_what_has_ended_is_no_error(
    flink: FakeFlink, backend: SessionBackend
) -> None:
    job = flink.add("plant")
    backend.cancel(job.jid)
    assert job.state == "CANCELED"
    backend.cancel(job.jid)
    backend.cancel(ID)


def test_why_a_job_failed(flink: FakeFlink, backend: SessionBackend) -> None:
    job = flink.add("plant")
    assert backend.cause(job.jid) == ""
    job.fail(topic="iff.alerts")
    assert backend.cause(job.jid) == "IllegalStateException: topic iff.alerts is gone"
    assert backend.cause(ID) == ""


def checkpoint(number: int, path: str, *, discarded: bool = False) -> dict[str, object]:
    return {"id": number, "external_path": path, "discarded": discarded}


@pytest.mark.parametrize(
    ("latest", "path"),
    [
        ({}, None),
        ({"restored": {"id": 1, "external_path": "file:/c/1"}}, "file:/c/1"),
        ({"completed": checkpoint(2, "file:/c/2")}, "file:/c/2"),
        (
            {"completed": checkpoint(2, "file:/c/2"), "savepoint": checkpoint(3, "file:/s/3")},
            "file:/s/3",
        ),
        (
            {"completed": checkpoint(4, "file:/c/4"), "savepoint": checkpoint(3, "file:/s/3")},
            "file:/c/4",
        ),
        (
            {
                "completed": checkpoint(2, "file:/c/2", discarded=True),
                "savepoint": checkpoint(1, "file:/s/1"),
            },
            "file:/s/1",
        ),
        ({"completed": checkpoint(2, "<checkpoint-not-externally-addressable>")}, None),
    ],
)
def test_the_newest_state_that_is_still_there(
    flink: FakeFlink, backend: SessionBackend, latest: dict[str, object], path: str | None
) -> None:
    job = flink.add("plant", checkpoints=latest)
    assert backend.newest_state(job.jid) == path


def test_a_job_that_nobody_remembers_has_no_state(backend: SessionBackend) -> None:
    assert backend.newest_state(ID) is None


def test_absence_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with (
        closing(SessionBackend(url)) as backend,
        pytest.raises(FlinkUnavailableError, match=url),
    ):
        backend.observe()


def test_proof_that_it_answers(backend: SessionBackend) -> None:
    assert backend.describe() == "2.3.0, 1 TaskManagers, 4 of 4 slots are free"


@pytest.mark.parametrize(
    ("trace", "cause"),
    [
        ("a.b.C: outer\n\tat x(Y.java:1)\nCaused by: d.e.F$G: inner: 7\n\tat z\n", "F$G: inner: 7"),
        ("Internal server error.", "Internal server error."),
        ("java.lang.NullPointerException\n\tat x.y(Z.java:1)", "NullPointerException"),
        ("", ""),
    ],
)
def test_the_innermost_cause(trace: str, cause: str) -> None:
    assert root_cause(trace) == cause
