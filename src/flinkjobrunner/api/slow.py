"""Clients that are slow, by misfortune or on purpose, hold no thread that others need.

A thread is given to a connection only once the head of a request is there, or so much of it that it
will be refused. Until then the poller holds it, woken only by more bytes than were seen. A body is
read by the view's thread; of those only so many may wait for bytes at a time, and none for longer
than the grace and what a slow line needs for what has arrived. That a client has read its last
answer is waited for in a few threads; gunicorn would do it in the one that accepts connections.
"""

from __future__ import annotations

import socket
import threading
import time
from enum import Enum, auto

from gunicorn.http.errors import ParseException
from gunicorn.util import close_graceful

HEAD_SECONDS = 10.0
GRACE_SECONDS = 10.0
SLOWEST_BYTES_PER_SECOND = 16 * 1024
# Beside all the streams there may be; the server's other threads stay free.
MOST_WAITING = 32
MOST_LINGERING = 8
LINGER_SECONDS = 1.0
_HEAD_END = b"\r\n\r\n"
_PEEK_BYTES = 16 * 1024

_waiting = threading.BoundedSemaphore(MOST_WAITING)
_lingering = threading.BoundedSemaphore(MOST_LINGERING)


# gunicorn has no types, so that its class is Any.
class SlowRequestError(ParseException):  # type: ignore[misc]
    """The rest of a request does not come, or too many others are being waited for."""


class Head(Enum):
    """What is known of the next request of a connection."""

    AWAITED = auto()
    READABLE = auto()
    LATE = auto()


class Arrival:
    """How much of a head has arrived, looked at without taking it."""

    def __init__(self) -> None:
        self._until = time.monotonic() + HEAD_SECONDS
        self._seen = 0

    def look(self, connection: socket.socket) -> Head:
        try:
            head = connection.recv(_PEEK_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return self._await(connection, 0)
        except OSError:
            return Head.READABLE  # whoever reads it is told what is wrong
        # Woken without more bytes than last time: there will be none.
        ended = not head or (self._seen and len(head) <= self._seen)
        if ended or _HEAD_END in head or len(head) >= _PEEK_BYTES:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            return Head.READABLE
        return self._await(connection, len(head))

    def _await(self, connection: socket.socket, seen: int) -> Head:
        if seen and time.monotonic() > self._until:
            return Head.LATE
        self._seen = seen
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, seen + 1)
        return Head.AWAITED


class Paced:
    """A socket to read one request from, in bounded time; all that gunicorn needs of one for it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._timeout = connection.gettimeout()
        self._began = time.monotonic()
        self._received = 0

    def recv(self, size: int) -> bytes:
        try:
            content = self._connection.recv(size, socket.MSG_DONTWAIT)
        except BlockingIOError:
            content = self._wait(size)
        self._received += len(content)
        return content

    def gettimeout(self) -> float | None:
        return self._timeout

    def settimeout(self, seconds: float | None) -> None:
        self._timeout = seconds

    def _wait(self, size: int) -> bytes:
        allowed = GRACE_SECONDS + self._received / SLOWEST_BYTES_PER_SECOND
        left = self._began + allowed - time.monotonic()
        if self._timeout is not None:
            left = min(left, self._timeout)
        if left <= 0 or not _waiting.acquire(blocking=False):
            raise SlowRequestError
        before = self._connection.gettimeout()
        try:
            self._connection.settimeout(left)
            return self._connection.recv(size)
        except TimeoutError:
            raise SlowRequestError from None
        finally:
            _waiting.release()
            self._connection.settimeout(before)


def end(connection: socket.socket) -> None:
    """Close it so that the client gets the whole answer, while there is room to wait for that."""
    if not _lingering.acquire(blocking=False):
        close_graceful(connection, timeout=0)
        return
    try:
        connection.settimeout(LINGER_SECONDS)
        close_graceful(connection, timeout=LINGER_SECONDS)
    finally:
        _lingering.release()
