from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from flinkjobrunner.alerts.queries import Alerts
from flinkjobrunner.api.app import create_app
from support.alerts import EX, SHACL, Seed, alert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def seed(database_url: str) -> Seed:
    return Seed(database_url)


def ids(client: FlaskClient, **query: Any) -> list[str]:
    answer = client.get(f"/alerts?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return [item["alertId"] for item in answer.json["items"]]


def test_standing_alerts_newest_first_as_they_were_published(
    client: FlaskClient, seed: Seed
) -> None:
    first, second = alert("a", 1), alert("b", 1, severity=f"{SHACL}Warning")
    seed.say(first, second, alert("c", 1), alert("c", 2, "cleared"), alert("a", 2, "updated"))
    answer = client.get("/alerts")
    assert answer.json == {"items": [second, alert("a", 2, "updated")], "next": None}
    assert answer.headers["Alerts-Position"] == str(Alerts(seed.url).position()) == "5"


def test_cleared_and_all(client: FlaskClient, seed: Seed) -> None:
    seed.say(alert("a", 1), alert("b", 1), alert("c", 1))
    seed.say(alert("c", 2, "cleared"), alert("a", 2, "cleared"))
    assert ids(client) == ["b"]
    assert ids(client, state="cleared") == ["a", "c"]
    assert ids(client, state="all") == ["c", "b", "a"]


def test_filters(client: FlaskClient, seed: Seed) -> None:
    seed.say(
        alert("plain", 1),
        alert("other-deployment", 1, deployment="other"),
        alert("other-type", 1, entityTypes=[f"{EX}Filter", f"{EX}Device"]),
        alert("warning", 1, severity=f"{SHACL}Warning"),
        alert("custom", 1, severity=f"{EX}severityCritical"),
        alert("node-shape", 1, sourceShape=f"{EX}CutterShapeTwo"),
        alert("message", 1, messages=[{"@value": 'Too "hot" 100%_'}]),
    )
    everything = set(ids(client))
    assert ids(client, deployment="other") == ["other-deployment"]
    assert ids(client, entity="urn:test:warning") == ["warning"]
    assert ids(client, type=f"{EX}Device") == ["other-type"]
    assert ids(client, severity="Warning") == ids(client, severity="sh:warning") == ["warning"]
    assert ids(client, severity=f"{EX}severityCritical") == ["custom"]
    assert ids(client, shape=f"{EX}CutterShapeTwo") == ["node-shape"]
    assert set(ids(client, shape=f"{EX}CutterShape")) == everything - {"node-shape"}
    assert ids(client, text='too "HOT"') == ids(client, text="%_") == ["message"]
    assert ids(client, text="URN:TEST:cust") == ["custom"]
    assert ids(client, text="@value") == []
    assert ids(client, text="machine states", severity="warning") == ["warning"]


def test_pages(client: FlaskClient, seed: Seed) -> None:
    seed.say(*(alert(f"a{n}", 1) for n in range(7)))
    found, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"/alerts?{urlencode(query)}").json
        assert page is not None
        found.append([item["alertId"] for item in page["items"]])
        cursor = page["next"]
        if len(found) == 1:
            seed.say(alert("new", 1), alert("a1", 2, "updated"))  # moves nothing that comes
        if cursor is None:
            break
    assert found == [["a6", "a5", "a4"], ["a3", "a2", "a1"], ["a0"]]


def test_one_alert_with_its_history(client: FlaskClient, seed: Seed) -> None:
    seed.say(alert("a/1", 1), alert("b", 1), alert("a/1", 2, "updated"))
    assert client.get("/alerts/b").json == alert("b", 1) | {"history": [alert("b", 1)]}
    answer = client.get("/alerts/missing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == "alert-not-found"


def test_a_stale_alert_says_so(client: FlaskClient, seed: Seed) -> None:
    from datetime import UTC, datetime

    seed.say(alert("a", 1), alert("b", 1, deployment="other"))
    alerts = Alerts(seed.url)
    assert alerts.mark_stale("default", datetime(2026, 1, 2, tzinfo=UTC)) == 1
    page = client.get("/alerts").json
    assert page is not None
    assert {item["alertId"]: item.get("staleSince") for item in page["items"]} == {
        "a": "2026-01-02T00:00:00Z",
        "b": None,
    }
    alerts.mark_stale("default", None)
    page = client.get("/alerts").json
    assert page is not None
    assert not any("staleSince" in item for item in page["items"])


@pytest.mark.parametrize(
    "query",
    [
        "state=open",
        "limit=0",
        "limit=x",
        "cursor=-1",
        "cursor=%00",
        "colour=red",
        "text=",
        "text=%00",
    ],
)
def test_a_bad_query_is_refused(client: FlaskClient, query: str) -> None:
    for path in ("/alerts", "/alerts/stream"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert answer.content_type == "application/problem+json"


def events(client: FlaskClient, query: str = "", **headers: str) -> Iterator[tuple[str, str]]:
    """The (id, data) of each event; reads as they come."""
    answer = client.get(f"/alerts/stream{query}", headers=headers, buffered=False)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/event-stream")
    try:
        for chunk in answer.iter_encoded():
            fields = dict(
                line.split(": ", 1)
                for line in chunk.decode().splitlines()
                if line[:1] != ":" and line
            )
            assert "event" not in fields
            if "data" in fields:
                yield fields["id"], json.loads(fields["data"])["alertId"]
    finally:
        answer.close()


def test_the_stream_goes_on_where_its_reader_left_off(client: FlaskClient, seed: Seed) -> None:
    seed.say(alert("a", 1), alert("b", 1), alert("b", 2, "cleared"))
    stream = events(client, **{"Last-Event-ID": "0"})
    assert [next(stream) for _ in range(3)] == [("1", "a"), ("2", "b"), ("3", "b")]
    seed.say(alert("c", 1))
    assert next(stream) == ("4", "c")
    stream.close()
    seed.say(alert("d", 1))
    resumed = events(client, "?after=0", **{"Last-Event-ID": "3"})
    assert [next(resumed) for _ in range(2)] == [("4", "c"), ("5", "d")]
    resumed.close()
    after = events(client, "?after=4")
    assert next(after) == ("5", "d")
    after.close()


def test_the_stream_begins_now_and_filters(client: FlaskClient, seed: Seed) -> None:
    seed.say(alert("old", 1))
    stream = events(client, "?severity=warning")
    told: list[tuple[str, str]] = []
    reader = threading.Thread(target=lambda: told.append(next(stream)))
    # The first chunk (the retry) is sent once the stream has begun.
    reader.start()
    seed.say(alert("violation", 1))
    while not told:
        seed.say(alert(f"warning-{seed.offset}", 1, severity=f"{SHACL}Warning"))
        reader.join(0.05)
    stream.close()
    assert told[0][1].startswith("warning-")
