from __future__ import annotations

import hashlib
import http.client
import os
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from flinkjobrunner.api.app import MAX_BODY_BYTES
from flinkjobrunner.fetch import InputStore, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings
    from support.service import Running

MOST = Limits().most_bytes
TOKEN = "a-token-of-the-tests-0123456789"


def address(content: bytes) -> str:
    return f"/inputs/{hashlib.sha256(content).hexdigest()}"


def code(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    return answer.status_code, answer.json["code"]


def test_a_file_is_left_and_found_by_its_hash(shared: Settings, refusing: FlaskClient) -> None:
    content = b"@prefix ex: <https://example.org/> .\n"
    sha256 = hashlib.sha256(content).hexdigest()
    for status in (201, 200, 200):
        answer = refusing.put(address(content), data=content, content_type="text/turtle")
        assert (answer.status_code, answer.json) == (status, {"input": f"input:{sha256}"})
    stored = InputStore(shared.work_root).find(sha256)
    assert stored is not None
    assert (stored.path.read_bytes(), stored.media_type) == (content, "text/turtle")
    posted = refusing.post("/jobs", json={"target": "plan", "urls": {"shacl": f"input:{sha256}"}})
    assert posted.status_code == 202


def test_any_bytes_will_do(refusing: FlaskClient) -> None:
    for content in (b"", b"\0\xff", b"{", bytes(MAX_BODY_BYTES + 1)):
        assert refusing.put(address(content), data=content).status_code == 201
    form = {"data": b"a=b&c=d", "content_type": "application/x-www-form-urlencoded"}
    assert refusing.put(address(b"a=b&c=d"), **form).status_code == 201


def test_other_bodies_stay_as_small_as_they_were(refusing: FlaskClient) -> None:
    body = b" " * (MAX_BODY_BYTES + 1)
    assert code(refusing.post("/jobs", data=body, content_type="application/json")) == (
        413,
        "body-too-large",
    )


def test_another_hash_is_refused(shared: Settings, refusing: FlaskClient) -> None:
    assert code(refusing.put(address(b"a file"), data=b"a fil")) == (400, "input-mismatch")
    assert InputStore(shared.work_root).find(address(b"a file").rpartition("/")[2]) is None


@pytest.mark.parametrize(
    "name", ["0", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "..", "%2e%2e%2fetc", f"{'0' * 64}.json"]
)
def test_what_is_no_hash_is_refused(refusing: FlaskClient, name: str) -> None:
    assert code(refusing.put(f"/inputs/{name}", data=b"x")) in (
        (400, "invalid-field"),
        (404, "not-found"),
    )


def test_nothing_is_read_back(refusing: FlaskClient) -> None:
    refusing.put(address(b"mine"), data=b"mine")
    for method in ("GET", "DELETE", "POST"):
        answer = refusing.open(address(b"mine"), method=method)
        assert code(answer) == (405, "method-not-allowed")


def test_it_needs_what_posting_a_job_needs(
    settings: Settings, client_of: Callable[[Settings], FlaskClient]
) -> None:
    client = client_of(settings.model_copy(update={"token": SecretStr(TOKEN)}))
    assert client.put(address(b"x"), data=b"x").status_code == 401
    assert not (settings.work_root / "inputs").exists()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.put(address(b"x"), data=b"x", headers=headers).status_code == 201


def test_there_is_room_for_so_much(
    settings: Settings, client_of: Callable[[Settings], FlaskClient]
) -> None:
    client = client_of(settings.model_copy(update={"inputs_mib": 1}))
    first, second = bytes(700_000), bytes(600_000)
    assert client.put(address(first), data=first).status_code == 201
    refused = client.put(address(second), data=second)
    assert code(refused) == (507, "inputs-full")
    assert int(refused.headers["Retry-After"]) > 0
    stored = settings.work_root / "inputs" / address(first).rpartition("/")[2]
    os.utime(stored, (0, 0))
    assert client.put(address(second), data=second).status_code == 201
    assert not stored.exists()


def pieces(size: int) -> Iterator[bytes]:
    piece = bytes(1 << 20)
    for start in range(0, size, len(piece)):
        yield piece[: size - start]


@pytest.mark.parametrize("announced", [True, False])
def test_the_largest_file_and_one_more_byte(running: Running, *, announced: bool) -> None:
    """Announced by its length, or sent in chunks."""
    digest = hashlib.sha256()
    for piece in pieces(MOST):
        digest.update(piece)
    for size, status in ((MOST, {200, 201}), (MOST + 1, {413})):
        headers = {"Content-Length": str(size)} if announced else {"Transfer-Encoding": "chunked"}
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        try:
            connection.request(
                "PUT",
                f"/inputs/{digest.hexdigest()}",
                # Refused before it was sent: what follows could meet a closed connection.
                body=pieces(size) if not (announced and size > MOST) else None,
                headers=headers,
                encode_chunked=not announced,
            )
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        assert answer.status in status, body
        assert (b"input-too-large" in body) == (answer.status == 413)


def test_a_body_that_is_cut_off_is_not_the_file(running: Running) -> None:
    content = b"x" * 1000
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.connect()
    connection.putrequest("PUT", address(content))
    connection.putheader("Content-Length", "1000")
    connection.endheaders(content[:999])
    connection.sock.shutdown(1)
    answer = connection.getresponse()
    assert (answer.status, b"input-mismatch" in answer.read()) == (400, True)
    connection.close()
