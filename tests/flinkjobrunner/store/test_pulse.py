"""What makes a section of the page be fetched anew, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.jobs import StepStatus
from flinkjobrunner.store import begin, deployments, pulse, read
from support.alerts import Seed, alert
from support.deployed import Deployed

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def changed(database_url: str) -> Callable[[], list[str]]:
    """The sections that have changed since the last call."""
    seen: list[pulse.Pulse] = []

    def look() -> list[str]:
        with read(database_url) as connection:
            now = pulse.read(connection)
        before = seen[-1] if seen else None
        seen.append(now)
        return now.changed(before)

    return look


def test_at_first_everything_is_new(changed: Callable[[], list[str]]) -> None:
    assert changed() == ["deployments", "jobs", "alerts"]
    assert changed() == []


def test_each_section_by_itself(changed: Callable[[], list[str]], database_url: str) -> None:
    deployed, seed = Deployed(database_url), Seed(database_url)
    changed()
    deployed.ask("a", "setup")
    assert changed() == ["jobs"]
    job = deployed.claim()
    assert changed() == ["jobs"]
    deployed.step(job, "setup", StepStatus.RUNNING)
    assert changed() == ["jobs"]
    deployed.queue.append_lines(job, ["a line of its log"])
    deployed.queue.heartbeat(job, 60)
    assert changed() == []
    seed.say(alert("x", 1))
    assert changed() == ["alerts"]
    seed.say(alert("x", 2, "cleared"))
    assert changed() == ["alerts"]


def test_a_look_at_flink_is_news_only_with_another_state(
    changed: Callable[[], list[str]], database_url: str
) -> None:
    deployed = Deployed(database_url)
    deployed.deploy()
    changed()
    deployed.observe("RUNNING")
    assert changed() == []
    deployed.observe("RESTARTING")
    assert changed() == ["deployments"]


def test_an_undeploy_also_makes_alerts_stale(
    changed: Callable[[], list[str]], database_url: str
) -> None:
    deployed = Deployed(database_url)
    deployed.deploy()
    deployed.ask("end", "flink-undeploy")
    job = deployed.claim()
    changed()
    with begin(database_url) as connection:
        deployments.undeploy(
            connection, name="default", job_id=job.job_id, attempt=job.attempt, savepoint=None
        )
    assert changed() == ["deployments", "alerts"]
