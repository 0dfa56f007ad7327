"""Server-Sent Events: a bounded number of streams, heartbeats, and an end when we shut down.

Every stream occupies a thread of the server for as long as it is open. The cap leaves threads for
everything else, so that `/healthz` answers whatever the number of readers. A source of events is a
generator that never blocks by itself: it yields what there is and then `None`, upon which `follow`
waits for a notification (or the next heartbeat) and lets it go on.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from socket import MSG_DONTWAIT, MSG_PEEK
from typing import TYPE_CHECKING

from flask import Response, request

from flinkjobrunner.errors import Problem
from flinkjobrunner.telemetry import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from socket import socket

    from flinkjobrunner.store.notify import Listener, Subscription

MAX_STREAMS = 200
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
_LOOK_SECONDS = 1.0
_COMMENT = b": still here\n\n"

_slots = threading.BoundedSemaphore(MAX_STREAMS)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event; without a name it reaches `onmessage`, with an id a reader can resume after it."""

    data: str
    id: str | int | None = None
    event: str | None = None

    def encode(self) -> bytes:
        lines = []
        if self.event is not None:
            lines.append(f"event: {_one_line(self.event)}")
        if self.id is not None:
            lines.append(f"id: {_one_line(str(self.id))}")
        # Any of the three line ends would end the field; each line becomes a field of its own.
        data = self.data.replace("\r\n", "\n").replace("\r", "\n")
        lines.extend(f"data: {line}" for line in data.split("\n"))
        return ("\n".join(lines) + "\n\n").encode()


def last_event_id() -> int | None:
    """Where the reader left off: the header of a reconnecting EventSource."""
    value = request.headers.get("Last-Event-ID", "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise Problem(
            status=400,
            code="invalid-last-event-id",
            title="Last-Event-ID is not one of ours",
            detail="Expected the id of an event of this stream, a whole number.",
        )
    return int(value)


def follow(
    listener: Listener,
    channels: Sequence[str],
    events: Callable[[], Iterable[Event | None]],
    *,
    key: str | None = None,
) -> Response:
    """Answer with the events of a source that is woken by notifications on channels.

    The source is started after the subscription, so that nothing falls between its first look
    and the first wake-up.
    """
    connection = request.environ.get("gunicorn.socket")

    def waiting() -> Iterator[Event | None]:
        with listener.subscribe(*channels, key=key) as subscription:
            for event in events():
                if event is not None:
                    yield event
                    continue
                yield from _wait(listener, subscription, connection)
                if listener.closing or _has_left(connection):
                    return

    return stream(waiting())


def stream(events: Iterable[Event | None]) -> Response:
    """Answer with these events; a `None` becomes a heartbeat comment."""
    if not _slots.acquire(blocking=False):
        raise Problem(
            status=503,
            code="too-many-streams",
            title="Too many event streams are open",
            detail=f"This process holds {MAX_STREAMS} streams, which is its limit.",
            hint="Try again later, or read without following (Accept: text/plain for a log).",
            headers={"Retry-After": "10"},
        )
    metrics.streams.inc()
    body = _Body(events)
    response = Response(body, content_type="text/event-stream; charset=utf-8")
    response.call_on_close(body.close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    return response


class _Body:
    """Encodes events; gives its slot back exactly once, however the stream ends."""

    def __init__(self, events: Iterable[Event | None]) -> None:
        self._chunks = _encode(events)
        self._open = True
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        with self._lock:
            was_open, self._open = self._open, False
        if was_open:
            self._chunks.close()
            _slots.release()
            metrics.streams.dec()


def _encode(events: Iterable[Event | None]) -> Generator[bytes, None, None]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    for event in events:
        yield _COMMENT if event is None else event.encode()


def _wait(
    listener: Listener, subscription: Subscription, connection: socket | None
) -> Iterator[None]:
    """Until a wake-up, or until the reader has left; a heartbeat goes out meanwhile."""
    until = time.monotonic() + HEARTBEAT_SECONDS
    while not listener.closing and not _has_left(connection):
        left = until - time.monotonic()
        if left <= 0:
            yield None
            return
        if subscription.wait(min(left, _LOOK_SECONDS)):
            return


def _has_left(connection: socket | None) -> bool:
    """Whether the reader has hung up. Writing would tell as well, but only at the second
    heartbeat, and until then a page that is reloaded would hold a stream for each time."""
    if connection is None:
        return False
    try:
        return connection.recv(1, MSG_PEEK | MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\0", " ")
