"""The whole embedded stack for a test, as `flinkjobrunner up` starts it, on free ports."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flinkjobrunner.backends.local import leftovers
from flinkjobrunner.bench import stack as embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Stack:
    service_url: str
    kafka_bootstrap: str
    flink_url: str
    work_root: Path
    _running: embedded.Stack

    @classmethod
    @contextmanager
    def start(cls, folder: Path, **environment: str) -> Iterator[Stack]:
        """Ends it afterwards and sees to it that no process is left."""
        with embedded.started(folder, environment) as running:
            yield cls(
                service_url=running.service_url,
                kafka_bootstrap=running.kafka,
                flink_url=running.flink_url,
                work_root=running.work_root,
                _running=running,
            )
        left = leftovers.find(folder)
        assert left == [], f"processes that outlived the stack: {left}"

    def pids(self) -> dict[str, int]:
        """By part; read anew, since a part that ended is started again as another process."""
        return self._running.pids()
