"""Topics of the benchmark, fresh for every job, so that none reads what another has read."""

from __future__ import annotations

import time

from confluent_kafka import KafkaException

# NewTopic is documented there, but not among the names that the module exports.
# Its package says of neither name that it offers it.
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from flinkjobrunner.bench import BenchError

PARTITIONS = 4
_PATIENCE_SECONDS = 60.0


class Topics:
    def __init__(self, bootstrap: str) -> None:
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def create(self, *names: str) -> None:
        topics = [NewTopic(name, num_partitions=PARTITIONS, replication_factor=1) for name in names]
        for made in self._admin.create_topics(topics).values():
            made.result(_PATIENCE_SECONDS)
        self._await(present=set(names))

    def delete(self, *names: str) -> None:
        existing = [name for name in names if name in self._names()]
        if not existing:
            return
        for deleted in self._admin.delete_topics(existing).values():
            deleted.result(_PATIENCE_SECONDS)
        self._await(absent=set(existing))

    def _names(self) -> set[str]:
        return set(self._admin.list_topics(timeout=_PATIENCE_SECONDS).topics)

    def _await(self, *, present: set[str] | None = None, absent: set[str] | None = None) -> None:
        """Kafka answers a change of topics before all of it knows."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                names = self._names()
            except KafkaException:
                names = set()
            if (present or set()) <= names and not (absent or set()) & names:
                return
            time.sleep(0.05)
        raise BenchError(f"Kafka did not make {present or ''} or remove {absent or ''} in time")
