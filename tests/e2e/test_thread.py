"""From `POST /jobs` to an alert, everything real: stack, service, worker, job, both input families.

The tests build on each other and share one stack; each waits for what it caused, so that a failure
names its step.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from e2e.driver import EX, Files, Kafka, Service, brief, wait_until
from e2e.shapes import FIRST, KNOWLEDGE, SECOND
from support.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def files() -> Iterator[Files]:
    server = Files()
    yield server
    server.close()


@pytest.fixture(scope="module")
def stack(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack.start(tmp_path_factory.mktemp("e2e"), RUNNER_FETCH_ALLOW=files.address) as running:
        yield running


@pytest.fixture(scope="module")
def service(stack: Stack) -> Iterator[Service]:
    client = Service(url=stack.service_url)
    yield client
    client.close()


@pytest.fixture(scope="module")
def kafka(stack: Stack, service: Service, files: Files) -> Iterator[Kafka]:
    """With the first shapes deployed by a job whose two URLs are served over HTTP."""
    job = service.run(
        jobId="first",
        urls={
            "shacl": files.put("first.ttl", FIRST),
            "knowledge": files.put("knowledge.ttl", KNOWLEDGE),
        },
    )
    assert [step["status"] for step in job["steps"]] == ["SUCCEEDED", "SUCCEEDED"]
    client = Kafka(stack.kafka_bootstrap)
    yield client
    client.close()


def expect(kafka: Kafka, since: int, wanted: set[tuple[str, str, str, str, str]]) -> None:
    """Exactly these transitions are new in the topic; order between alerts is free."""

    def seen() -> list[tuple[str, str, str, str, str]]:
        return [brief(alert) for alert in kafka.transitions()[since:]]

    wait_until(
        lambda: len(seen()) >= len(wanted),
        lambda: f"wanted {sorted(wanted)}\nseen {sorted(seen())}",
    )
    assert sorted(seen()) == sorted(wanted)


def expect_same_standing(kafka: Kafka, service: Service) -> None:
    def of(alerts: Any) -> set[tuple[Any, ...]]:
        return {(*brief(alert), alert["alertId"], alert["sequence"]) for alert in alerts}

    def both() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
        return of(kafka.standing().values()), of(service.alerts())

    def equal() -> bool:
        in_kafka, in_service = both()
        return in_kafka == in_service

    wait_until(equal, lambda: f"Kafka and GET /alerts differ: {both()}")


def cutter(
    name: str, temperature: float, state: str = "ON", type_: str = "Cutter", **more: float
) -> dict[str, Any]:
    numbers = {
        f"{EX}{attribute}": {"type": "Property", "value": value}
        for attribute, value in more.items()
    }
    return {
        "id": f"urn:e2e:{name}",
        "type": f"{EX}{type_}",
        f"{EX}temperature": {"type": "Property", "value": temperature},
        f"{EX}state": {"type": "Property", "value": {"@id": f"{EX}{state}"}},
        **numbers,
    }


def test_presigned_query_is_shown_nowhere(service: Service, kafka: Kafka) -> None:
    assert "canary-secret" not in json.dumps(service.job("first"))
    assert "canary-secret" not in service.log_text("first")
    assert service.log_text("first").strip()


def test_entities_over_http(service: Service, kafka: Kafka) -> None:
    since = len(kafka.transitions())
    service.entities(
        "upsert",
        [cutter("http", 95.5), cutter("fine", 20), cutter("laser", 81, type_="LaserCutter")],
    )
    expect(
        kafka,
        since,
        {
            ("raised", "urn:e2e:http", "temperature", "MaxInclusive", "95.5"),
            ("raised", "urn:e2e:laser", "temperature", "MaxInclusive", "81"),
        },
    )
    expect_same_standing(kafka, service)
    since = len(kafka.transitions())
    service.entities(
        "upsert", [cutter("http", 70), cutter("laser", 99, type_="LaserCutter", humidity=61)]
    )
    expect(
        kafka,
        since,
        {
            ("cleared", "urn:e2e:http", "temperature", "MaxInclusive", "95.5"),
            (
                "raised",
                "urn:e2e:laser",
                "humidity",
                "MaxInclusive",
                "61",
            ),  # the drift 81 -> 99 emits nothing
        },
    )
    expect_same_standing(kafka, service)


def test_ngsi_ld_documents_on_kafka(service: Service, kafka: Kafka) -> None:
    since = len(kafka.transitions())
    document = cutter("document", 10, state="BROKEN")
    del document[f"{EX}temperature"]
    kafka.send("ngsi-ld.entities", document["id"], json.dumps(document).encode())
    kafka.flush()
    raised = {
        ("raised", "urn:e2e:document", "temperature", "MinCount", ""),
        ("raised", "urn:e2e:document", "state", "Class", f"{EX}BROKEN"),
    }
    expect(kafka, since, raised)
    since = len(kafka.transitions())
    kafka.send("ngsi-ld.entities", document["id"], None)  # a tombstone deletes the entity
    kafka.flush()
    expect(kafka, since, {("cleared", *alert[1:]) for alert in raised})
    expect_same_standing(kafka, service)


def test_industryfusion_topics(service: Service, kafka: Kafka) -> None:
    since = len(kafka.transitions())
    kafka.iff_entity("urn:e2e:iff", f"{EX}Cutter")
    kafka.iff_attribute("urn:e2e:iff", f"{EX}temperature", 81.5)
    kafka.iff_attribute("urn:e2e:iff", f"{EX}state", f"{EX}BROKEN", node="@id")
    kafka.flush()
    expect(
        kafka,
        since,
        {  # no MinCount for the moment in which the entity had no temperature yet: settle
            ("raised", "urn:e2e:iff", "temperature", "MaxInclusive", "81.5"),
            ("raised", "urn:e2e:iff", "state", "Class", f"{EX}BROKEN"),
        },
    )
    since = len(kafka.transitions())
    kafka.iff_attribute("urn:e2e:iff", f"{EX}temperature", 50)
    kafka.flush()
    expect(kafka, since, {("cleared", "urn:e2e:iff", "temperature", "MaxInclusive", "81.5")})
    expect_same_standing(kafka, service)


def test_changed_shapes_while_updates_flow(service: Service, kafka: Kafka, files: Files) -> None:
    """state's clears, speed's are raised, humidity's is updated, temperature's stays untouched."""
    before = {alert_id: alert["sequence"] for alert_id, alert in kafka.standing().items()}
    untouched = {
        alert_id: sequence
        for alert_id, sequence in before.items()
        if brief(kafka.standing()[alert_id])[2:4] == ("temperature", "MaxInclusive")
    }
    assert untouched
    since = len(kafka.transitions())
    stop = threading.Event()

    def traffic() -> None:
        value = 0
        while not stop.wait(0.002):
            value = (value + 1) % 79
            kafka.iff_attribute("urn:e2e:iff", f"{EX}temperature", value)

    feeder = threading.Thread(target=traffic)
    feeder.start()
    try:
        service.run(
            jobId="second",
            target="flink-deploy",
            urls={
                "shacl": files.put("second.ttl", SECOND),
                "knowledge": files.put("knowledge.ttl", KNOWLEDGE),
            },
        )
        expect(
            kafka,
            since,
            {
                ("cleared", "urn:e2e:iff", "state", "Class", f"{EX}BROKEN"),
                ("updated", "urn:e2e:laser", "humidity", "MaxInclusive", "61"),
                *(
                    ("raised", f"urn:e2e:{name}", "speed", "MinCount", "")
                    for name in ("http", "fine", "laser", "iff")
                ),
            },
        )
    finally:
        stop.set()
        feeder.join()
    kafka.flush()
    after = {alert_id: alert["sequence"] for alert_id, alert in kafka.standing().items()}
    assert {alert_id: after[alert_id] for alert_id in untouched} == untouched
    expect_same_standing(kafka, service)


def test_bad_records_go_to_the_dead_letters(stack: Stack, service: Service, kafka: Kafka) -> None:
    since = len(kafka.transitions())
    bad = {
        "truncated": b'{"id": "urn:e2e:bad", "type": ',
        "binary": bytes(range(256)),
        "wrong types": b'{"id": 7, "type": {"a": 1}}',
        "unknown kind": json.dumps(
            {
                "id": "urn:e2e:bad",
                "type": f"{EX}Cutter",
                f"{EX}temperature": {"type": "Prop", "value": 1},
            }
        ).encode(),
        "a megabyte": json.dumps(
            {"id": "urn:e2e:bad", "type": f"{EX}Cutter", f"{EX}x": "x" * (1 << 20)}
        ).encode(),
    }
    for value in bad.values():
        kafka.send("ngsi-ld.entities", "urn:e2e:bad", value)
    kafka.send("iff.ngsild.attributes", "urn:e2e:bad", b'{"entityId": "urn:e2e:iff", "name": 5')
    kafka.flush()
    letters = dead_letters(stack.kafka_bootstrap, len(bad) + 1)
    assert {value for value, _ in letters} >= set(bad.values())
    assert all(
        {"error-code", "error-message", "source-topic", "source-offset"} <= set(headers)
        for _, headers in letters
    )
    service.entities("upsert", [cutter("after", 90, speed=1)])
    expect(kafka, since, {("raised", "urn:e2e:after", "temperature", "MaxInclusive", "90")})


def dead_letters(bootstrap: str, count: int) -> list[tuple[bytes, dict[str, str]]]:
    from confluent_kafka import Consumer

    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "e2e-dead", "auto.offset.reset": "earliest"}
    )
    consumer.subscribe(["shacl.dead-letters"])
    found: list[tuple[bytes, dict[str, str]]] = []

    def enough() -> bool:
        message = consumer.poll(0.2)
        if message is not None and not message.error():
            headers = {name: value.decode() for name, value in message.headers() or []}
            found.append((message.value(), headers))
        return len(found) >= count

    try:
        wait_until(
            enough,
            lambda: f"{len(found)} of {count} dead letters: {[headers for _, headers in found]}",
        )
    finally:
        consumer.close()
    return found


def test_a_killed_taskmanager_loses_nothing(stack: Stack, service: Service, kafka: Kafka) -> None:
    """SIGKILL in mid-stream: at the end exactly the entities that are too hot have an alert."""
    rng = random.Random(7)
    names = [f"kill{n}" for n in range(60)]
    last: dict[str, float] = {}
    for name in names:
        kafka.iff_entity(f"urn:e2e:{name}", f"{EX}Cutter")
        kafka.iff_attribute(f"urn:e2e:{name}", f"{EX}speed", 1)
    for n in range(6000):
        name = names[n] if n < len(names) else rng.choice(names)
        last[name] = rng.choice((20, 79.5, 80, 80.5, 120))
        kafka.iff_attribute(f"urn:e2e:{name}", f"{EX}temperature", last[name])
        if n == 3000:
            kafka.flush()
            os.kill(stack.pids()["taskmanager"], signal.SIGKILL)
    kafka.flush()
    wanted = {f"urn:e2e:{name}" for name, value in last.items() if value > 80}
    assert 10 < len(wanted) < 50

    def standing() -> set[str]:
        return {
            alert["entity"]
            for alert in kafka.standing().values()
            if ":kill" in alert["entity"] and brief(alert)[3] == "MaxInclusive"
        }

    def settled() -> bool:
        return standing() == wanted

    # a last change after the crash proves that the job is past everything before it
    kafka.iff_entity("urn:e2e:last", f"{EX}Cutter")
    for partition_filler in range(16):
        kafka.iff_entity(f"urn:e2e:last{partition_filler}", f"{EX}Cutter")
    kafka.flush()
    wait_until(
        lambda: (
            sum(alert["entity"].startswith("urn:e2e:last") for alert in kafka.standing().values())
            >= 34
        ),
        lambda: f"the job did not come back: {service.client.get('/readyz').text}",
        seconds=90,
    )
    wait_until(
        settled, lambda: f"lost {wanted - standing()}, phantom {standing() - wanted}", seconds=90
    )
    assert {
        brief(alert)[3] for alert in kafka.standing().values() if ":kill" in alert["entity"]
    } == {"MaxInclusive"}
    expect_same_standing(kafka, service)
