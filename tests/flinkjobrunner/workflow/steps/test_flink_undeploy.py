from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confluent_kafka import Consumer, TopicPartition

from flinkjobrunner.store import begin, deployments, read
from flinkjobrunner.store.deployments import Desired
from flinkjobrunner.workflow import clearing
from flinkjobrunner.workflow.clearing import Projected
from support.plant import add_alert, shapes
from support.service import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from support.plant import Plant


def stale(plant: Plant) -> dict[str, bool]:
    with read(plant.url) as connection:
        rows = connection.exec_driver_sql("SELECT alert_id, stale_since FROM alerts")
        return {alert_id: since is not None for alert_id, since in rows}


def test_what_is_not_there_is_a_success_that_says_so(plant: Plant) -> None:
    result = plant.done("flink-undeploy")
    assert result == {"undeployed": {"name": plant.deployment, "savepoint": None}}
    assert plant.said(f"There is no deployment {plant.deployment}")


def test_the_job_ends_with_a_savepoint_and_its_alerts_are_stale(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    for alert_id, deployment in (("ours", plant.deployment), ("theirs", "other")):
        add_alert(plant.url, alert_id, deployment)
    add_alert(plant.url, "past", plant.deployment, state="cleared")
    result = plant.done("flink-undeploy")["undeployed"]
    assert plant.flink.job(plant.deployment).state == "FINISHED"
    assert result["staleAlerts"] == 1
    assert stale(plant) == {"ours": True, "theirs": False, "past": False}
    with read(plant.url) as connection:
        now = deployments.find(connection, plant.deployment)
    assert now is not None
    assert (now.desired, now.observed) == (Desired.UNDEPLOYED, "ABSENT")
    assert (now.restore_from, now.flink_job_id) == (result["savepoint"], None)
    # Once more: nothing to do, and the savepoint is not forgotten.
    again = plant.done("flink-undeploy")["undeployed"]
    assert (again["savepoint"], again["staleAlerts"]) == (None, 0)
    with read(plant.url) as connection:
        kept = deployments.find(connection, plant.deployment)
    assert kept is not None
    assert kept.restore_from == result["savepoint"]
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    assert stale(plant) == {"ours": False, "theirs": False, "past": False}


def test_a_job_that_cannot_take_a_savepoint_ends_all_the_same(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    job = plant.flink.job(plant.deployment)
    folder = plant.settings.work_root / "data" / "flink" / "checkpoints" / job.jid / "chk-7"
    folder.mkdir(parents=True)
    (folder / "_metadata").touch()
    plant.flink.savepoint_fails = True
    result = plant.done("flink-undeploy")["undeployed"]
    assert job.state == "CANCELED"
    assert result["savepoint"] == f"file://{folder.resolve()}"
    assert plant.said("No savepoint could be taken (IllegalStateException: topic x is gone)")


def test_a_job_that_nobody_here_has_made_is_ended_too(plant: Plant) -> None:
    """Its row may be lost with the database; the name says whose it is."""
    job = plant.flink.add(plant.deployment)
    result = plant.done("flink-undeploy")["undeployed"]
    assert job.state == "FINISHED"
    assert result["savepoint"].startswith(f"file:{plant.flink.savepoints}/")
    with begin(plant.url) as connection:
        assert deployments.listing(connection) == []


class TestPurge:
    def test_its_alerts_are_cleared_by_a_program_without_shapes(self, plant: Plant) -> None:
        with plant.instances() as instances:
            plant.done("flink-deploy", shapes("speed"))
            result = plant.done("flink-undeploy", purge=True)["undeployed"]
        assert sorted(instances.programs) == [1, 2]
        nothing = instances.programs[2]
        assert (nothing["shapes"], nothing["units"]) == ({}, [])
        assert nothing.keys() == instances.programs[1].keys()
        assert result == {
            "name": plant.deployment,
            "savepoint": None,
            "staleAlerts": 0,
            "clearedAlerts": 0,
        }
        assert plant.flink.job(plant.deployment).state == "FINISHED"
        with read(plant.url) as connection:
            now = deployments.find(connection, plant.deployment)
        assert now is not None
        assert now.desired is Desired.UNDEPLOYED
        assert (now.restore_from, now.flink_job_id) == (None, None)
        (savepoint,) = plant.flink.disposed
        assert savepoint.startswith(f"file:{plant.flink.savepoints}/")
        assert newest_active(plant) is None

    def test_it_ends_when_the_projector_has_written_it(self, plant: Plant) -> None:
        with plant.instances():
            plant.done("flink-deploy", shapes("speed"))
            add_alert(plant.url, "ours", plant.deployment)
            job = plant.job("flink-undeploy", purge=True)
            with projecting(plant, "ours"):
                assert plant.run(job), plant.lines
        assert plant.said("is undeployed; 1 alerts were cleared")

    def test_without_a_projector_it_says_what_is_left(
        self, plant: Plant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clearing, "Projected", lambda: Projected(seconds=0.2))
        with plant.instances():
            plant.done("flink-deploy", shapes("speed"))
            add_alert(plant.url, "ours", plant.deployment)
            result = plant.done("flink-undeploy", purge=True)["undeployed"]
        assert plant.said("1 alerts are cleared on Kafka, and not yet in the database")
        assert (result["clearedAlerts"], result["staleAlerts"]) == (1, 1)

    def test_what_was_taken_down_before_is_started_for_it(
        self, plant: Plant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clearing, "Projected", lambda: Projected(seconds=0.2))
        with plant.instances() as instances:
            plant.done("flink-deploy", shapes("speed"))
            add_alert(plant.url, "ours", plant.deployment)
            savepoint = plant.done("flink-undeploy")["undeployed"]["savepoint"]
            plant.done("flink-undeploy", purge=True)
        assert sorted(instances.programs) == [1, 2]
        assert plant.flink.job(plant.deployment).restored_from == savepoint
        assert plant.flink.job(plant.deployment).state == "FINISHED"

    def test_once_more_there_is_nothing_to_do(self, plant: Plant) -> None:
        with plant.instances():
            plant.done("flink-deploy", shapes("speed"))
            plant.done("flink-undeploy", purge=True)
        calls = plant.flink.count("POST /jars/.*/run")
        plant.done("flink-undeploy", purge=True)
        assert plant.flink.count("POST /jars/.*/run") == calls

    def test_the_next_deploy_starts_from_the_topics(self, plant: Plant) -> None:
        with plant.instances() as instances:
            plant.done("flink-deploy", shapes("speed"))
            plant.done("flink-undeploy", purge=True)
            again = plant.done("flink-deploy", shapes("speed"))["deployment"]
        assert (again["epoch"], again["restoredFrom"]) == (3, None)
        assert instances.programs[3] == instances.programs[1]

    def test_a_savepoint_that_cannot_be_removed_is_told(self, plant: Plant) -> None:
        plant.flink.disposal_fails = True
        with plant.instances():
            plant.done("flink-deploy", shapes("speed"))
            plant.done("flink-undeploy", purge=True)
        assert plant.said("could not be removed: IllegalStateException: topic x is gone")

    def test_what_was_never_there(self, plant: Plant) -> None:
        assert plant.done("flink-undeploy", purge=True)["undeployed"]["savepoint"] is None


@contextmanager
def projecting(plant: Plant, alert_id: str) -> Iterator[None]:
    """Clears the alert some time after a second program was activated."""

    def project() -> None:
        until(lambda: _epoch(plant) == 2)
        with begin(plant.url) as connection:
            connection.exec_driver_sql(
                "UPDATE alerts SET state = 'cleared' WHERE alert_id = %s", (alert_id,)
            )

    thread = threading.Thread(target=project)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _epoch(plant: Plant) -> int:
    with read(plant.url) as connection:
        found = deployments.find(connection, plant.deployment)
    return found.epoch if found else 0


def newest_active(plant: Plant) -> bytes | None:
    """The newest record that says which program of the deployment is active."""
    consumer = Consumer(
        {"bootstrap.servers": plant.settings.kafka_bootstrap, "group.id": "test", "log_level": 0}
    )
    partition = TopicPartition("shacl.programs", 0, 0)
    consumer.assign([partition])
    newest: bytes | None = b"there never was one"
    _, end = consumer.get_watermark_offsets(partition)
    while consumer.position([partition])[0].offset < end:
        message = consumer.poll(1)
        if message is not None and message.key() == f"active/{plant.deployment}".encode():
            newest = message.value()
    consumer.close()
    return newest
