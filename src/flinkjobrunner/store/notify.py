"""One LISTEN connection per process wakes everybody who waits for something to appear.

Polling would either be slow or load the database; a connection per waiter would end at a hundred
open streams. The thread here listens on all channels and wakes the subscriptions whose key is
named in the notification. A wake-up is only a hint to look: after a reconnect everybody is woken,
since what was notified meanwhile is unknown, and waiters look now and then by themselves.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections import defaultdict
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Self

import psycopg
from sqlalchemy import text

from flinkjobrunner.store.engine import conninfo
from flinkjobrunner.telemetry import get_logger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from sqlalchemy.engine import Connection

JOBS = "jobs"  # something can be claimed or is to be canceled; the payload is the job's id
JOB_LOG = "job_log"  # a job has new lines or a new status; the payload is its id
ALERTS = "alerts"  # the projector has moved on; no payload
CHANNELS = (JOBS, JOB_LOG, ALERTS)

_RECONNECT_AFTER = 1.0
log = get_logger(__name__)


class Subscription:
    """Somebody's interest in one key of channels (or, without a key, in all of them)."""

    def __init__(self, listener: Listener, channels: Sequence[str], key: str | None) -> None:
        self._listener = listener
        self._event = threading.Event()
        self.channels = channels
        self.key = key

    def wait(self, timeout: float) -> bool:
        """Until something happened since the last wait, or the time is up."""
        woken = self._event.wait(timeout)
        self._event.clear()
        return woken

    def wake(self) -> None:
        self._event.set()

    def __enter__(self) -> Self:
        self._listener.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.remove(self)


class Listener:
    """The thread with the LISTEN connection; it starts with the first subscription."""

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo(url)
        self._lock = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()

    @property
    def closing(self) -> bool:
        """True once the process is shutting down: whoever waits should come to an end."""
        return self._closing.is_set()

    def subscribe(self, *channels: str, key: str | None = None) -> Subscription:
        """Use as a context manager: it hears everything notified after the block was entered."""
        return Subscription(self, channels, key)

    def add(self, subscription: Subscription) -> None:
        with self._lock:
            for channel in subscription.channels:
                self._subscriptions[channel].add(subscription)
            if self._thread is None and not self.closing:
                self._thread = threading.Thread(target=self._run, name="listen", daemon=True)
                self._thread.start()

    def remove(self, subscription: Subscription) -> None:
        with self._lock:
            for channel in subscription.channels:
                self._subscriptions[channel].discard(subscription)

    def close(self) -> None:
        """Wake everybody for the last time and end the thread."""
        self._closing.set()
        self.wake_all()
        with suppress(OSError):
            self._wake_writer.send(b"x")
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=5)
        self._wake_reader.close()
        self._wake_writer.close()

    def _run(self) -> None:
        while not self.closing:
            try:
                self._listen()
            except (psycopg.Error, OSError) as error:
                if not self.closing:
                    log.warning("notify.disconnected", error=str(error))
            self._closing.wait(_RECONNECT_AFTER)

    def _listen(self) -> None:
        options = {"application_name": "flinkjobrunner listen", "connect_timeout": 5}
        with psycopg.connect(self._conninfo, autocommit=True, **options) as connection:  # type: ignore[arg-type]
            for channel in CHANNELS:
                connection.execute(f"LISTEN {channel}".encode())
            self.wake_all()
            with selectors.DefaultSelector() as selector:
                selector.register(connection.fileno(), selectors.EVENT_READ)
                selector.register(self._wake_reader, selectors.EVENT_READ)
                while not self.closing:
                    selector.select()
                    if not self.closing:
                        self._dispatch(connection)

    def _dispatch(self, connection: psycopg.Connection) -> None:
        for notification in connection.notifies(timeout=0):
            with self._lock:
                interested = [
                    subscription
                    for subscription in self._subscriptions[notification.channel]
                    if subscription.key in (None, notification.payload)
                ]
            for subscription in interested:
                subscription.wake()

    def wake_all(self) -> None:
        """Have everybody look: something may have happened that was not notified."""
        with self._lock:
            everybody = [s for group in self._subscriptions.values() for s in group]
        for subscription in everybody:
            subscription.wake()


def listener(url: str) -> Listener:
    """The listener of this process; a forked child gets its own, threads do not survive a fork."""
    return _listener(url, os.getpid())


@cache
def _listener(url: str, _process: int) -> Listener:
    return Listener(url)


def notify(connection: Connection, channel: str, payload: str = "") -> None:
    """Wake the waiters when this transaction commits, and only then."""
    connection.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload}
    )
