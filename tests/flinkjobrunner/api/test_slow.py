"""Many clients that send slowly, or read nothing: health answers all the same, and they end."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.api import slow
from flinkjobrunner.api.slow import Arrival, Head, Paced, SlowRequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.service import Running

MANY = 300  # more than the server has threads
GET = b"GET /jobs HTTP/1.1\r\nHost: localhost\r\n"
POST = (
    b"POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n{"
)
Pair = tuple[socket.socket, socket.socket]


# Nothing, parts of a head, a part of a body, and a whole request whose sender does not hang up.
@pytest.mark.parametrize(
    "start", [b"", b"G", GET, GET + b"X: y", POST, GET + b"Connection: close\r\n\r\n"], ids=repr
)
def test_they_hold_up_nobody(running: Running, start: bytes) -> None:
    with ExitStack() as open_ones:
        for _ in range(MANY):
            connection = socket.create_connection(("127.0.0.1", running.port), timeout=30)
            open_ones.enter_context(connection).sendall(start)
        for path in ("/healthz", "/jobs"):
            with running.http() as http:
                answer = http.get(path)
            assert answer.status_code == 200
            assert answer.elapsed.total_seconds() < 5


@pytest.mark.parametrize("start", [GET, POST], ids=["head", "body"])
def test_who_does_not_go_on_is_told(running: Running, start: bytes) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
        connection.sendall(start)
        connection.settimeout(0.5)
        answer = b""
        while time.monotonic() - began < 50:
            try:
                if not (piece := connection.recv(65536)):
                    break
                answer += piece
            except TimeoutError:
                connection.sendall(b"X" if start is GET else b" ")  # which does not help
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code": "request-timeout"' in answer
    assert time.monotonic() - began < 2 * slow.HEAD_SECONDS


def test_a_head_in_pieces_is_read(running: Running) -> None:
    request = GET + b"Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        for start in range(0, len(request), 7):
            connection.sendall(request[start : start + 7])
            time.sleep(0.01)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_head_that_breaks_off_is_the_end(running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(GET)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65536) == b""


def test_two_requests_in_one_piece_are_two(running: Running) -> None:
    request = GET + b"\r\n" + GET + b"Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 200 ") == 2


class TestParts:
    @pytest.fixture
    def pair(self) -> Iterator[Pair]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            yield ours, theirs

    def test_a_head_is_awaited_until_it_is_whole(self, pair: Pair) -> None:
        ours, theirs = pair
        arrival = Arrival()
        assert arrival.look(ours) is Head.AWAITED
        theirs.sendall(GET)
        assert arrival.look(ours) is Head.AWAITED
        theirs.sendall(b"\r\n")
        assert arrival.look(ours) is Head.READABLE
        assert ours.recv(1000) == GET + b"\r\n"

    def test_one_that_is_late(self, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
        ours, theirs = pair
        monkeypatch.setattr(slow, "HEAD_SECONDS", -1.0)
        arrival = Arrival()
        # Who has sent nothing only has a connection open, which the server ends by itself.
        assert arrival.look(ours) is Head.AWAITED
        theirs.sendall(b"G")
        assert arrival.look(ours) is Head.LATE

    def test_one_that_will_be_refused_is_not_awaited(self, pair: Pair) -> None:
        ours, theirs = pair
        theirs.sendall(b"x" * 20_000)
        assert Arrival().look(ours) is Head.READABLE

    def test_the_end_is_seen(self, pair: Pair) -> None:
        ours, theirs = pair
        arrival = Arrival()
        theirs.sendall(b"GET")
        assert arrival.look(ours) is Head.AWAITED
        theirs.shutdown(socket.SHUT_WR)
        assert arrival.look(ours) is Head.READABLE

    def test_what_arrives_earns_time(self, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
        ours, theirs = pair
        monkeypatch.setattr(slow, "GRACE_SECONDS", 0.0)
        paced = Paced(ours)
        theirs.sendall(bytes(slow.SLOWEST_BYTES_PER_SECOND // 4))
        while len(paced.recv(65536)) == 65536:
            pass
        began = time.monotonic()
        with pytest.raises(SlowRequestError):
            paced.recv(1)
        assert 0.1 < time.monotonic() - began < 5
        assert ours.gettimeout() is None

    def test_only_so_many_wait(self, pair: Pair) -> None:
        for _ in range(slow.MOST_WAITING):
            assert slow._waiting.acquire(blocking=False)
        try:
            with pytest.raises(SlowRequestError):
                Paced(pair[0]).recv(1)
            pair[1].sendall(b"x")
            assert Paced(pair[0]).recv(1) == b"x"
        finally:
            for _ in range(slow.MOST_WAITING):
                slow._waiting.release()
