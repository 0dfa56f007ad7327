"""The description is put to the test: requests made up from it, good ones and broken ones, against
the real service. Whatever comes back must stand in the description, and nothing may be a 500."""

from __future__ import annotations

from contextlib import closing
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from flinkjobrunner.api.app import create_app
from flinkjobrunner.config import Settings
from flinkjobrunner.kafka.topics import Topics, wanted
from support.alerts import Seed, alert
from support.deployed import Deployed
from support.service import Running, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.kafka import Broker

BOUNDS = bounds(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKED = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
EVENTS = "text/event-stream"
# What is there, so that not every address made up leads nowhere.
KNOWN = {"job_id": "first", "name": "default", "alert_id": "a", "sha256": "0" * 64}

USUAL = {200, 201, 202, 204, 303}
# Without Flink, with a token that is none, with a job that has ended, and with the wrong hash.
UNUSUAL = {"/readyz": {503}, "/session": {401}, "/jobs/{job_id}/cancel": {409},
           "/inputs/{sha256}": {400}}  # fmt: skip
# A parameter whose schema says no more than this can be any text.
FREE = {"type", "title", "description"}

load_all_checks()


@pytest.fixture(scope="module")
def service(
    shared: Settings, broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    # As `setup` makes them, for the broker is that of other tests too.
    topics = Topics(broker.bootstrap)
    topics.create(topics.missing(wanted(("ngsi-ld",))), replication=1)
    settings = shared.model_copy(update={"kafka_bootstrap": broker.bootstrap})
    Deployed(settings.database()).deploy()
    Seed(settings.database()).say(alert("a", 1))
    with serving(settings, tmp_path_factory.mktemp("log")) as running:
        yield running


def made_up() -> Iterator[tuple[str, str, GenerationMode]]:
    """Every address with good requests, and with broken ones where there is something to break."""
    document = create_app(Settings()).test_client().get("/openapi.json").json
    assert document is not None
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, GenerationMode.POSITIVE
            schemas = [one["schema"] for one in operation.get("parameters", ())]
            if "requestBody" in operation or any(set(one) - FREE for one in schemas):
                yield path, method, GenerationMode.NEGATIVE


@pytest.mark.parametrize(("path", "method", "mode"), list(made_up()))
def test_answers_are_as_described(
    service: Running, path: str, method: str, mode: GenerationMode
) -> None:
    statuses: set[int] = set()
    with requests.Session() as http:
        http.trust_env = False
        schema = schemathesis.openapi.from_dict(http.get(f"{service.url}/openapi.json").json())
        operation = schema[path][method]
        turns = cycle((True, False))

        @given(operation.as_strategy(generation_mode=mode))
        @BOUNDS
        def ask(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and next(turns):
                make_possible(case)
            answer = http.request(
                **case.as_transport_kwargs(base_url=service.url),
                stream=True,
                timeout=30,
                allow_redirects=False,
            )
            with closing(answer):
                statuses.add(answer.status_code)
                assert answer.status_code != 500, answer.text
                if answer.headers.get("Content-Type", "").startswith(EVENTS):
                    assert EVENTS in operation.definition.raw["responses"]["200"]["content"]
                    return  # it has no end
                case.validate_response(answer, checks=[CHECKS.get_one(one) for one in CHECKED])

        ask()
    if mode is GenerationMode.POSITIVE:
        # Or nothing would have been learned about what the address does.
        assert statuses & (USUAL | UNUSUAL.get(path, set())), statuses
    with service.http() as client:
        assert client.get("/healthz").status_code == 200


def make_possible(case: Any) -> None:
    """What is made up from a pattern names nothing that is there, and no target that may be run."""
    for name in set(case.path_parameters) & set(KNOWN):
        case.path_parameters[name] = KNOWN[name]
    if case.path == "/jobs" and isinstance(case.body, dict):
        case.body["target"] = "setup"
        case.body.pop("urls", None)
        case.body.pop("options", None)
