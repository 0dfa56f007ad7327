"""What the benchmark measures: plain values that become JSON, a text and a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

FLINK = "taskmanager"
COMPILING = "taskmanager compiling"  # of it; ends once all that is hot is compiled


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """One burst of updates through one job."""

    updates: int
    seconds: float
    cpu_seconds: dict[str, float]  # by part of the stack

    @property
    def per_second(self) -> float:
        return self.updates / self.seconds

    def cpu_micros(self, part: str = FLINK) -> float:
        return self.cpu_seconds[part] * 1e6 / self.updates

    def steady_micros(self) -> float:
        """Of Flink, without compiling Java: what remains when a job has run for a while."""
        compiling = self.cpu_micros(COMPILING) if COMPILING in self.cpu_seconds else 0.0
        return self.cpu_micros() - compiling

    def to_json(self) -> dict[str, Any]:
        return {
            "updates": self.updates,
            "seconds": round(self.seconds, 3),
            "recordsPerSecond": round(self.per_second),
            "cpuMicrosPerRecord": {
                part: round(self.cpu_micros(part), 3) for part in sorted(self.cpu_seconds)
            },
        }


@dataclass(frozen=True, kw_only=True)
class Swap:
    """A new program on a running job, seconds from the POST."""

    succeeded: float
    active: float
    converged: float

    def to_json(self) -> dict[str, Any]:
        return {
            "postToSucceededSeconds": round(self.succeeded, 3),
            "activeSeconds": round(self.active, 3),
            "convergedSeconds": round(self.converged, 3),
        }


@dataclass(kw_only=True)
class Results:
    full: bool
    machine: dict[str, Any]
    at: str
    start_seconds: float
    start_resident_bytes: int
    discard: list[Throughput] = field(default_factory=list)
    pass_through: list[Throughput] = field(default_factory=list)
    product: list[Throughput] = field(default_factory=list)
    first_deploy_seconds: list[float] = field(default_factory=list)
    swaps: list[Swap] = field(default_factory=list)
    latencies: dict[int, list[dict[str, Any]]] = field(default_factory=dict)  # by rate
    state_bytes: list[int] = field(default_factory=list)
    recovery_seconds: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """CPU of Flink per update, the product against the pass-through beside it."""
        pairs = zip(self.product, self.pass_through, strict=True)
        return [product.cpu_micros() / copy.cpu_micros() for product, copy in pairs]

    def steady_ratios(self) -> list[float]:
        pairs = zip(self.product, self.pass_through, strict=True)
        return [product.steady_micros() / copy.steady_micros() for product, copy in pairs]

    def to_json(self) -> dict[str, Any]:
        return {
            "workload": "W1",
            "full": self.full,
            "at": self.at,
            "machine": self.machine,
            "stack": {
                "startSeconds": round(self.start_seconds, 2),
                "residentBytes": self.start_resident_bytes,
            },
            "jobs": {
                "discard": [one.to_json() for one in self.discard],
                "pass-through": [one.to_json() for one in self.pass_through],
                "product": [one.to_json() for one in self.product],
            },
            "ratio": {
                "median": round(median(self.ratios()), 3),
                "each": [round(ratio, 3) for ratio in self.ratios()],
            },
            "deploy": {
                "firstSeconds": [round(one, 3) for one in self.first_deploy_seconds],
                "newProgram": [one.to_json() for one in self.swaps],
            },
            "latencyMillis": {str(rate): runs for rate, runs in self.latencies.items()},
            "stateBytes": self.state_bytes,
            "taskManagerRecoverySeconds": [round(one, 2) for one in self.recovery_seconds],
        }
