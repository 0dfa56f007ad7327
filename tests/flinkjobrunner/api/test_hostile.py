"""The corpus of hostile requests against the service as users run it, over real sockets."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING

import pytest

from support.hostile import Hostile, rows

if TYPE_CHECKING:
    from support.service import Running

ROWS = rows()
# What would say how the service is made, or where it lives.
LEAKS = ("Traceback", "site-packages", ".py", "psycopg", "sqlalchemy", "SELECT ", "postgresql:",
         "/tmp/", "root:", "werkzeug", "pydantic", "Set-Cookie")  # fmt: skip
# A request that was refused must not have cost much. Generous, since machines are shared.
SECONDS = 5.0


def exchange(port: int, request: bytes) -> tuple[int, str, str]:
    """Status, head and body of the answer, read until the service closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has answered before it read everything
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass  # what it did not read was thrown away
    head, _, body = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    return int(head.split()[1]), head, body


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_it_is_refused_with_its_code(running: Running, row: Hostile) -> None:
    began = time.monotonic()
    status, head, body = exchange(running.port, row.request)
    assert time.monotonic() - began < SECONDS
    assert status == row.status, body
    if row.code:
        assert "Content-Type: application/problem+json" in head
        problem = json.loads(body)
        assert (problem["code"], problem["status"]) == (row.code, status)
    assert [leak for leak in LEAKS if leak in head or leak in body] == []
    status, _, body = exchange(
        running.port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    assert (status, json.loads(body)["status"]) == (200, "ok")


def test_nothing_was_done(running: Running) -> None:
    """After all of them: no job, and nothing in the log that was not meant to be there."""
    with running.http() as http:
        assert http.get("/jobs").json()["items"] == []
    text = running.log.read_text(encoding="utf-8")
    assert "request.fault" not in text
    assert all(json.loads(line) for line in text.splitlines())


def test_the_corpus_is_not_empty() -> None:
    assert len(ROWS) > 250
    assert len({row.name for row in ROWS}) == len(ROWS)
