"""What gunicorn needs to know about us: how to end open streams, what becomes of clients that are
slow, and where its log goes."""

from __future__ import annotations

import json
import logging
import socket
import struct
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.glogging import Logger as GunicornLogger
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import _DEFER, ThreadWorker

from flinkjobrunner.api import slow
from flinkjobrunner.api.slow import Arrival, Head, Paced, SlowRequestError
from flinkjobrunner.errors import Problem
from flinkjobrunner.store.notify import listener
from flinkjobrunner.telemetry import get_logger

log = get_logger(__name__)
# Of a reader that takes nothing, so that it does not hold a thread for ever.
_SEND_TIMEOUT = struct.pack("ll", 30, 0)
_REFUSALS = (
    (SlowRequestError, (408, "request-timeout")),
    (LimitRequestLine, (414, "url-too-long")),
    (LimitRequestHeaders, (431, "headers-too-large")),
    (ExpectationFailed, (417, "expectation-failed")),
    (UnsupportedTransferCoding, (501, "transfer-coding-unknown")),
)


class StreamingWorker(ThreadWorker):  # type: ignore[misc]
    """Ends event streams when it is told to stop, rather than wait for readers to go away."""

    def init_process(self) -> None:
        from flinkjobrunner.telemetry import configure

        configure()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi.extensions["probes"].start()

    def handle(self, conn: Any) -> Any:
        """In a thread, which is not kept while the head of the request is on its way."""
        again = self._handle(conn)
        if not again:
            slow.end(conn.sock)
            conn.close = _is_closed
        return again

    def _handle(self, conn: Any) -> Any:
        if not (conn.initialized and conn.parser.unreader.buf.getvalue()):
            arrival = conn.__dict__.setdefault("arrival", Arrival())
            head = arrival.look(conn.sock)
            if head is Head.AWAITED:
                return _DEFER
            del conn.arrival
            if head is Head.LATE:
                self.handle_error(None, conn.sock, conn.client, SlowRequestError())
                return False
        conn.data_ready = True
        conn.sock.settimeout(None)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIMEOUT)
        conn.init()
        conn.parser.unreader.sock = Paced(conn.sock)
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What is no HTTP gets the one form of refusals too; gunicorn would answer in HTML, and
        its log would quote what was sent."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        log.warning("http.malformed", kind=type(exc).__name__)
        status, code = next(
            (answer for kind, answer in _REFUSALS if isinstance(exc, kind)), (400, "bad-request")
        )
        body = json.dumps(
            Problem(status=status, code=code, title=HTTPStatus(status).phrase).document()
        )
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):
            client.sendall((head + body).encode())

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        url = self.wsgi.extensions["settings"].database_url
        if url is not None:
            listener(url).close()


def _is_closed(*, graceful: bool = False) -> None:
    """In place of a connection's own method."""


class Logger(GunicornLogger):  # type: ignore[misc]
    """Hands gunicorn's messages to the service's own log. Requests are logged by the service."""

    def setup(self, cfg: Any) -> None:
        del cfg
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
        self.error_log.setLevel(logging.INFO)
        self.access_log.setLevel(logging.WARNING)

    def reopen_files(self) -> None:
        """There are none."""

    def close_on_exec(self) -> None:
        """There is nothing of ours to close."""
