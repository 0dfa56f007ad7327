"""A service that is started anew with other settings, on its own data: what runs goes on as another
Flink job, with all that it knows. Then that is taken down for good. Everything is real."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from e2e.driver import EX, Files, Service, wait_until
from e2e.shapes import FIRST, KNOWLEDGE
from support.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(600)
CUTTERS = 40


@pytest.fixture
def files() -> Iterator[Files]:
    server = Files()
    yield server
    server.close()


@contextmanager
def started(folder: Path, files: Files, **settings: str) -> Iterator[Service]:
    with Stack.start(folder, RUNNER_FETCH_ALLOW=files.address, **settings) as stack:
        service = Service(url=stack.service_url)
        try:
            yield service
        finally:
            service.close()


def cutter(number: int, **values: Any) -> dict[str, Any]:
    attributes = {f"{EX}{name}": {"type": "Property", "value": v} for name, v in values.items()}
    return {"id": f"urn:e2e:{number}", "type": f"{EX}Cutter", **attributes}


def standing(service: Service) -> dict[str, int]:
    return {alert["entity"]: alert["sequence"] for alert in service.alerts(limit="100")}


def await_standing(service: Service, count: int) -> dict[str, int]:
    wait_until(lambda: len(standing(service)) == count, lambda: str(standing(service)))
    return standing(service)


def test_other_settings_are_taken_over_through_a_savepoint_and_a_purge_leaves_nothing(
    tmp_path: Path, files: Files
) -> None:
    urls = {
        "shacl": files.put("first.ttl", FIRST),
        "knowledge": files.put("knowledge.ttl", KNOWLEDGE),
    }
    with started(tmp_path, files, RUNNER_PARALLELISM="2") as service:
        service.run(urls=urls)
        service.entities("upsert", [cutter(n, temperature=90 + n) for n in range(CUTTERS)])
        before = await_standing(service, CUTTERS)
    with started(tmp_path, files, RUNNER_PARALLELISM="1", RUNNER_SOURCES="ngsi-ld") as service:
        planned = service.run(target="plan", urls=urls)["result"]["plan"]
        # The sources came with the restart, which has to start the job anew in any case.
        assert planned["changes"]["flinkJob"]["action"] == "upgrade"
        assert planned["changes"]["flinkJob"]["changed"] == {"parallelism": [2, 1]}
        job = service.run(
            target="flink-deploy", urls=urls, options={"planDigest": planned["digest"]}
        )
        log = service.log_text(job["jobId"])
        assert "is upgraded: parallelism 2 -> 1" in log
        assert "submitted, from file:" in log
        assert service.run(target="plan", urls=urls)["result"]["plan"]["upToDate"]
        # Nothing was told again, and what is told now fits to what was known.
        assert standing(service) == before
        service.entities("merge", [cutter(n, temperature=20) for n in range(CUTTERS)])
        await_standing(service, 0)
        savepoints = tmp_path / "data" / "flink" / "savepoints"
        before_purge = set(savepoints.iterdir())
        purge(service, urls)
        assert set(savepoints.iterdir()) == before_purge


def purge(service: Service, urls: dict[str, str]) -> None:
    service.entities("merge", [cutter(n, temperature=95) for n in range(CUTTERS)])
    before = await_standing(service, CUTTERS)
    job = service.run(target="flink-undeploy", options={"purge": True})
    assert job["result"]["undeployed"]["clearedAlerts"] == CUTTERS
    # Told by the job, not only forgotten: the projector has read it from Kafka.
    assert standing(service) == {}
    cleared = {one["entity"]: one["sequence"] for one in service.alerts(state="cleared")}
    assert cleared == {entity: sequence + 1 for entity, sequence in before.items()}
    job = service.run(target="flink-deploy", urls=urls)
    assert job["result"]["deployment"]["restoredFrom"] is None
    assert await_standing(service, CUTTERS) == {
        entity: sequence + 2 for entity, sequence in before.items()
    }
    roll_back(service)


def roll_back(service: Service) -> None:
    """To the program without shapes that the purge has left in the history, and back."""
    past = service.client.get("/deployments/default").json()["activations"]
    present, nothing, first = (one["program"] for one in past)
    assert (present == first, present == nothing) == (True, False)
    service.run(target="flink-deploy", options={"program": nothing})
    await_standing(service, 0)
    job = service.run(target="flink-deploy", options={"program": present})
    assert job["result"]["deployment"]["program"] == present
    await_standing(service, CUTTERS)
