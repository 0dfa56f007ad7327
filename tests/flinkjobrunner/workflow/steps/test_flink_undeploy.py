from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.store import begin, deployments, read
from flinkjobrunner.store.deployments import Desired
from support.plant import add_alert, shapes

if TYPE_CHECKING:
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
