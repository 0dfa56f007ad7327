"""One Kafka producer per process, shared by every thread, that answers only when Kafka has.

A request may be answered 204 only after the brokers acknowledged every record of it, so
`send` waits for the acknowledgements of exactly its own records. librdkafka calls back
from whoever polls: one small thread does nothing else, so that senders can wait on an event.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaException, Producer

if TYPE_CHECKING:
    from collections.abc import Sequence

_librdkafka_log = logging.getLogger("flinkjobrunner.kafka.client")

ACKNOWLEDGE_SECONDS = 10.0
# Room for the callback after librdkafka gave a record up, so that its reason is reported.
CALLBACK_SECONDS = 2.0
POLL_SECONDS = 0.1


class KafkaUnavailableError(Exception):
    """Kafka did not acknowledge in time; sending the same records again is safe."""


class RecordRefusedError(Exception):
    """Kafka refuses this record for good, whatever its state: it is too large, for instance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(kw_only=True)
class _Waiting:
    """The acknowledgements that one `send` still waits for."""

    outstanding: int
    error: Any = None
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, error: Any, _message: Any) -> None:
        with self.lock:
            self.outstanding -= 1
            self.error = self.error or error
            if self.outstanding == 0:
                self.done.set()


class SharedProducer:
    """Thread-safe; `close` ends its thread and drops what was not acknowledged."""

    def __init__(self, bootstrap: str, *, acknowledge_seconds: float = ACKNOWLEDGE_SECONDS) -> None:
        self._seconds = acknowledge_seconds
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "client.id": "flinkjobrunner",
                "acks": "all",
                # Keeps the order of one entity's records when a batch has to be sent again.
                "enable.idempotence": True,
                "linger.ms": 2,
                "message.timeout.ms": int(acknowledge_seconds * 1000),
                "socket.connection.setup.timeout.ms": 5000,
                "reconnect.backoff.max.ms": 1000,
                "message.max.bytes": 4 * 1024 * 1024,
                "compression.type": "lz4",
                "logger": _librdkafka_log,
            }
        )
        self._closed = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="kafka-producer", daemon=True)
        self._poller.start()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def send(self, records: Sequence[Record]) -> None:
        """Returns when every record is acknowledged; otherwise none may be taken as written."""
        if not records:
            return
        deadline = time.monotonic() + self._seconds + CALLBACK_SECONDS
        waiting = _Waiting(outstanding=len(records))
        for sent, record in enumerate(records):
            try:
                self._produce(record, waiting, deadline)
            except KafkaException as error:
                # Those handed over before may still arrive, which repeating them tolerates.
                raise _failure(error.args[0], f"record {sent} of {len(records)}") from error
        if not waiting.done.wait(max(0.0, deadline - time.monotonic())):
            raise KafkaUnavailableError(
                f"{waiting.outstanding} of {len(records)} records were not acknowledged"
            )
        if waiting.error is not None:
            raise _failure(waiting.error, f"{len(records)} records")

    def _produce(self, record: Record, waiting: _Waiting, deadline: float) -> None:
        while True:
            try:
                self._producer.produce(
                    record.topic,
                    key=record.key,
                    value=record.value,
                    headers=list(record.headers),
                    on_delivery=waiting.acknowledge,
                )
            except BufferError:  # the queue is full: acknowledgements make room
                if time.monotonic() > deadline:
                    raise KafkaUnavailableError(
                        "the queue of unacknowledged records is full"
                    ) from None
                self._producer.poll(POLL_SECONDS)
            else:
                return

    def _poll(self) -> None:
        while not self._closed.is_set():
            self._producer.poll(POLL_SECONDS)

    def close(self) -> None:
        self._producer.flush(self._seconds)
        self._closed.set()
        self._poller.join()
        self._producer.purge()


def _failure(error: Any, what: str) -> Exception:
    reason = f"{what}: {error.str()}"
    if error.name() in ("MSG_SIZE_TOO_LARGE", "INVALID_RECORD", "_BAD_MSG"):
        return RecordRefusedError(reason)
    return KafkaUnavailableError(reason)


_shared: dict[tuple[int, str], SharedProducer] = {}
_shared_lock = threading.Lock()


def shared_producer(bootstrap: str) -> SharedProducer:
    """This process's producer; a forked child gets its own, as threads do not survive a fork."""
    with _shared_lock:
        identity = (os.getpid(), bootstrap)
        if identity not in _shared or _shared[identity].closed:
            _shared[identity] = SharedProducer(bootstrap, acknowledge_seconds=ACKNOWLEDGE_SECONDS)
        return _shared[identity]
