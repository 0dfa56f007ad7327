"""The pages as the server renders them, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.api.app import create_app
from flinkjobrunner.jobs import JobRequest, Queue
from flinkjobrunner.ui import shown
from support.alerts import SHACL, Seed, alert

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.content_type.startswith("text/html")
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    return answer.text


def test_an_empty_service_says_what_to_do(client: FlaskClient) -> None:
    page = text_of(client, "/")
    assert "Nothing is deployed yet" in page
    assert "make run" in page
    assert "No alert stands" in page
    assert "ngsi-ld/v1/entityOperations" in page
    assert "No job has been asked for yet" in page


def test_alerts_stand_with_word_and_mark(client: FlaskClient, settings: Settings) -> None:
    seed = Seed(settings.database())
    seed.say(
        alert("a", 1),
        alert("b", 1, severity=f"{SHACL}Warning"),
        alert("c", 1, severity="https://x/severityMaintenance"),
        alert("d", 1),
        alert("d", 2, "cleared"),
    )
    page = text_of(client, "/")
    for words in ("● 1 violation", "▲ 1 warning", "◆ 1 maintenance"):
        mark, rest = words.split(" ", 1)
        assert f'<i aria-hidden="true">{mark}</i> {rest}' in page
    assert "urn:test:a" in page
    assert "urn:test:d" not in page
    assert 'title="https://example.org/plant/state"' in page, "the whole IRI is there on hover"


def test_what_comes_from_data_is_text(client: FlaskClient, settings: Settings) -> None:
    Seed(settings.database()).say(alert("x", 1, entity="urn:<script>alert(1)</script>"))
    page = text_of(client, "/")
    assert "<script>alert(1)" not in page
    assert "urn:&lt;script&gt;" in page


def test_a_job_has_a_page_with_its_log(client: FlaskClient, settings: Settings) -> None:
    queue = Queue(settings.database())
    queue.submit(JobRequest.model_validate({"jobId": "seen", "target": "setup"}))
    job = queue.claim(worker="w", lease_seconds=60)
    assert job is not None
    queue.append_lines(job, ["first line", "second <b>line</b>"])
    assert 'href="/ui/jobs/seen"' in text_of(client, "/")
    page = text_of(client, "/ui/jobs/seen")
    assert "first line\nsecond &lt;b&gt;line&lt;/b&gt;" in page
    assert "RUNNING" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("/ui/jobs/none-such", 404), ("/ui/jobs/NO SUCH", 404), ("/ui/fragments/none-such", 404)],
)
def test_what_is_not_there(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("name", ["deployments", "alerts", "jobs"])
def test_fragments_are_what_the_page_is_made_of(client: FlaskClient, name: str) -> None:
    fragment = text_of(client, f"/ui/fragments/{name}")
    assert fragment.strip() in text_of(client, "/")


def test_without_a_database_the_page_says_so(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
    client = create_app(away).test_client()
    assert "The database does not answer" in text_of(client, "/", 503)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7200, "2 h ago"), (200_000, "2 d ago")],
)
def test_times_are_relative(seconds: int, text: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert shown.ago(now - timedelta(seconds=seconds), now) == text
    assert shown.ago(None, now) == "never"
