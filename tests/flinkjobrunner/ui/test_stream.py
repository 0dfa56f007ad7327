"""What tells a page to fetch a section anew, over HTTP as a browser has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.alerts import Seed, alert
from support.deployed import Deployed
from support.sse import reading

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings


def test_it_names_the_sections_that_have_changed(service: str, settings: Settings) -> None:
    seed, deployed = Seed(settings.database()), Deployed(settings.database())
    with reading(f"{service}/ui/stream") as events:
        first = next(events)
        assert (first.name, first.data) == ("", "deployments jobs alerts")
        seed.say(alert("a", 1))
        assert next(events).data == "alerts"
        deployed.ask("a", "setup")
        assert next(events).data == "jobs"
        deployed.claim()
        assert next(events).data == "jobs"
