"""What a page of somebody else may not do, and what our own pages may not either."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.config import Auth

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings

    ClientOf = Callable[[Settings], FlaskClient]


def refused(answer: TestResponse, code: str) -> None:
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == code


@pytest.fixture
def elsewhere(settings: Settings, client_of: ClientOf) -> FlaskClient:
    update = {"bind": "0.0.0.0", "auth": Auth.NONE}
    return client_of(settings.model_copy(update=update))


class TestHost:
    @pytest.mark.parametrize(
        "host",
        ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080",
         "runner.localhost:8080"],
    )  # fmt: skip
    def test_our_own_names(self, refusing: FlaskClient, host: str) -> None:
        assert refusing.get("/healthz", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host",
        ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
         "notlocalhost", "10.0.0.1:8080", "0.0.0.0:8080", "[::]:8080", "[fe80::1]", "", "[",
         "[::1", "a b", "localhost@evil.example", "evil.example#localhost", "localhost:x",
         "127.0.0.1\\@evil.example", "\xff"],
    )  # fmt: skip
    def test_names_of_others(self, refusing: FlaskClient, host: str) -> None:
        answer = refusing.get("/jobs", environ_overrides={"HTTP_HOST": host})
        refused(answer, "host-not-allowed")

    def test_a_proxys_word_does_not_count(self, refusing: FlaskClient) -> None:
        headers = {"Host": "evil.example", "X-Forwarded-Host": "localhost"}
        refused(refusing.get("/jobs", headers=headers), "host-not-allowed")

    def test_any_name_where_a_token_protects(self, elsewhere: FlaskClient) -> None:
        answer = elsewhere.get("/jobs", headers={"Host": "runner.example"})
        assert answer.status_code == 200


class TestOrigin:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost:9999"},
            {"Origin": "null"},
            {"Origin": "http://["},
            {"Origin": "http://localhost.evil.example"},
            {"Origin": ""},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "whatever"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        ],
    )
    @pytest.mark.parametrize("path", ["/jobs", "/session", "/jobs/a/cancel", "/notify"])
    def test_a_foreign_page_changes_nothing(
        self, refusing: FlaskClient, headers: dict[str, str], path: str
    ) -> None:
        refused(
            refusing.post(path, json={"target": "setup"}, headers=headers), "cross-site-request"
        )
        assert refusing.get("/jobs").json == {"items": [], "next": None}

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "http://localhost"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
            {"Sec-Fetch-Site": "none"},
        ],
    )
    def test_programs_and_our_own_pages_do(
        self, client: FlaskClient, headers: dict[str, str]
    ) -> None:
        answer = client.post("/jobs", json={"target": "setup"}, headers=headers)
        assert answer.status_code == 202

    def test_on_a_port_and_under_another_name(self, elsewhere: FlaskClient) -> None:
        for origin, status in (
            ("https://runner.example:8443", 202),
            ("https://runner.example", 403),
        ):
            answer = elsewhere.post(
                "/jobs",
                json={"target": "setup"},
                headers={"Host": "runner.example:8443", "Origin": origin},
            )
            assert answer.status_code == status

    def test_links_from_elsewhere_may_be_followed(self, refusing: FlaskClient) -> None:
        assert refusing.get("/jobs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200

    def test_no_page_of_others_may_read_an_answer(self, refusing: FlaskClient) -> None:
        answer = refusing.get("/jobs", headers={"Origin": "https://evil.example"})
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        preflight = refusing.options(
            "/jobs",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        )
        assert not [name for name, _ in preflight.headers if name.startswith("Access-Control")]


class TestHeaders:
    @pytest.mark.parametrize(
        "path", ["/", "/jobs", "/healthz", "/jobs/missing", "/nowhere", "/metrics"]
    )
    def test_every_answer_is_protected(self, client: FlaskClient, path: str) -> None:
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert "unsafe" not in headers["Content-Security-Policy"]

    def test_nothing_of_a_job_is_cached(self, refusing: FlaskClient) -> None:
        assert refusing.get("/jobs").headers["Cache-Control"] == "no-store"

    def test_the_form_needs_nothing_that_the_policy_forbids(
        self, settings: Settings, client_of: ClientOf
    ) -> None:
        update = {"bind": "0.0.0.0"}
        page = client_of(settings.model_copy(update=update)).get("/").text
        assert "<form" in page
        assert not re.search(r"<script|<style|\bstyle=|\son[a-z]+=|javascript:", page)
