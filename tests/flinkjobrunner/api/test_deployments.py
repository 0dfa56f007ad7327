from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.store import begin, deployments, programs
from support.deployed import Deployed
from support.plant import add_alert

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings

DIGEST = "sha256:" + "a" * 64


def add(settings: Settings, name: str) -> None:
    with begin(settings.database()) as connection:
        programs.add(
            connection,
            programs.NewProgram(
                digest=DIGEST,
                compressed=b"",
                format_version=1,
                summary={"shapes": 5},
                inputs_hash="1",
                sources={},
            ),
        )
        connection.execute(
            deployments.deployments.insert().values(
                name=name, desired="running", epoch=2, digest=DIGEST, parallelism=2
            )
        )
        deployments.acknowledged(connection, name=name, epoch=2)
        deployments.observe(
            connection, name=name, state="RUNNING", detail="", flink_job_id="f" * 32
        )


def test_there_are_none(client: FlaskClient) -> None:
    answer = client.get("/deployments")
    assert (answer.status_code, answer.json) == (200, {"items": [], "next": None})


def test_a_deployment_with_what_was_seen_of_it(client: FlaskClient, settings: Settings) -> None:
    add(settings, "plant")
    add_alert(settings.database(), "a1", "plant")
    add_alert(settings.database(), "a2", "plant", severity="http://www.w3.org/ns/shacl#Warning")
    add_alert(settings.database(), "a3", "plant", state="cleared")
    add_alert(settings.database(), "a4", "other")
    one = client.get("/deployments/plant").json
    assert one is not None
    assert one.pop("activations") == []
    assert client.get("/deployments").json == {"items": [one], "next": None}
    times = {name: one.pop(name) for name in ("since", "observedAt", "createdAt")}
    assert all(text.endswith(("Z", "+00:00")) for text in times.values())
    assert one == {
        "name": "plant",
        "state": "RUNNING",
        "stale": False,
        "observed": "RUNNING",
        "detail": "",
        "program": DIGEST,
        "epoch": 2,
        "acknowledgedEpoch": 2,
        "flinkJobId": "f" * 32,
        "parallelism": 2,
        "shapes": 5,
        "alerts": {
            "http://www.w3.org/ns/shacl#Violation": 1,
            "http://www.w3.org/ns/shacl#Warning": 1,
        },
    }


def test_what_nobody_could_look_at_for_long_is_stale(
    client: FlaskClient, settings: Settings
) -> None:
    add(settings, "plant")
    with begin(settings.database()) as connection:
        connection.exec_driver_sql(
            "UPDATE deployments SET observed_at = now() - interval '1 minute'"
        )
    one = client.get("/deployments/plant").json
    assert one is not None
    assert (one["state"], one["stale"], one["since"]) == ("STALE", True, one["observedAt"])
    assert one["observed"] == "RUNNING"


def test_an_unknown_one_is_404_and_an_unknown_parameter_400(client: FlaskClient) -> None:
    for path in ("/deployments/nothing", "/deployments/%00"):
        answer = client.get(path)
        assert (answer.status_code, (answer.json or {})["code"]) == (404, "deployment-not-found")
    assert client.get("/deployments?limits=1").status_code == 400


def test_the_programs_that_it_has_had(client: FlaskClient, settings: Settings) -> None:
    deployed = Deployed(settings.database())
    deployed.deploy("first")
    one = client.get("/deployments/default").json
    assert one is not None
    (activation,) = one["activations"]
    assert activation.pop("at").endswith(("Z", "+00:00"))
    assert activation == {"epoch": 1, "program": one["program"], "jobId": "first"}
