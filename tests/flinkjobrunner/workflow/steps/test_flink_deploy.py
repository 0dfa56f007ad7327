"""A deploy as Kafka, PostgreSQL and Flink see it, and what becomes of one that was cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.errors import FencedError
from flinkjobrunner.jobs import JobStatus
from flinkjobrunner.store import begin, deployments, read
from flinkjobrunner.store.deployments import Desired
from flinkjobrunner.workflow import acknowledged
from flinkjobrunner.workflow.acknowledged import Patience
from flinkjobrunner.workflow.steps import flink_deploy
from support.instances import acknowledge
from support.plant import shapes

if TYPE_CHECKING:
    from flinkjobrunner.store.deployments import Deployment
    from support.flink import Job as FlinkJob
    from support.plant import Plant


def known(plant: Plant) -> Deployment:
    with read(plant.url) as connection:
        found = deployments.find(connection, plant.deployment)
    assert found is not None
    return found


def test_a_first_deploy_starts_a_job_and_waits_for_its_instances(plant: Plant) -> None:
    with plant.instances() as instances:
        result = plant.done("flink-deploy", shapes("speed"))
    job = plant.flink.job(plant.deployment)
    assert job.arguments == [
        *("--deployment", plant.deployment),
        *("--bootstrap", plant.settings.kafka_bootstrap),
        *("--sources", "ngsi-ld,iff"),
        *("--parallelism", "2"),
    ]
    assert set(instances.programs) == {1}
    assert "https://example.org/speedShape" in str(instances.programs[1]["shapes"])
    deployed = result["deployment"]
    assert (deployed["epoch"], deployed["flinkJobId"]) == (1, job.jid)
    assert (deployed["started"], deployed["restoredFrom"]) == (True, None)
    assert deployed["summary"]["shapes"] > 1
    now = known(plant)
    assert (now.desired, now.acknowledged_epoch, now.observed) == (Desired.RUNNING, 1, "RUNNING")
    assert (now.flink_job_id, now.digest) == (job.jid, deployed["program"])
    assert plant.said("every instance has acknowledged epoch 1")


def test_a_new_program_leaves_the_flink_job_alone(plant: Plant) -> None:
    with plant.instances() as instances:
        first = plant.done("flink-deploy", shapes("speed"))
        second = plant.done("flink-deploy", shapes("speed", limit=90))
    assert plant.flink.count("POST /jars/.*/run") == 1
    assert second["deployment"]["epoch"] == 2
    assert not second["deployment"]["started"]
    assert first["deployment"]["program"] != second["deployment"]["program"]
    assert sorted(instances.programs) == [1, 2]


def test_the_same_program_again_changes_nothing(plant: Plant) -> None:
    with plant.instances() as instances:
        plant.done("flink-deploy", shapes("speed"))
        again = plant.done("flink-deploy", shapes("speed"))
    assert again["deployment"]["epoch"] == 1
    assert sorted(instances.programs) == [1]
    assert plant.flink.count("POST /jars/.*/run") == 1


@pytest.mark.parametrize("point", ["_submit", "_await", "_record"])
def test_an_attempt_that_was_cut_off_is_continued(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """Before the submission, before the acknowledgements, before the end is recorded."""

    def cut(*_: Any) -> None:
        raise FencedError

    job = plant.job("flink-deploy", shapes("speed"))
    with plant.instances() as instances:
        with monkeypatch.context() as patched:
            patched.setattr(flink_deploy, point, cut)
            with pytest.raises(FencedError):
                plant.run(job)
        plant.queue.release(job)
        taken = plant.queue.claim(worker="another", lease_seconds=60)
        assert taken is not None
        plant.write(taken)
        assert plant.run(taken), plant.lines
    assert plant.flink.count("POST /jars/.*/run") == 1
    assert sorted(instances.programs) == [1]
    assert known(plant).acknowledged_epoch == 1


def test_a_fenced_attempt_publishes_nothing(plant: Plant) -> None:
    job = plant.job("flink-deploy", shapes("speed"))
    plant.queue.finish(job, JobStatus.CANCELED, None)
    with plant.instances() as instances, pytest.raises(FencedError):
        plant.run(job)
    assert instances.programs == {}
    assert plant.flink.jobs == {}


def test_a_job_that_fails_is_explained_with_its_root_cause(plant: Plant) -> None:
    plant.flink.on_run = lambda job: job.fail(topic="shacl.programs")
    error = plant.failed("flink-deploy", shapes("speed"))
    assert error["code"] == "flink-job-failed"
    assert error["message"] == (
        "the Flink job is FAILED: IllegalStateException: topic shacl.programs is gone"
    )
    assert plant.lines[-1].startswith("error: the Flink job is FAILED")
    assert "[flink-job-failed]" in plant.lines[-1]


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*arguments: Any, **more: Any) -> Any:
        patience = Patience(seconds=1.5, look_seconds=0.05, absent_seconds=0.5)
        return acknowledged.wait(*arguments, **more | {"patience": patience})

    monkeypatch.setattr(flink_deploy, "wait", wait)


def test_who_has_not_acknowledged_is_named(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    with plant.instances(silent=frozenset({1})):
        error = plant.failed("flink-deploy", shapes("speed"))
    assert error["code"] == "not-acknowledged"
    assert "instance 1 of 2 of entity have not acknowledged epoch 1" in error["message"]
    assert known(plant).acknowledged_epoch == 0


def test_a_job_that_does_not_get_going_is_told_by_its_tasks(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(job: FlinkJob) -> None:
        job.running = 1

    impatient(monkeypatch)
    plant.flink.on_run = stuck
    with plant.instances():
        error = plant.failed("flink-deploy", shapes("speed"))
    assert error["code"] == "not-running"
    assert "1 of 4 tasks run" in error["message"]
    assert plant.said("the Flink job is STARTING: 1 of 4 tasks run")


def test_a_job_that_vanishes_is_not_waited_for_until_the_end(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    with plant.instances(silent=frozenset({0, 1})):
        original = flink_deploy._await

        def vanish(*arguments: Any) -> Any:
            plant.flink.jobs.clear()
            return original(*arguments)

        monkeypatch.setattr(flink_deploy, "_await", vanish)
        error = plant.failed("flink-deploy", shapes("speed"))
    assert error["code"] == "flink-job-gone"


def test_refused_shapes_touch_nothing(plant: Plant) -> None:
    error = plant.failed("flink-deploy", shapes("speed").replace("sh:minCount 1", "sh:minCount -1"))
    assert error["code"] == "shapes-refused"
    with read(plant.url) as connection:
        assert deployments.listing(connection) == []
    assert plant.flink.calls == []


def test_an_old_acknowledgement_does_not_vouch_for_a_new_job(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The epoch is the same after a crash; the job that said so has died."""
    job = plant.job("flink-deploy", shapes("speed"))
    with plant.instances(), monkeypatch.context() as patched:
        patched.setattr(flink_deploy, "_record", lambda *_: (_ for _ in ()).throw(FencedError))
        with pytest.raises(FencedError):
            plant.run(job)
    plant.flink.jobs.clear()
    impatient(monkeypatch)
    assert not plant.run(job)
    assert plant.flink.count("POST /jars/.*/run") == 2
    assert plant.said("no instance of entity has acknowledged epoch 1")


def test_a_deploy_after_an_undeploy_goes_on_from_the_savepoint(plant: Plant) -> None:
    with plant.instances() as instances:
        plant.done("flink-deploy", shapes("speed"))
        savepoint = plant.done("flink-undeploy")["undeployed"]["savepoint"]
        again = plant.done("flink-deploy", shapes("speed"))
    assert savepoint.startswith(f"file:{plant.flink.savepoints}/")
    assert sorted(instances.programs) == [1, 2]
    assert again["deployment"]["restoredFrom"] == savepoint
    assert plant.flink.job(plant.deployment).restored_from == savepoint


def test_a_job_with_another_parallelism_is_upgraded_and_waited_for(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    plant.settings = plant.settings.model_copy(update={"parallelism": 1})
    first = plant.flink.job(plant.deployment)
    job = plant.job("flink-deploy", shapes("speed"))

    def restored(new: FlinkJob) -> None:
        acknowledge(
            plant.settings.kafka_bootstrap, plant.deployment, 1, instances=(0,), parallelism=1
        )

    plant.flink.on_run = restored
    assert plant.run(job), plant.lines
    second = plant.flink.job(plant.deployment)
    assert (first.state, second.state) == ("FINISHED", "RUNNING")
    assert second.restored_from is not None
    assert plant.said("is upgraded: parallelism 2 -> 1")
    assert (known(plant).epoch, known(plant).parallelism) == (1, 1)


def test_a_rollback_publishes_the_earlier_program_as_it_was(plant: Plant) -> None:
    with plant.instances() as instances:
        first = plant.done("flink-deploy", shapes("speed"))["deployment"]
        plant.done("flink-deploy", shapes("heat"))
        back = plant.done("flink-deploy", program=first["program"])["deployment"]
    assert (back["program"], back["epoch"]) == (first["program"], 3)
    assert back["summary"] == first["summary"]
    assert instances.programs[3] == instances.programs[1] != instances.programs[2]
    assert not back["started"]
    assert (known(plant).digest, known(plant).acknowledged_epoch) == (first["program"], 3)


def test_a_rollback_that_was_cut_off_is_continued(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: Any) -> None:
        raise FencedError

    with plant.instances() as instances:
        first = plant.done("flink-deploy", shapes("speed"))["deployment"]["program"]
        plant.done("flink-deploy", shapes("heat"))
        job = plant.job("flink-deploy", program=first)
        with monkeypatch.context() as patched:
            patched.setattr(flink_deploy, "_await", cut)
            with pytest.raises(FencedError):
                plant.run(job)
        plant.queue.release(job)
        taken = plant.queue.claim(worker="another", lease_seconds=60)
        assert taken is not None
        plant.write(taken)
        assert plant.run(taken), plant.lines
    assert sorted(instances.programs) == [1, 2, 3]
    assert known(plant).digest == first


def test_a_program_of_another_deployment_will_do(plant: Plant) -> None:
    """What was tried in one is promoted to the other."""
    with plant.instances():
        tried = plant.done("flink-deploy", shapes("speed"))["deployment"]["program"]
    plant.deployment = f"{plant.deployment}-promoted"
    with plant.instances() as instances:
        plant.done("flink-deploy", program=tried)
    assert set(instances.programs) == {1}


def test_a_program_that_is_gone_when_its_turn_comes(plant: Plant) -> None:
    with plant.instances():
        first = plant.done("flink-deploy", shapes("speed"))["deployment"]["program"]
    job = plant.job("flink-deploy", program=first)
    with begin(plant.url) as connection:
        connection.exec_driver_sql("TRUNCATE programs CASCADE")
    assert not plant.run(job)
    assert "[program-unknown]" in plant.lines[-1]
