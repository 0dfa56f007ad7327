from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.errors import Problem
from flinkjobrunner.jobs import JobStatus
from flinkjobrunner.store import begin, deployments, read
from support.plant import add_alert, shapes

if TYPE_CHECKING:
    from support.plant import Plant

SPEED = "https://example.org/speedShape"
HEAT = "https://example.org/heatShape"
NOISE = "https://example.org/noiseShape"


def test_everything_is_new_at_first_and_nothing_is_done(plant: Plant) -> None:
    plan = plant.done("plan", shapes("speed"))["plan"]
    assert (plan["formatVersion"], plan["upToDate"]) == (1, False)
    changes = plan["changes"]
    assert SPEED in changes["shapes"]["add"]
    assert [changes["shapes"][kind] for kind in ("change", "remove", "keep")] == [[], [], []]
    assert changes["program"]["from"] is None
    assert changes["knowledge"] == "add"
    assert changes["flinkJob"] == {
        "name": f"shacl-{plant.deployment}",
        "action": "start",
        "from": "topics",
    }
    assert changes["topics"]["add"] == []
    assert {"shacl.programs", "shacl.alerts"} <= set(changes["topics"]["keep"])
    assert changes["database"]["program"] == "add"
    assert changes["database"]["add"] == []
    assert {"jobs", "alerts", "shacl.shapes"} <= set(changes["database"]["keep"])
    assert f"  + shape {SPEED}" in plant.lines
    assert plant.said("starts, without state: it knows only what the topics still hold")
    assert plant.lines[-1] == f"Plan {plan['digest']}"
    assert plant.flink.jobs == {}
    with read(plant.url) as connection:
        assert deployments.listing(connection) == []


def test_shapes_are_compared_one_by_one(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed", "heat"))
    add_alert(plant.url, "a1", plant.deployment, shape=HEAT)
    add_alert(plant.url, "a2", plant.deployment, shape=HEAT)
    add_alert(plant.url, "a3", plant.deployment, shape=SPEED)
    add_alert(plant.url, "a4", "other", shape=HEAT)
    plan = plant.done("plan", shapes("speed", "noise"))["plan"]["changes"]
    assert HEAT in plan["shapes"]["remove"]
    assert NOISE in plan["shapes"]["add"]
    assert SPEED in plan["shapes"]["keep"]
    assert plan["alerts"] == {"standing": 3, "clear": {HEAT: 2}, "judge": {}, "keep": 1}
    assert plan["knowledge"] == "keep"
    assert plan["flinkJob"]["action"] == "keep"
    assert f"  - shape {HEAT}: 2 alerts clear" in plant.lines
    assert "  3 alerts stand: 2 would clear, 0 would be judged again, 1 stay" in plant.lines
    changed = plant.done("plan", shapes("speed", "heat", limit=81))["plan"]["changes"]["shapes"]
    assert changed["add"] == changed["remove"] == []
    # The limit stands in the inner property shapes; what holds them is as it was.
    assert len(changed["change"]) == 2
    assert SPEED in changed["keep"]


def test_alerts_below_a_changed_shape_are_judged_again(plant: Plant) -> None:
    inner = f"<{SPEED}>/<https://example.org/speed>/<https://uri.etsi.org/ngsi-ld/hasValue>"
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    add_alert(plant.url, "a1", plant.deployment, shape=inner)
    plan = plant.done("plan", shapes("speed", limit=81))["plan"]["changes"]
    assert plan["shapes"]["change"] == [inner]
    assert plan["alerts"] == {"standing": 1, "clear": {}, "judge": {inner: 1}, "keep": 0}
    assert f"  ~ shape {inner}: 1 alert judged again" in plant.lines


def test_a_job_that_is_submitted_otherwise_is_planned_as_an_upgrade(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    plant.settings = plant.settings.model_copy(update={"parallelism": 1})
    plan = plant.done("plan", shapes("speed"))["plan"]
    assert not plan["upToDate"]
    assert plan["changes"]["flinkJob"] == {
        "name": f"shacl-{plant.deployment}",
        "action": "upgrade",
        "from": "state",
        "changed": {"parallelism": [2, 1]},
    }
    assert plant.said("goes on from a savepoint with another parallelism")


def test_tables_and_views_that_are_missing(plant: Plant) -> None:
    with begin(plant.url) as connection:
        connection.exec_driver_sql("DROP VIEW shacl.constraints")
        connection.exec_driver_sql("DROP TABLE alert_rejects")
    plan = plant.done("plan", shapes("speed"))["plan"]
    assert plan["changes"]["database"]["add"] == ["alert_rejects", "shacl.constraints"]
    assert "  + view shacl.constraints" in plant.lines
    assert "  + table alert_rejects" in plant.lines


def test_nothing_to_do(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    plan = plant.done("plan", shapes("speed"))["plan"]
    assert plan["upToDate"]
    assert "Nothing to do." in plant.lines
    assert plan["changes"]["database"]["program"] == "keep"


def test_a_program_that_not_all_have_acknowledged_is_something_to_do(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    with begin(plant.url) as connection:
        connection.exec_driver_sql("UPDATE deployments SET acknowledged_epoch = 0")
    assert not plant.done("plan", shapes("speed"))["plan"]["upToDate"]
    assert plant.said("not every instance has acknowledged it")


def test_an_earlier_program_is_planned_by_its_digest(plant: Plant) -> None:
    with plant.instances():
        first = plant.done("flink-deploy", shapes("speed"))["deployment"]["program"]
        plant.done("flink-deploy", shapes("heat"))
    of_shapes = plant.done("plan", shapes("speed"))["plan"]
    of_program = plant.done("plan", program=first)["plan"]
    assert of_program == of_shapes
    assert SPEED in of_program["changes"]["shapes"]["add"]


def test_a_stopped_deployment_starts_with_what_it_knew(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    plant.done("flink-undeploy")
    changes = plant.done("plan", shapes("speed"))["plan"]["changes"]
    assert (changes["flinkJob"]["action"], changes["flinkJob"]["from"]) == ("start", "state")
    assert changes["shapes"]["add"] == []


def test_a_deploy_insists_on_its_plan(plant: Plant) -> None:
    text = shapes("speed")
    digest = plant.done("plan", text)["plan"]["digest"]
    with plant.instances():
        other = plant.failed("flink-deploy", shapes("speed", limit=1), planDigest=digest)
        assert other["code"] == "plan-stale"
        plant.done("flink-deploy", text, planDigest=digest)
        assert plant.said("plan: as planned")
        # The same plan does not fit any more: something is deployed now, so it is not even a job.
        with pytest.raises(Problem, match="plan-stale"):
            plant.job("flink-deploy", text, planDigest=digest)
    assert plant.flink.count("POST /jars/.*/run") == 1


def test_what_only_flink_knows_makes_a_plan_stale_when_its_turn_comes(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
        digest = plant.done("plan", shapes("heat"))["plan"]["digest"]
        plant.flink.jobs.clear()
        error = plant.failed("flink-deploy", shapes("heat"), planDigest=digest)
    assert error["code"] == "plan-stale"


def test_alerts_and_topics_of_the_moment_do_not_make_a_plan_stale(plant: Plant) -> None:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    before = plant.done("plan", shapes("heat"))["plan"]
    add_alert(plant.url, "a1", plant.deployment, shape=SPEED)
    after = plant.done("plan", shapes("heat"))["plan"]
    assert before["changes"]["alerts"] != after["changes"]["alerts"]
    assert before["digest"] == after["digest"]


def test_a_later_attempt_goes_on_with_the_plan_it_began(plant: Plant) -> None:
    text = shapes("speed")
    digest = plant.done("plan", text)["plan"]["digest"]
    job = plant.job("flink-deploy", text, planDigest=digest)
    with plant.instances():
        assert plant.run(job), plant.lines
        plant.queue.release(job)
        taken = plant.queue.claim(worker="another", lease_seconds=60)
        assert taken is not None
        plant.write(taken)
        assert plant.run(taken), plant.lines
        plant.queue.finish(taken, JobStatus.SUCCEEDED, None)
