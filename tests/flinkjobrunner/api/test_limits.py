"""Who comes too often is told when to come again, and nobody else notices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from flinkjobrunner.api.limits import BURST_SECONDS, network_of
from flinkjobrunner.api.tokens import Tokens, _digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings

    ClientOf = Callable[[Settings], FlaskClient]

TOKEN = "a-token-of-the-tests-0123456789"
SECOND = "another-token-of-the-tests-012345"
# So slow that no test sees a second one arrive.
SLOW = 0.01


def limited(settings: Settings, rate: float = SLOW, **more: Any) -> Settings:
    return settings.model_copy(update={"rate_limit": rate} | more)


def peer(address: str) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def bearer(secret: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def refused(answer: TestResponse) -> None:
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == "too-many-requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 1 / SLOW


def test_the_second_request_of_a_client(settings: Settings, client_of: ClientOf) -> None:
    client = client_of(limited(settings))
    assert client.get("/jobs", **peer("10.0.0.1")).status_code == 200
    refused(client.get("/jobs", **peer("10.0.0.1")))
    refused(client.post("/jobs", json={"target": "setup"}, **peer("10.0.0.1")))
    assert client.get("/jobs", **peer("10.0.0.2")).json == {"items": [], "next": None}


def test_a_burst_is_some_seconds_worth(settings: Settings, client_of: ClientOf) -> None:
    client = client_of(limited(settings, rate=4))
    statuses = [client.get("/openapi.json").status_code for _ in range(200)]
    assert statuses[: int(4 * BURST_SECONDS)] == [200] * int(4 * BURST_SECONDS)
    assert 429 in statuses


def test_health_is_never_refused(settings: Settings, client_of: ClientOf) -> None:
    client = client_of(limited(settings))
    refused_after = [client.get("/metrics") for _ in range(2)][-1]
    refused(refused_after)
    for _ in range(50):
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code in (200, 503)


def test_no_limit(settings: Settings, client_of: ClientOf) -> None:
    client = client_of(limited(settings, rate=0))
    assert {client.get("/favicon.icon").status_code for _ in range(300)} == {404}


class TestWithTokens:
    @pytest.fixture
    def client(self, settings: Settings, client_of: ClientOf) -> FlaskClient:
        guarded = limited(settings, token=SecretStr(TOKEN), bind="0.0.0.0")
        Tokens(settings).make_first()
        file = settings.work_root / "auth" / "tokens.json"
        [entry] = json.loads(file.read_text())
        file.write_text(json.dumps([entry | {"name": "second", "sha256": _digest(SECOND)}]))
        return client_of(guarded)

    def test_a_token_is_one_client_wherever_it_comes_from(self, client: FlaskClient) -> None:
        assert client.get("/jobs", headers=bearer(), **peer("10.0.0.1")).status_code == 200
        refused(client.get("/jobs", headers=bearer(), **peer("10.0.0.2")))
        again = client.get("/jobs", headers=bearer(SECOND), **peer("10.0.0.1"))
        assert again.status_code == 200

    def test_guesses_use_up_their_address_and_nobody_elses_token(self, client: FlaskClient) -> None:
        first = client.get("/jobs", headers=bearer("guess"), **peer("10.0.0.1"))
        assert first.status_code == 401
        for guess in ("guess-2", "guess-3"):
            refused(client.get("/jobs", headers=bearer(guess), **peer("10.0.0.1")))
        page = client.get(f"/?token={TOKEN}", **peer("10.0.0.1"))
        assert (page.status_code, page.mimetype) == (429, "text/html")
        refused(client.post("/session", data={"token": TOKEN}, **peer("10.0.0.1")))
        assert client.get("/jobs", headers=bearer(), **peer("10.0.0.1")).status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("", ""),
        ("a unix socket", "a unix socket"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
