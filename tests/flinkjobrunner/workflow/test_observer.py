from __future__ import annotations

import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.backends.session import SessionBackend
from flinkjobrunner.store import deployments, read
from flinkjobrunner.workflow import observer
from support.plant import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flinkjobrunner.store.deployments import Deployment
    from support.plant import Plant


@pytest.fixture
def deployed(plant: Plant) -> Plant:
    with plant.instances():
        plant.done("flink-deploy", shapes("speed"))
    return plant


def known(plant: Plant) -> Deployment:
    with read(plant.url) as connection:
        found = deployments.find(connection, plant.deployment)
    assert found is not None
    return found


def look(plant: Plant) -> Deployment:
    with closing(SessionBackend(plant.flink.url)) as backend:
        observer.look(plant.url, backend)
    return known(plant)


@contextmanager
def observing(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(observer, "INTERVAL_SECONDS", 0.05)
    stop = threading.Event()
    thread = threading.Thread(target=observer.run, args=(plant.settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_it_sees_is_written_with_the_reason(deployed: Plant) -> None:
    job = deployed.flink.job(deployed.deployment)
    assert look(deployed).observed == "RUNNING"
    job.running = 1
    assert (look(deployed).observed, look(deployed).observed_detail) == (
        "STARTING",
        "1 of 4 tasks run",
    )
    job.fail(topic="iff.alerts")
    seen = look(deployed)
    assert seen.observed == "FAILED"
    assert seen.observed_detail == "IllegalStateException: topic iff.alerts is gone"
    before = deployed.flink.count("GET /jobs/.*/exceptions")
    again = look(deployed)
    assert again.observed_detail == seen.observed_detail
    assert again.observed_since == seen.observed_since
    assert deployed.flink.count("GET /jobs/.*/exceptions") == before


def test_a_job_that_is_gone_is_absent_and_its_id_is_kept(deployed: Plant) -> None:
    """Its checkpoints are found by the id."""
    jid = deployed.flink.job(deployed.deployment).jid
    deployed.flink.jobs.clear()
    seen = look(deployed)
    assert (seen.observed, seen.observed_detail, seen.flink_job_id) == ("ABSENT", "", jid)


def test_a_job_that_somebody_else_submitted_is_the_one_from_now_on(deployed: Plant) -> None:
    deployed.flink.jobs.clear()
    other = deployed.flink.add(deployed.deployment)
    assert look(deployed).flink_job_id == other.jid


def test_an_error_ages_what_was_seen_and_changes_nothing(
    deployed: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with observing(deployed, monkeypatch):
        first = known(deployed).observed_at
        until(lambda: known(deployed).observed_at != first)
        broken = "http://127.0.0.1:1"
    deployed.settings = deployed.settings.model_copy(update={"flink_url": broken})
    last = known(deployed)
    blind: list[str] = []

    def warned(event: str, **_: Any) -> None:
        blind.append(event)

    monkeypatch.setattr(observer.log, "warning", warned, raising=False)
    with observing(deployed, monkeypatch):
        until(lambda: blind)
    assert known(deployed) == last
    assert blind == ["observer.sees-nothing"]


def test_without_deployments_flink_is_not_asked(plant: Plant) -> None:
    with closing(SessionBackend("http://127.0.0.1:1")) as backend:
        observer.look(plant.url, backend)
