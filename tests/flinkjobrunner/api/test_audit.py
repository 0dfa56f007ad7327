"""Who did what, as it stands in the log and in the database, and in the documentation."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg
import pytest

from flinkjobrunner.jobs import Queue
from support.service import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flinkjobrunner.config import Settings
    from support.service import Running

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-of-the-tests-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
WHO = {"actor": "configured", "address": "127.0.0.1"}
NOBODY = {"actor": "anonymous", "address": "127.0.0.1"}


class Log:
    """The audit events of a real service since the last look, without what every line has."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = 0

    def events(self) -> list[dict[str, Any]]:
        text = self._file.read_text(encoding="utf-8")[self._seen :]
        self._seen += len(text)
        assert TOKEN not in text
        lines = [json.loads(line) for line in text.splitlines()]
        usual = ("level", "logger", "timestamp")
        return [
            {key: value for key, value in line.items() if key not in usual}
            for line in lines
            if line["action"].startswith("audit.")
        ]

    def event(self) -> dict[str, Any]:
        [one] = self.events()
        return one


@pytest.fixture(scope="module")
def service(
    shared: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Log]]:
    with serving(shared, tmp_path_factory.mktemp("log"), RUNNER_TOKEN=TOKEN) as running:
        log = Log(running.log)
        with running.http(**BEARER) as http:
            http.get("/jobs")
        assert log.event() == {"action": "audit.token-used"} | WHO
        yield running, log


@pytest.fixture
def client(service: tuple[Running, Log]) -> Iterator[httpx2.Client]:
    with service[0].http() as http:
        yield http


@pytest.fixture
def log(service: tuple[Running, Log]) -> Log:
    service[1].events()
    return service[1]


def test_a_job_is_created_and_canceled(client: httpx2.Client, log: Log, shared: Settings) -> None:
    body = {"jobId": "one", "target": "plan", "urls": {"shacl": f"https://a/b?sig={TOKEN}"}}
    for status in (202, 200):
        assert client.post("/jobs", json=body, headers=BEARER).status_code == status
    about = {"job_id": "one", "target": "plan", "deployment": "default"}
    assert log.event() == {"action": "audit.job-created"} | WHO | about
    assert client.post("/jobs/one/cancel", headers=BEARER).status_code == 202
    assert log.event() == {"action": "audit.job-canceled", "job_id": "one"} | WHO
    client.post("/jobs", json=body | {"jobId": "two"}, headers=BEARER)
    assert Queue(shared.database()).claim(worker="w", lease_seconds=60) is not None
    client.post("/ui/jobs/two/cancel", headers=BEARER)
    assert log.events()[-1] == {"action": "audit.job-canceled", "job_id": "two"} | WHO
    with psycopg.connect(shared.database()) as connection:
        rows = connection.execute(
            "SELECT job_id, kind, data->>'by' FROM job_events WHERE data ? 'by' ORDER BY event_id"
        ).fetchall()
    assert rows == [
        ("one", "created", "configured"),
        ("one", "cancel-requested", "configured"),
        ("two", "created", "configured"),
        ("two", "cancel-requested", "configured"),
    ]


def test_an_input_is_left(client: httpx2.Client, log: Log) -> None:
    sha256 = hashlib.sha256(b"x").hexdigest()
    for new in (True, False):
        client.put(f"/inputs/{sha256}", content=b"x", headers=BEARER)
        expected = {"action": "audit.input-stored", "sha256": sha256, "new": new}
        assert log.event() == expected | WHO


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer wrong"}, {"Cookie": "flinkjobrunner_session=1.x.y"}]
)
def test_a_token_is_refused(client: httpx2.Client, log: Log, headers: dict[str, str]) -> None:
    assert client.post("/jobs?a=b", json={}, headers=headers).status_code == 401
    where = {"method": "POST", "path": "/jobs"}
    assert log.event() == {"action": "audit.token-refused"} | NOBODY | where


def test_nothing_is_said_of_who_has_none(client: httpx2.Client, log: Log) -> None:
    assert client.get("/jobs").status_code == 401
    assert client.get("/").status_code == 401
    assert log.events() == []


def test_a_token_may_not_do_this(client: httpx2.Client, log: Log, shared: Settings) -> None:
    entry = {"name": "reader", "sha256": hashlib.sha256(b"r" * 40).hexdigest(), "scopes": ["read"]}
    (shared.work_root / "auth").mkdir(parents=True, exist_ok=True)
    (shared.work_root / "auth" / "tokens.json").write_text(json.dumps([entry]))
    headers = {"Authorization": "Bearer " + "r" * 40}
    assert client.post("/jobs", json={"target": "setup"}, headers=headers).status_code == 403
    assert log.event() == {
        "action": "audit.scope-missing", "actor": "reader", "address": "127.0.0.1",
        "method": "POST", "path": "/jobs",
    }  # fmt: skip


def test_a_browser_signs_in_and_out(client: httpx2.Client, log: Log) -> None:
    assert client.post("/session", data={"token": "wrong"}).status_code == 401
    assert log.event()["action"] == "audit.token-refused"
    assert client.get(f"/?token={TOKEN}").status_code == 303
    assert log.event() == {"action": "audit.session-opened"} | WHO
    assert client.post("/session/end").status_code == 303
    assert log.event()["action"] == "audit.session-ended"


def test_the_use_of_a_token_is_told_once_for_each_address(
    service: tuple[Running, Log], log: Log
) -> None:
    for address in ("127.0.0.1", "127.0.0.2", "127.0.0.2", "127.0.0.1"):
        transport = httpx2.HTTPTransport(local_address=address)
        with httpx2.Client(transport=transport, base_url=service[0].url, headers=BEARER) as http:
            assert http.get("/jobs").status_code == 200
    assert log.event() == {
        "action": "audit.token-used", "actor": "configured", "address": "127.0.0.2"
    }  # fmt: skip


def test_the_reference_lists_every_action() -> None:
    sources = (ROOT / "src" / "flinkjobrunner").rglob("*.py")
    recorded = {
        action
        for source in sources
        for action in re.findall(r'"(audit\.[a-z-]+)"', source.read_text(encoding="utf-8"))
    }
    reference = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")
    assert recorded == set(re.findall(r"`(audit\.[a-z-]+)`", reference))
