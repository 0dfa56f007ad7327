"""Requests that gunicorn reads before any view does, over real sockets."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.api.app import MAX_BODY_BYTES

if TYPE_CHECKING:
    from support.service import Running

HEAD = b"POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def exchange(running: Running, *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
    """The first answer to these bytes, read until the server closes."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server has answered before it read everything
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, body


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "url-too-long"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431,
         "headers-too-large"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431,
         "headers-too-large"),
        (b"nonsense\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/7.7\r\nHost: localhost\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nbad header: x\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n\r\n", 400, "bad-request"),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400, "bad-request"),
        (HEAD + b"Content-Length: x\r\n\r\n", 400, "bad-request"),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400, "bad-request"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400, "bad-request"),
        (HEAD + b"Content-Length: 100\r\n\r\n{}", 400, "body-incomplete"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n{}", 400, "bad-request"),
    ],
    ids=lambda value: repr(value[-40:]) if isinstance(value, bytes) else str(value),
)  # fmt: skip
def test_what_is_no_request_has_the_one_form_too(
    running: Running, request_bytes: bytes, status: int, code: str
) -> None:
    got, headers, body = exchange(running, request_bytes)
    assert headers["content-type"] == "application/problem+json"
    problem = json.loads(body)
    assert (got, problem["status"], problem["code"]) == (status, status, code)
    assert problem["title"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_giant_body_is_refused_before_it_is_read(running: Running, *, chunked: bool) -> None:
    if chunked:
        size = 64 * 1024
        chunk = f"{size:x}\r\n".encode() + b" " * size + b"\r\n"
        pieces = [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 20, b"0\r\n\r\n"]
    else:
        length = f"Content-Length: {MAX_BODY_BYTES + 1}\r\n\r\n".encode()
        pieces = [HEAD + length, b" " * (MAX_BODY_BYTES + 1)]
    status, headers, body = exchange(running, *pieces)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert json.loads(body)["code"] == "body-too-large"


def test_a_chunked_body_is_read(running: Running) -> None:
    body = b'{"target": "setup"}'
    chunks = b"".join(b"1\r\n" + body[n : n + 1] + b"\r\n" for n in range(len(body)))
    head = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, _, answer = exchange(running, head, chunks + b"0\r\n\r\n")
    assert status == 202
    assert b'"target":"setup"' in answer


def test_a_connection_is_kept_after_a_refusal(running: Running) -> None:
    with running.http() as http:
        for _ in range(3):
            assert http.post("/jobs", json={"colour": "red"}).status_code == 400
            assert http.get("/jobs/missing").status_code == 404


def test_refused_requests_leave_nothing_of_themselves_in_the_log(running: Running) -> None:
    marker = b"CANARY0123456789abcdef"
    exchange(running, b"GET /?X-Amz-Signature=" + marker + b" HTTP/9.9\r\nHost: localhost\r\n\r\n")
    exchange(running, b"GET / HTTP/1.1\r\nAuthorization : Bearer " + marker + b"\r\n\r\n")
    with running.http() as http:
        assert http.get("/healthz").status_code == 200
    assert marker not in running.log.read_bytes()
