from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from flinkjobrunner.api import tokens as tokens_module
from flinkjobrunner.api.app import create_app
from flinkjobrunner.api.auth import COOKIE
from flinkjobrunner.api.tokens import Scope, Token, Tokens
from flinkjobrunner.config import Auth
from support.service import SOURCE, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings

    ClientOf = Callable[[Settings], FlaskClient]

SECRET = "a-token-of-the-tests-0123456789"
_ENTRY = '{"name": "%s", "sha256": "%s", "scopes": %s}'
DAMAGED = [
    b"",
    b"{",
    b"{}",
    b"null",
    b"[7]",
    b"[{}]",
    b"\xff",
    (f"[{_ENTRY}]" % ("one", "short", "[]")).encode(),
    (f"[{_ENTRY}]" % ("one", "0" * 64, '["everything"]')).encode(),
    (f"[{_ENTRY}]" % ("a\\nb", "0" * 64, '["read"]')).encode(),
]
ELSEWHERE = "http://runner.example:8080"


def with_token(settings: Settings, **more: Any) -> Settings:
    return settings.model_copy(update={"token": SecretStr(SECRET)} | more)


@pytest.fixture
def guarded(settings: Settings, client_of: ClientOf) -> FlaskClient:
    return client_of(with_token(settings))


@pytest.fixture(scope="module")
def closed(shared: Settings) -> FlaskClient:
    """For requests that only read or are refused; it keeps no cookies."""
    return create_app(with_token(shared)).test_client(use_cookies=False)


def bearer(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def refused(answer: TestResponse, code: str, status: int = 401) -> None:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == code
    assert SECRET not in answer.text


def cookie_of(answer: TestResponse) -> Any:
    return SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]


class TestWhoIsAsked:
    """The bind address decides, never the peer."""

    @pytest.mark.parametrize("bind", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
    def test_nobody_on_loopback(self, settings: Settings, client_of: ClientOf, bind: str) -> None:
        client = client_of(settings.model_copy(update={"bind": bind}))
        assert client.get("/jobs").status_code == 200

    @pytest.mark.parametrize("bind", ["0.0.0.0", "::", "10.1.2.3", "runner.example", ""])
    def test_everybody_elsewhere(self, settings: Settings, client_of: ClientOf, bind: str) -> None:
        client = client_of(settings.model_copy(update={"bind": bind}))
        for peer in ("127.0.0.1", "::1"):
            refused(client.get("/jobs", environ_base={"REMOTE_ADDR": peer}), "token-missing")

    def test_everybody_where_a_token_was_set(self, closed: FlaskClient) -> None:
        refused(closed.get("/jobs"), "token-missing")
        assert closed.get("/jobs", headers=bearer()).status_code == 200

    def test_nobody_when_switched_off(self, settings: Settings, client_of: ClientOf) -> None:
        off = with_token(settings, bind="0.0.0.0", auth=Auth.NONE)
        client = client_of(off)
        assert client.get("/jobs", base_url=ELSEWHERE).status_code == 200


class TestBearer:
    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_probes_need_none(self, guarded: FlaskClient, path: str) -> None:
        assert guarded.get(path).status_code in (200, 503)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/jobs"),
            ("POST", "/jobs"),
            ("GET", "/jobs/a/logs"),
            ("POST", "/jobs/a/cancel"),
            ("GET", "/alerts"),
            ("POST", "/notify"),
            ("GET", "/metrics"),
            ("GET", "/openapi.json"),
            ("GET", "/never-heard-of"),
            ("GET", "/uiless"),
            ("OPTIONS", "/jobs"),
            ("HEAD", "/jobs"),
            ("GET", "/healthz/.."),
            ("GET", "/healthz%2F..%2Fjobs"),
        ],
    )
    def test_everything_else_does(self, closed: FlaskClient, method: str, path: str) -> None:
        answer = closed.open(path, method=method)
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        "header",
        [
            f"Bearer {SECRET}x",
            f"Bearer {SECRET[:-1]}",
            f"Basic {SECRET}",
            f"{SECRET}",
            "Bearer",
            "Bearer ",
            "Bearer \xff\xfe",
            f"Bearer {SECRET} {SECRET}",
            f"Bearer {SECRET.upper()}",
            "Bearer " + "x" * 5000,
        ],
    )
    def test_what_is_no_token_of_ours(self, closed: FlaskClient, header: str) -> None:
        refused(closed.get("/jobs", headers={"Authorization": header}), "token-refused")

    @pytest.mark.parametrize("kind", ["Bearer ", "bearer ", "BEARER   "])
    def test_the_schemes_name_has_no_case(self, closed: FlaskClient, kind: str) -> None:
        answer = closed.get("/jobs", headers={"Authorization": kind + SECRET})
        assert answer.status_code == 200

    def test_it_does_not_count_in_an_api_address(self, closed: FlaskClient) -> None:
        refused(closed.get(f"/jobs?token={SECRET}"), "token-missing")

    @pytest.mark.parametrize(
        ("scopes", "reads", "writes"),
        [
            ({Scope.READ}, True, False),
            ({Scope.WRITE}, True, True),
            ({Scope.ADMIN}, True, True),
            (set(), False, False),
        ],
    )
    def test_scopes(
        self,
        settings: Settings,
        client_of: ClientOf,
        *,
        scopes: set[Scope],
        reads: bool,
        writes: bool,
    ) -> None:
        limited = settings.model_copy(update={"bind": "0.0.0.0"})
        secret = Tokens(limited).make_first()
        assert secret is not None
        path = settings.work_root / "auth" / "tokens.json"
        [entry] = json.loads(path.read_text())
        path.write_text(json.dumps([entry | {"scopes": sorted(scopes)}]))
        client = client_of(limited)
        got = client.get("/jobs", headers=bearer(secret))
        posted = client.post("/jobs", json={"target": "setup"}, headers=bearer(secret))
        if reads:
            assert got.status_code == 200
        else:
            refused(got, "scope-missing", 403)
        if writes:
            assert posted.status_code == 202
        else:
            refused(posted, "scope-missing", 403)


class TestAtRest:
    def test_only_a_hash_is_kept_for_the_owner_only(self, settings: Settings) -> None:
        tokens = Tokens(settings)
        secret = tokens.make_first()
        assert secret is not None
        tokens.open_session(Token(name="x", digest="y", scopes=frozenset()))
        folder = settings.work_root / "auth"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {file.name for file in folder.iterdir()} == {"tokens.json", "session.key"}
        for file in folder.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert secret.encode() not in file.read_bytes()
        found = tokens.identify(secret)
        assert found is not None
        assert (found.name, found.scopes) == ("first-start", frozenset(Scope))

    def test_only_the_first_start_makes_one(self, settings: Settings) -> None:
        assert Tokens(settings).make_first()
        assert Tokens(settings).make_first() is None
        assert Tokens(with_token(settings)).make_first() is None

    def test_every_candidate_is_compared_in_constant_time(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tokens = Tokens(with_token(settings))
        compared: list[tuple[str, str]] = []

        class Hmac:
            def __getattr__(self, name: str) -> Any:
                import hmac

                return getattr(hmac, name)

            def compare_digest(self, known: str, given: str) -> bool:
                compared.append((known, given))
                return known == given

        monkeypatch.setattr(tokens_module, "hmac", Hmac())
        assert tokens.identify("wrong") is None
        assert tokens.identify(SECRET) is not None
        # Hashes are compared, never tokens, so neither length nor prefix can be timed.
        assert len(compared) == 2
        assert all(len(one) == len(other) == 64 for one, other in compared)

    @pytest.mark.parametrize("content", DAMAGED)
    def test_a_damaged_file_is_no_open_door(
        self, settings: Settings, client_of: ClientOf, content: bytes
    ) -> None:
        limited = settings.model_copy(update={"bind": "0.0.0.0"})
        secret = Tokens(limited).make_first()
        assert secret is not None
        path = settings.work_root / "auth" / "tokens.json"
        whole = path.read_bytes()
        client = client_of(limited)
        path.write_bytes(content)
        for headers in (bearer(secret), bearer("wrong")):
            refused(client.get("/jobs", headers=headers), "tokens-damaged", 503)
        refused(client.post("/session", data={"token": secret}), "tokens-damaged", 503)
        assert client.get("/healthz").status_code == 200
        path.write_bytes(whole)
        assert client.get("/jobs", headers=bearer(secret)).status_code == 200

    def test_a_short_key_signs_no_session(self, settings: Settings, client_of: ClientOf) -> None:
        (settings.work_root / "auth").mkdir(parents=True)
        (settings.work_root / "auth" / "session.key").write_bytes(b"")
        answer = client_of(with_token(settings)).post("/session", data={"token": SECRET})
        refused(answer, "tokens-damaged", 503)

    def test_a_changed_file_counts_at_once(self, settings: Settings, client_of: ClientOf) -> None:
        limited = settings.model_copy(update={"bind": "0.0.0.0"})
        secret = Tokens(limited).make_first()
        assert secret is not None
        client = client_of(limited)
        assert client.get("/jobs", headers=bearer(secret)).status_code == 200
        (settings.work_root / "auth" / "tokens.json").write_text("[]")
        refused(client.get("/jobs", headers=bearer(secret)), "token-refused")

    @pytest.mark.parametrize("name", ["tokens.json", "session.key"])
    def test_the_start_says_which_file_is_damaged(self, settings: Settings, name: str) -> None:
        folder = settings.work_root / "auth"
        folder.mkdir(parents=True)
        (folder / name).write_text("{")
        ended = subprocess.run(
            [sys.executable, "-m", "flinkjobrunner", "serve"],
            env=settings.environment()
            | {"RUNNER_BIND": "0.0.0.0", "RUNNER_PORT": "0", "PYTHONPATH": str(SOURCE)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 2
        assert ended.stderr.startswith(f"tokens-damaged: {folder / name} cannot be used")
        assert "Traceback" not in ended.stderr


class TestSession:
    def exchanged(self, client: FlaskClient) -> Any:
        answer = client.get(f"/?token={SECRET}")
        assert answer.status_code == 303
        return cookie_of(answer)

    def test_a_page_exchanges_the_token_for_a_cookie(self, guarded: FlaskClient) -> None:
        answer = guarded.get(f"/?token={SECRET}&deployment=a%26b")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/?deployment=a%26b")
        cookie = cookie_of(answer)
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["secure"]
        assert 0 < int(cookie["max-age"]) <= 24 * 3600
        assert SECRET not in str(answer.headers)
        assert guarded.get("/jobs").status_code == 200  # the client keeps the cookie
        assert guarded.post("/jobs", json={"target": "setup"}).status_code == 202

    def test_the_cookie_is_secure_where_the_page_is(self, closed: FlaskClient) -> None:
        answer = closed.get(f"/?token={SECRET}", base_url="https://localhost")
        assert cookie_of(answer)["secure"]

    @pytest.mark.parametrize(
        "path",
        ["//evil.example/", "/ui//evil.example", "/\\evil.example", "/ui/../..//evil.example"],
    )
    def test_no_redirect_leads_away(self, closed: FlaskClient, path: str) -> None:
        answer = closed.get(
            "/", query_string={"token": SECRET}, environ_overrides={"PATH_INFO": path}
        )
        location = answer.headers.get("Location", "/").removeprefix("http://localhost")
        assert re.match(r"/(?![/\\])", location + " "), location

    def test_a_wrong_token_is_shown_the_form(self, closed: FlaskClient) -> None:
        for answer in (closed.get("/"), closed.get("/?token=wrong"), closed.get("/ui/jobs")):
            assert answer.status_code == 401
            assert answer.content_type.startswith("text/html")
            assert 'action="/session"' in answer.text
            assert "Set-Cookie" not in answer.headers
        assert "not accepted" in closed.get("/?token=wrong").text

    def test_the_form(self, guarded: FlaskClient) -> None:
        wrong = guarded.post("/session", data={"token": "wrong"})
        assert (wrong.status_code, wrong.content_type) == (401, "text/html; charset=utf-8")
        assert guarded.post("/session").status_code == 401
        right = guarded.post("/session", data={"token": SECRET})
        assert (right.status_code, right.headers["Location"]) == (303, "/")
        assert guarded.get("/jobs").status_code == 200
        over = guarded.post("/session/end")
        assert (over.status_code, cookie_of(over)["max-age"]) == (303, "0")
        refused(guarded.get("/jobs"), "token-missing")

    def test_a_token_of_digits_is_still_a_text(
        self, settings: Settings, client_of: ClientOf
    ) -> None:
        digits = "12345678901234567890"
        client = client_of(with_token(settings, token=SecretStr(digits)))
        assert client.post("/session", data={"token": digits}).status_code == 303

    def test_a_session_can_be_ended_whatever_became_of_it(self, guarded: FlaskClient) -> None:
        guarded.set_cookie(COOKIE, "stale")
        assert guarded.post("/session/end").status_code == 303

    @pytest.mark.parametrize(
        "change",
        [
            lambda value: value[:-1] + ("0" if value[-1] != "0" else "1"),
            lambda value: str(int(value.partition(".")[0]) + 1) + "." + value.partition(".")[2],
            lambda value: value.replace("configured", "first-start"),
            lambda value: value.rpartition(".")[0],
            lambda value: value.rpartition(".")[0] + ".",
            lambda value: "9" * 5000 + "." + value.partition(".")[2],
            lambda value: "\u0663." + value.partition(".")[2],
            lambda value: "-1." + value.partition(".")[2],
            lambda value: value + "\udcff",
            lambda _: "",
            lambda _: "...",
            lambda _: SECRET,
        ],
    )
    def test_a_cookie_that_was_tampered_with(self, closed: FlaskClient, change: Any) -> None:
        value = self.exchanged(closed).value
        for sent, status in ((value, 200), (change(value), 401)):
            header = f"{COOKIE}={sent}".encode("utf-8", "surrogateescape").decode("latin-1")
            answer = closed.get("/jobs", environ_overrides={"HTTP_COOKIE": header})
            assert answer.status_code == status
        refused(answer, "token-refused")

    def test_it_ends(self, guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.exchanged(guarded)
        assert guarded.get("/jobs").status_code == 200
        later = time.time() + tokens_module.SESSION_SECONDS + 1
        monkeypatch.setattr(tokens_module.time, "time", lambda: later)
        refused(guarded.get("/jobs"), "token-refused")

    def test_it_survives_a_restart_but_not_another_token(
        self, settings: Settings, client_of: ClientOf
    ) -> None:
        cookie = self.exchanged(client_of(with_token(settings))).value
        restarted = client_of(with_token(settings))
        restarted.set_cookie(COOKIE, cookie)
        assert restarted.get("/jobs").status_code == 200
        changed = with_token(settings, token=SecretStr("another-token-of-the-tests"))
        client = client_of(changed)
        client.set_cookie(COOKIE, cookie)
        refused(client.get("/jobs"), "token-refused")


def test_changes_leave_an_audit_event(
    guarded: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded.post("/jobs", json={"target": "setup"}, headers=bearer())
    guarded.post("/jobs", json={"target": "setup"})
    guarded.get("/jobs", headers=bearer())
    captured = capsys.readouterr()
    events = [line for line in (captured.out + captured.err).splitlines() if "http.request" in line]
    assert len(events) == 2
    assert "configured" in events[0]
    assert "202" in events[0]
    assert "anonymous" in events[1]
    assert "401" in events[1]


def test_the_first_start_prints_a_token_once(settings: Settings, tmp_path: Path) -> None:
    elsewhere = {"RUNNER_BIND": "0.0.0.0"}
    with serving(settings, tmp_path, **elsewhere) as service:
        printed = service.log.read_text()
        secret = printed.partition("?token=")[2].split()[0]
        assert len(secret) >= 40
        assert printed.count(secret) == 2
        with service.http() as http:
            assert http.get("/jobs").status_code == 401
        with service.http(**bearer(secret)) as http:
            assert http.get("/jobs").status_code == 200
            assert http.get(f"/?token={secret}").status_code == 303
        assert service.log.read_text().count(secret) == 2
    with serving(settings, tmp_path, **elsewhere) as again:
        assert "token=" not in again.log.read_text()
        with again.http(**bearer(secret)) as http:
            assert http.get("/jobs").status_code == 200
