"""When a new program took effect, by the acknowledgements of the Flink job on Kafka."""

from __future__ import annotations

import time
from typing import Self

from flinkjobrunner.bench import BenchError
from flinkjobrunner.kafka.status import STAGES, Acknowledgements

_PATIENCE_SECONDS = 120.0


class Watch:
    """A context around a deploy: made before it, asked after it."""

    def __init__(self, bootstrap: str, deployment: str) -> None:
        self._deployment = deployment
        self._said = Acknowledgements(bootstrap, deployment)

    def __enter__(self) -> Self:
        self._said.__enter__()
        self._epoch = self._said.highest_epoch
        return self

    def __exit__(self, *_: object) -> None:
        self._said.close()

    def await_both(self) -> tuple[float, float]:
        """When the last instance was ACTIVE, and when CONVERGED, with a newer epoch than before."""
        reached: dict[str, dict[int, float]] = {"ACTIVE": {}, "CONVERGED": {}}
        instances = 1
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while min(len(instance) for instance in reached.values()) < instances:
            if time.monotonic() > deadline:
                raise BenchError(f"{self._deployment}: no acknowledgement of all: {reached}")
            for one in self._said.poll(0.2):
                if one.epoch <= self._epoch or one.stage not in STAGES:
                    continue
                instances = one.parallelism
                for state in _implied(one.state):
                    reached[state].setdefault(one.instance, one.at)
        return max(reached["ACTIVE"].values()), max(reached["CONVERGED"].values())


def _implied(state: str) -> tuple[str, ...]:
    return {"ACTIVE": ("ACTIVE",), "CONVERGED": ("ACTIVE", "CONVERGED")}.get(state, ())
