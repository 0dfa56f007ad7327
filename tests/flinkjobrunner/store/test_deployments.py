"""Activations and their epochs; what was observed; one submission at a time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.errors import FencedError
from flinkjobrunner.jobs import JobRequest, JobStatus, Queue
from flinkjobrunner.store import begin, deployments, overview, programs, read
from flinkjobrunner.store.deployment_state import FRESH, DeploymentState, state_of
from flinkjobrunner.store.deployments import Desired

if TYPE_CHECKING:
    from flinkjobrunner.jobs import Job
    from flinkjobrunner.store.deployments import Activation, Deployment

A, B = (f"sha256:{letter * 64}" for letter in "ab")


@pytest.fixture
def url(database_url: str) -> str:
    with begin(database_url) as connection:
        for digest in (A, B):
            programs.add(connection, program(digest))
    return database_url


def program(digest: str, inputs_hash: str = "1") -> programs.NewProgram:
    return programs.NewProgram(
        digest=digest,
        compressed=b"\x1f\x8b",
        format_version=1,
        summary={"shapes": 3},
        inputs_hash=inputs_hash,
        sources={},
    )


def running_job(url: str, name: str) -> Job:
    queue = Queue(url)
    body = {"jobId": name, "deployment": name, "urls": {"shacl": "https://h/s"}}
    queue.submit(JobRequest.model_validate(body))
    job = queue.claim(worker="w", lease_seconds=30)
    assert job is not None
    return job


def activate(url: str, job: Job, digest: str = A, above: int = 0) -> Activation:
    with begin(url) as connection:
        return deployments.activate(
            connection,
            name="plant",
            digest=digest,
            job_id=job.job_id,
            attempt=job.attempt,
            above=above,
            parallelism=2,
        )


def acknowledge(url: str, epoch: int) -> None:
    with begin(url) as connection:
        deployments.acknowledged(connection, name="plant", epoch=epoch)


def found(url: str) -> Deployment:
    with read(url) as connection:
        one = deployments.find(connection, "plant")
    assert one is not None
    return one


def undeploy(url: str, job: Job, savepoint: str | None) -> int:
    with begin(url) as connection:
        return deployments.undeploy(
            connection,
            name="plant",
            job_id=job.job_id,
            attempt=job.attempt,
            savepoint=savepoint,
        )


def test_epochs_count_activations(url: str) -> None:
    first = activate(url, running_job(url, "one"), A)
    second = activate(url, running_job(url, "two"), B)
    third = activate(url, running_job(url, "three"), A)
    assert [one.epoch for one in (first, second, third)] == [1, 2, 3]
    assert all(one.new for one in (first, second, third))
    assert (found(url).epoch, found(url).digest, found(url).shapes) == (3, A, 3)


def test_an_epoch_is_above_all_that_instances_have_seen(url: str) -> None:
    """The database may be younger than the topics."""
    assert activate(url, running_job(url, "one"), above=41).epoch == 42


def test_a_later_attempt_reuses_the_activation_of_its_job(url: str) -> None:
    job = running_job(url, "one")
    assert activate(url, job).epoch == 1
    again = activate(url, job)
    assert (again.epoch, again.new) == (1, False)
    # With another program, because the file behind the URL has changed, it is another activation.
    assert activate(url, job, B).epoch == 2


def test_the_same_program_again_is_new_unless_it_is_acknowledged(url: str) -> None:
    activate(url, running_job(url, "one"))
    assert activate(url, running_job(url, "two")).epoch == 2
    acknowledge(url, 2)
    again = activate(url, running_job(url, "three"))
    assert (again.epoch, again.new) == (2, False)


def test_after_an_undeploy_the_same_program_is_a_new_activation(url: str) -> None:
    activate(url, running_job(url, "one"))
    acknowledge(url, 1)
    undeploy(url, running_job(url, "two"), "file:/s")
    assert found(url).desired is Desired.UNDEPLOYED
    assert activate(url, running_job(url, "three")).epoch == 2
    assert found(url).desired is Desired.RUNNING


def test_an_attempt_that_lost_its_job_activates_nothing(url: str) -> None:
    job = running_job(url, "one")
    Queue(url).finish(job, JobStatus.SUCCEEDED, None)
    with pytest.raises(FencedError):
        activate(url, job)
    with read(url) as connection:
        assert deployments.listing(connection) == []
    with pytest.raises(FencedError):
        undeploy(url, job, None)


def test_what_was_acknowledged_never_goes_back(url: str) -> None:
    activate(url, running_job(url, "one"))
    acknowledge(url, 5)
    acknowledge(url, 3)
    assert found(url).acknowledged_epoch == 5


def test_where_a_new_job_starts(url: str) -> None:
    activate(url, running_job(url, "one"))
    with begin(url) as connection:
        deployments.submitting(
            connection,
            name="plant",
            flink_job_id="j1",
            restore_from=None,
            submitted={"parallelism": 3},
        )
    assert (found(url).flink_job_id, found(url).restore_from) == ("j1", None)
    assert found(url).parallelism == 3
    # Nothing ran, so the newest checkpoint of that submission is still the newest state.
    undeploy(url, running_job(url, "two"), None)
    assert (found(url).flink_job_id, found(url).restore_from) == ("j1", None)
    undeploy(url, running_job(url, "three"), "file:/s/1")
    assert (found(url).flink_job_id, found(url).restore_from) == (None, "file:/s/1")


def test_the_first_parallelism_stays(url: str) -> None:
    activate(url, running_job(url, "one"))
    job = running_job(url, "two")
    with begin(url) as connection:
        deployments.activate(
            connection,
            name="plant",
            digest=B,
            job_id=job.job_id,
            attempt=job.attempt,
            above=0,
            parallelism=9,
        )
    assert found(url).parallelism == 2


def observe(url: str, state: str, **more: Any) -> None:
    with begin(url) as connection:
        deployments.observe(connection, name="plant", state=state, detail="", **more)


def test_a_state_has_a_beginning_and_a_freshness(url: str) -> None:
    activate(url, running_job(url, "one"))
    observe(url, "RUNNING", flink_job_id="j1")
    first = found(url)
    observe(url, "RUNNING")
    second = found(url)
    observe(url, "FAILED")
    third = found(url)
    assert first.observed_since == second.observed_since
    assert first.observed_at
    assert second.observed_at
    assert third.observed_since
    assert second.observed_at > first.observed_at
    assert third.observed_since > second.observed_at
    assert third.flink_job_id == "j1"


def test_only_one_at_a_time_submits(url: str) -> None:
    inside, order = threading.Event(), []

    def second() -> None:
        with deployments.exclusive(url, "plant"):
            order.append("second")

    thread = threading.Thread(target=second)
    with deployments.exclusive(url, "plant"):
        with deployments.exclusive(url, "other"):
            inside.set()
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        order.append("first")
    thread.join(10)
    assert inside.is_set()
    assert order == ["first", "second"]


def test_a_fresh_database_has_no_deployments_and_says_so(empty_database_url: str) -> None:
    with read(empty_database_url) as connection:
        assert not deployments.exist(connection)
    assert overview.read(empty_database_url) == {"deployments": [], "alerts": None}


def test_the_overview_says_how_old_everything_is(url: str) -> None:
    activate(url, running_job(url, "one"))
    (one,) = overview.read(url)["deployments"]
    assert (one["name"], one["state"], one["program"]) == ("plant", "STARTING", A)
    assert one["age_seconds"] is None
    observe(url, "RUNNING")
    acknowledge(url, 1)
    (one,) = overview.read(url)["deployments"]
    assert one["state"] == "RUNNING"
    assert 0 <= one["age_seconds"] < 30
    assert overview.read(url)["alerts"] == {"standing": 0, "cleared": 0, "age_seconds": None}


def test_programs_are_kept_once_and_each_text_has_its_places(url: str) -> None:
    with begin(url) as connection:
        programs.add(connection, program(A))
        programs.add(connection, program(A, inputs_hash="2"))
        count = "SELECT (SELECT count(*) FROM programs), (SELECT count(*) FROM program_sources)"
        assert tuple(connection.exec_driver_sql(count).one()) == (2, 3)


NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)


def deployment(**values: Any) -> Deployment:
    seen = {
        "observed": "RUNNING",
        "observed_detail": "",
        "observed_since": LONG_AGO,
        "observed_at": NOW - timedelta(seconds=1),
    }
    wanted = {
        "name": "plant",
        "desired": Desired.RUNNING,
        "epoch": 1,
        "acknowledged_epoch": 1,
        "digest": A,
        "parallelism": 2,
        "flink_job_id": "j",
        "restore_from": None,
        "submitted": None,
        "desired_since": LONG_AGO,
        "created_at": LONG_AGO,
        "shapes": 1,
    }
    return deployments.Deployment(**seen | wanted | values)


UNSEEN = {"observed": None, "observed_since": None, "observed_at": None}
OFF = {"desired": Desired.UNDEPLOYED}


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, DeploymentState.RUNNING),
        ({"epoch": 2}, DeploymentState.UPDATING),
        ({"observed": "STARTING"}, DeploymentState.STARTING),
        ({"observed": "RESTARTING"}, DeploymentState.RESTARTING),
        ({"observed": "STOPPING"}, DeploymentState.RESTARTING),
        ({"observed": "FAILED"}, DeploymentState.FAILED),
        ({"observed": "CANCELED"}, DeploymentState.FAILED),
        ({"observed": "ABSENT"}, DeploymentState.FAILED),
        (
            {"observed": "ABSENT", "flink_job_id": None, "desired_since": NOW},
            DeploymentState.STARTING,
        ),
        (
            # Stopped for an upgrade, and not submitted yet.
            {"observed": "FINISHED", "flink_job_id": None, "desired_since": NOW},
            DeploymentState.STARTING,
        ),
        ({"observed": "ABSENT", "flink_job_id": None}, DeploymentState.FAILED),
        (OFF | {"observed": "ABSENT"}, DeploymentState.UNDEPLOYED),
        (OFF | {"observed": "FINISHED"}, DeploymentState.UNDEPLOYED),
        (OFF, DeploymentState.STOPPING),
        (UNSEEN | {"desired_since": NOW}, DeploymentState.STARTING),
        (UNSEEN | OFF | {"desired_since": NOW}, DeploymentState.UNDEPLOYED),
        (UNSEEN, DeploymentState.STALE),
        ({"observed_at": NOW - FRESH - timedelta(seconds=1)}, DeploymentState.STALE),
        (OFF | {"observed_at": NOW - FRESH - timedelta(seconds=1)}, DeploymentState.STALE),
    ],
)
def test_the_state_is_a_function_of_desired_observed_and_freshness(
    values: dict[str, Any], state: DeploymentState
) -> None:
    assert state_of(deployment(**values), NOW).state is state


def test_stale_is_since_the_last_look_and_other_states_since_they_began() -> None:
    last_look = NOW - timedelta(minutes=5)
    assert state_of(deployment(observed_at=last_look), NOW).since == last_look
    assert state_of(deployment(), NOW).since == LONG_AGO
    wanted_anew = NOW - timedelta(minutes=1)
    assert state_of(deployment(desired_since=wanted_anew), NOW).since == wanted_anew
