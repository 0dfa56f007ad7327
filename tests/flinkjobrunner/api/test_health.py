from __future__ import annotations

import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner import __version__
from flinkjobrunner.api import probes
from flinkjobrunner.config import Backend
from flinkjobrunner.telemetry import metrics
from support.service import free_port, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings

    ClientOf = Callable[[Settings], FlaskClient]

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "http.md"


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "INTERVAL_SECONDS", 0.02)


def readiness(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    assert answer.json is not None
    return answer.status_code, dict(answer.json)


def observed(client: FlaskClient, name: str) -> dict[str, Any]:
    """What is said of a dependency once it was asked."""

    def look() -> dict[str, Any] | None:
        one: dict[str, Any] = readiness(client)[1]["dependencies"][name]
        return one if one["observedAt"] else None

    found = until(look)
    assert found is not None
    return found


@contextmanager
def flink(port: int, answer: dict[str, Any]) -> Iterator[None]:
    """What the JobManager says of itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200 if self.path == "/overview" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok", "version": __version__}


def test_nothing_waits_for_a_database_that_does_not_answer(
    settings: Settings, client_of: ClientOf
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and says nothing
        url = f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/d?connect_timeout=2"
        client = client_of(settings.model_copy(update={"database_url": url}))
        for path in ("/healthz", "/readyz", "/metrics") * 5:
            started = time.monotonic()
            client.get(path)
            assert time.monotonic() - started < 0.5
        assert readiness(client)[1]["dependencies"]["database"] | {"since": ""} == {
            "ready": False,
            "since": "",
            "observedAt": None,
            "detail": "not asked yet",
        }


def test_each_dependency_is_told_with_its_own_reason(client: FlaskClient) -> None:
    found = {name: observed(client, name) for name in ("database", "kafka", "flink")}
    assert {name: (one["ready"], one["detail"]) for name, one in found.items()} == {
        "database": (True, ""),
        "kafka": (False, "no broker answers"),
        "flink": (False, "the JobManager does not answer"),
    }
    status, body = readiness(client)
    assert (status, body["ready"]) == (503, False)
    for name, ready in (("database", 1), ("kafka", 0), ("flink", 0)):
        line = f'flinkjobrunner_dependency_ready{{dependency="{name}"}} {float(ready)}'
        assert line in client.get("/metrics").text


def test_since_when(settings: Settings, client_of: ClientOf) -> None:
    port = free_port()
    client = client_of(settings.model_copy(update={"flink_url": f"http://127.0.0.1:{port}"}))
    first = observed(client, "flink")
    later = until(
        lambda: (one := observed(client, "flink"))["observedAt"] > first["observedAt"] and one
    )
    assert later["since"] == first["since"]
    with flink(port, {"taskmanagers": 1}):
        ready = until(lambda: (one := observed(client, "flink"))["ready"] and one)
        assert ready["since"] > first["since"]
        assert ready["detail"] == ""
    gone = until(lambda: not (one := observed(client, "flink"))["ready"] and one)
    assert gone["since"] > ready["since"]


@pytest.mark.parametrize("answer", [{"taskmanagers": 0}, {}, []])
def test_a_flink_without_workers_is_not_ready(
    settings: Settings, client_of: ClientOf, answer: Any
) -> None:
    port = free_port()
    client = client_of(settings.model_copy(update={"flink_url": f"http://127.0.0.1:{port}/"}))
    with flink(port, answer):
        assert observed(client, "flink")["detail"] == "no TaskManager has registered"


def test_a_database_without_the_schema_is_not_ready(
    settings: Settings, empty_database_url: str, client_of: ClientOf
) -> None:
    client = client_of(settings.model_copy(update={"database_url": empty_database_url}))
    found = observed(client, "database")
    assert (found["ready"], "run setup" in found["detail"]) == (False, True)
    client.application.extensions["probes"].stop()


def test_with_the_operator_there_is_no_flink_to_ask(
    settings: Settings, client_of: ClientOf
) -> None:
    client = client_of(settings.model_copy(update={"backend": Backend.KUBERNETES}))
    assert "flink" not in readiness(client)[1]["dependencies"]


class TestMetrics:
    def test_requests_are_counted_by_route(self, client: FlaskClient) -> None:
        for job in ("a", "b"):
            client.get(f"/jobs/{job}")
        client.post("/jobs", json={"target": "setup"})
        answer = client.get("/metrics")
        assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
        count = (
            r'flinkjobrunner_http_requests_total{method="GET",route="/jobs/<job_id>",status="404"} '
        )
        assert float(answer.text.partition(count)[2].split("\n")[0]) >= 2
        assert 'flinkjobrunner_jobs_accepted_total{target="setup"}' in answer.text
        assert 'route="/jobs/a"' not in answer.text

    def test_strangers_make_no_series(self, client: FlaskClient) -> None:
        client.open("/jobs", method="STRANGE")
        client.get("/strange")
        text = client.get("/metrics").text
        assert "STRANGE" not in text
        assert "/strange" not in text

    def test_every_metric_is_documented(self) -> None:
        ours = {
            family.name + ("_total" if family.type == "counter" else "")
            for family in metrics.registry.collect()
            if family.name.startswith("flinkjobrunner")
        }
        assert len(ours) >= 6
        documented = set(re.findall(r"`(flinkjobrunner_\w+)`", REFERENCE.read_text()))
        assert documented == ours
